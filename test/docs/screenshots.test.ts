/** `docs/screenshots` shows every page of the dashboard, as `npm run screenshots` writes them. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodePng, smallPng } from '../../scripts/small-png.ts';
import { SCENES, shotsOf } from '../web/scenes.ts';
import { ROOT } from './shell-blocks.ts';

const FOLDER = join(ROOT, 'docs/screenshots');
const BYTES_MAX = 12 * 1024 * 1024;
const HEIGHT_MAX = 1600;
const shots = SCENES.flatMap(shotsOf);

describe('screenshots', () => {
  test('each page is in a scene, and no scene is of a page that is not', () => {
    const pages = readFileSync(join(ROOT, 'web/src/app/pages.ts'), 'utf8');
    const paths = [...pages.matchAll(/\bpath: '([^']+)'/g)].map(([, path]) => path);
    expect(paths.length).toBeGreaterThan(10);
    expect([...new Set(SCENES.map(({ page }) => page))].toSorted()).toEqual(paths.toSorted());
  });

  test('each scene is there in both languages, both themes and two widths, and nothing else', () => {
    expect(readdirSync(FOLDER).toSorted()).toEqual(shots.map(({ file }) => file).toSorted());
    const variants = new Set(shots.map(({ language, theme }) => `${language} ${theme}`));
    expect(variants).toEqual(new Set(['en light', 'en dark', 'zh light', 'zh dark']));
    for (const scene of SCENES) expect(new Set(shotsOf(scene).map(({ width }) => width)).size).toBe(2);
  });

  test('each is as wide as it says, and all together are small', () => {
    let bytes = 0;
    for (const { file, width } of shots) {
      const png = readFileSync(join(FOLDER, file));
      expect([png.toString('latin1', 1, 4), png.readUInt32BE(16)], file).toEqual(['PNG', width]);
      expect(png.readUInt32BE(20), file).toBeLessThanOrEqual(HEIGHT_MAX);
      bytes += statSync(join(FOLDER, file)).size;
    }
    expect(bytes).toBeLessThan(BYTES_MAX);
  });

  test('a picture of few colours is written again as it is', () => {
    const file = readFileSync(join(FOLDER, shots[0]?.file ?? ''));
    const picture = decodePng(file);
    expect(new Set(picture.pixels).size).toBeGreaterThan(1);
    const again = decodePng(smallPng(file));
    expect([again.width, again.height]).toEqual([picture.width, picture.height]);
    expect(Buffer.from(again.pixels.buffer).equals(Buffer.from(picture.pixels.buffer))).toBe(true);
  });
});
