/** Every page of the dashboard at every scene of it: nothing is found by axe, nothing goes wrong, nothing spills over. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { pairs } from '../support/proof.ts';
import { expectNothingWrong, open, PHONE, skippedWithoutBrowser, useBrowser, WIDE } from './browser.ts';
import { useDemonstration } from './demonstration.ts';
import { happenings, SCENES, type Scene } from './scenes.ts';

const THEMES = ['light', 'dark'] as const;
const LANGUAGES = ['en', 'zh'] as const;
const TABLET = { width: 820, height: 1180 } as const;
const VIEWERS = ['operator', 'customer', 'nobody'] as const;

describe.skipIf(skippedWithoutBrowser())('every page', () => {
  const api = useDemonstration();
  const visit = useBrowser();
  let keys: Awaited<ReturnType<typeof happenings>> | null = null;
  beforeAll(async () => {
    keys = await happenings(api());
  });

  /** Goes to a scene and waits until nothing is on its way. */
  const show = async (page: Page, { path, drops }: Scene): Promise<void> => {
    await open(page, path);
    await page.locator('main h1').first().waitFor();
    if (drops !== undefined) {
      const { body } = await api().ok('GET', drops);
      const file = { name: 'bill', mimeType: 'text/plain', buffer: Buffer.from(String(body)) };
      await page.locator('input[type=file]').first().setInputFiles(file);
      await page.locator('article').waitFor();
    }
    await expect.poll(() => page.locator('[aria-busy=true]').count()).toBe(0);
  };

  const cases = pairs('every page in both languages', VIEWERS, LANGUAGES);
  test.each(cases)('as %s sees it, in both themes (%s)', async (viewer, language) => {
    const shown = await visit(api().base, '/', {
      language,
      ...(viewer === 'nobody' ? {} : { key: keys?.[viewer] ?? '' }),
    });
    const { page } = shown;
    for (const scene of SCENES.filter(({ by }) => by === viewer)) {
      await page.setViewportSize(WIDE);
      await show(page, scene);
      for (const theme of THEMES) {
        await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`);
        const { violations } = await new AxeBuilder({ page }).analyze();
        const found = violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
        expect(found, `${scene.name}, ${theme}`).toEqual([]);
      }
      const narrow = { phone: PHONE, tablet: TABLET }[scene.narrow];
      await page.setViewportSize(narrow);
      const width = await page.evaluate('document.documentElement.scrollWidth');
      expect(width, `${scene.name} at ${narrow.width}`).toBeLessThanOrEqual(narrow.width);
    }
    expectNothingWrong(shown);
  });
});
