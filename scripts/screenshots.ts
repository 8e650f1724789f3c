/**
 * Writes `docs/screenshots/`: `npm run screenshots`. Every page of the dashboard on the demonstration, in both languages,
 * both themes and two widths; `npm run screenshots -- NAME …` writes those scenes alone. A page that is higher than `CUT`
 * is cut there.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { DEMO_ENDS } from '../src/demo/build.ts';
import { type ServedApi, served } from '../test/support/api.ts';
import { CHROMIUM, launchBrowser } from '../test/web/chromium.ts';
import { happenings, SCENES, type Scene, type Shot, shotsOf } from '../test/web/scenes.ts';
import { smallPng } from './small-png.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDER = join(ROOT, 'docs/screenshots');
const CUT = 1600;
const WINDOW = 900;
const SETTLING_MS = 250;

const run = (script: string, ...args: string[]): void => {
  const flags = ['--disable-warning=ExperimentalWarning'];
  execFileSync(process.execPath, [...flags, join(ROOT, script), ...args], { stdio: 'inherit' });
};

const signIn = async (page: Page, key: string): Promise<void> => {
  await page.locator('input[type=password]').fill(key);
  await page.locator('button[type=submit]').click();
  await page.locator('input[type=password]').waitFor({ state: 'detached' });
};

/** Waits until nothing is on its way and the page keeps its height. */
const settled = async (page: Page): Promise<number> => {
  await page.locator('main h1').first().waitFor();
  for (let before = -1; ; ) {
    await page.waitForTimeout(SETTLING_MS);
    const isBusy = (await page.locator('[aria-busy=true]').count()) > 0;
    const height = (await page.evaluate('document.documentElement.scrollHeight')) as number;
    if (!isBusy && height === before) return height;
    before = height;
  }
};

/** Within the page, as a link does: the key is kept in memory. */
const goTo = (page: Page, path: string): Promise<unknown> =>
  page.evaluate(
    `history.pushState(null, '', ${JSON.stringify(path)}); dispatchEvent(new PopStateEvent('popstate'))`,
  );

interface Taken {
  readonly scene: Scene;
  readonly shot: Shot;
}

interface Made {
  readonly browser: Browser;
  readonly api: ServedApi;
  readonly keys: Awaited<ReturnType<typeof happenings>>;
}

/** The scenes of one viewer, one after another in one tab: signing in takes longer than going to a page. */
const shoot = async ({ browser, api, keys }: Made, by: Scene['by'], one: readonly Taken[]): Promise<void> => {
  const [first] = one;
  if (!first) return;
  const context = await browser.newContext({
    locale: first.shot.language === 'zh' ? 'zh-CN' : 'en-US',
    colorScheme: first.shot.theme,
    viewport: { width: first.shot.width, height: WINDOW },
  });
  try {
    const page = await context.newPage();
    await page.goto(`${api.base}/`);
    if (by !== 'nobody') await signIn(page, keys[by]);
    for (const { scene, shot } of one) {
      await goTo(page, scene.path);
      if (scene.drops !== undefined) {
        const { body } = await api.ok('GET', scene.drops);
        const file = { name: 'bill.suanpan', mimeType: 'text/plain', buffer: Buffer.from(String(body)) };
        await page.locator('input[type=file]').first().setInputFiles(file);
        await page.locator('article').waitFor();
      }
      const height = await settled(page);
      const clip = { x: 0, y: 0, width: shot.width, height: Math.min(height, CUT) };
      const png = await page.screenshot({ fullPage: true, clip, animations: 'disabled' });
      writeFileSync(join(FOLDER, shot.file), smallPng(png));
      console.log(shot.file);
    }
  } finally {
    await context.close();
  }
};

if (!CHROMIUM) throw new Error('there is no Chromium here (Debian: apt-get install chromium)');
const wanted = process.argv.slice(2);
const scenes = SCENES.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
run('scripts/build-dashboard.ts', '--if-needed');
const demonstration = mkdtempSync(join(tmpdir(), 'suanpan-screenshots-'));
const store = `sqlite:${join(demonstration, 'ledger.db')}`;
run('test/web/make-demonstration.ts', store);
const api = await served({ SUANPAN_STORE: store, SUANPAN_CLOCK: DEMO_ENDS });
const browser = await launchBrowser(CHROMIUM);
try {
  const keys = await happenings(api);
  mkdirSync(FOLDER, { recursive: true });
  const files = new Set(SCENES.flatMap(shotsOf).map(({ file }) => file));
  for (const file of readdirSync(FOLDER)) if (!files.has(file)) rmSync(join(FOLDER, file));
  const taken = scenes.flatMap((scene) => shotsOf(scene).map((shot) => ({ scene, shot })));
  const together = Object.groupBy(
    taken,
    ({ scene, shot }) => `${scene.by} ${shot.language} ${shot.theme} ${shot.width}`,
  );
  for (const one of Object.values(together))
    if (one?.[0]) await shoot({ browser, api, keys }, one[0].scene.by, one);
} finally {
  await browser.close();
  await api.stop();
  rmSync(demonstration, { recursive: true, force: true });
}
