/**
 * A bundle as one page to send along: opened from a file, it asks nothing of anybody, verifies what is in it, reads like
 * the bill and shows what was changed.
 */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, describe, expect, test } from 'vitest';
import { bundlePage } from '../../src/cli/bundle-page.ts';
import { commandLine } from '../support/command-line.ts';
import { expectNothingWrong, skippedWithoutBrowser, useBrowser } from './browser.ts';
import { useDemonstration } from './demonstration.ts';
import { CHANGES } from './tampered-bundles.ts';

const folder = mkdtempSync(join(tmpdir(), 'suanpan-page-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const paged = async (text: string): Promise<string> => {
  const pieces: string[] = [];
  for await (const piece of bundlePage([text])) pieces.push(piece);
  return pieces.join('');
};

describe.skipIf(skippedWithoutBrowser())('a page with a bundle', () => {
  const api = useDemonstration();
  const visit = useBrowser();
  const bundle = async (): Promise<string> =>
    String((await api().ok('GET', '/accounts/demo-02/bills/2020-01/bundle')).body);

  test.each([
    ['en', 'light'],
    ['zh', 'dark'],
  ] as const)('opens from a file and reads like the bill, in %s and %s', async (language, theme) => {
    const file = join(folder, `${language}.html`);
    const original = await bundle();
    writeFileSync(file, await paged(original));
    const bill = (await api().ok('GET', '/accounts/demo-02/bills/2020-01')).body;
    const shown = await visit('file://', pathToFileURL(file).pathname, { language, theme });
    const { page, context } = shown;
    await context.setOffline(true);
    await page
      .getByRole('heading', { name: language === 'en' ? 'Verified' : '验证通过', exact: true })
      .waitFor();
    await page.locator('article').getByText(bill.digest).waitFor();
    const why = page.getByRole('region', { name: language === 'en' ? 'Why' : '依据', exact: true });
    await page.locator('article table a').first().click();
    await why.locator('h3').first().waitFor();
    await why.locator('a[href*="day=2020-01"]').first().click();
    await why.locator('a[href*="record="]').first().click();
    await why.locator('dl a').last().click();
    await why.locator('details pre').waitFor({ state: 'attached' });
    await page.goBack();
    await why.locator('dl a').last().waitFor();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: language === 'en' ? 'Save the bundle' : '保存审计包' }).click();
    expect(readFileSync(await (await download).path(), 'utf8')).toBe(original);
    expectNothingWrong(shown);
  });

  test('says what differs of each changed one', { timeout: 300_000 }, async () => {
    const original = await bundle();
    const shown = await visit('file://', '/dev/null');
    for (const [i, [what, change]] of Object.entries(CHANGES).entries()) {
      const changed = change(original);
      expect(changed, what).not.toBe(original);
      const file = join(folder, `changed-${i}.html`);
      writeFileSync(file, await paged(changed));
      await shown.page.goto(pathToFileURL(file).href);
      await shown.page.getByRole('heading', { name: 'Not verified' }).waitFor();
      const said = await shown.page.locator('[aria-live=polite]').innerText();
      expect(said, what).toMatch(/What differs|not an audit bundle/);
    }
    expectNothingWrong(shown);
  });

  test('nothing of a bundle is read as HTML', async () => {
    const file = join(folder, 'hostile.html');
    const hostile = '{"</script><script>document.title=1</script><!--<script>&lt;&amp;":1}\n';
    writeFileSync(file, await paged(hostile));
    const shown = await visit('file://', pathToFileURL(file).pathname);
    await shown.page.getByText('This is not an audit bundle.').waitFor();
    expect(await shown.page.evaluate('document.querySelectorAll("script").length')).toBe(2);
    const download = shown.page.waitForEvent('download');
    await shown.page.getByRole('button', { name: 'Save the bundle' }).click();
    expect(readFileSync(await (await download).path(), 'utf8')).toBe(hostile);
    expectNothingWrong(shown);
  });
});

test('the command writes the bundle as a page: whole or not at all, for its owner, over nothing', async () => {
  const at = (name: string): string => join(folder, name);
  const AT = '2019-01-01T00:00:00+08:00';
  const life = [
    { at: AT, command: 'open-account', account: 'acme', name: '' },
    { at: AT, command: 'activate-service', account: 'acme', product: 'face-recognition' },
    { at: '2019-02-01T04:00:00+08:00', command: 'close-month', account: 'acme', month: '2019-01' },
  ];
  writeFileSync(at('life'), life.map((line) => JSON.stringify(line)).join('\n'));
  const ran = (...words: string[]) => commandLine([...words, '--store', `sqlite:${at('ledger.db')}`]);
  expect((await ran('import', at('life'))).status).toBe(0);
  expect(await ran('bundle', 'acme', '2019-01', '--html', at('page.html'))).toMatchObject({ status: 0 });
  expect(await ran('bundle', 'acme', '2019-01', '-o', at('bundle'))).toMatchObject({ status: 0 });
  expect(readFileSync(at('page.html'), 'utf8')).toBe(await paged(readFileSync(at('bundle'), 'utf8')));
  expect(statSync(at('page.html')).mode & 0o777).toBe(0o600);
  const again = await ran('bundle', 'acme', '2019-01', '--html', at('page.html'));
  expect([again.status, again.stderr]).toEqual([2, expect.stringContaining('is there already')]);
  expect(await ran('bundle', 'acme', '2019-01', '--html', at('page.html'), '--force')).toMatchObject({
    status: 0,
  });
  const both = await ran('bundle', 'acme', '2019-01', '-o', at('a'), '--html', at('b'));
  expect([both.status, both.stderr]).toEqual([2, expect.stringContaining('either -o FILE or --html FILE')]);
});

test('a page that was not built is said so, before anything is written', async () => {
  const pieces = bundlePage([''], join(folder, 'not-built.html'));
  await expect(pieces.next()).rejects.toThrow('npm run web builds it');
});

test('the page has a policy that allows its own script and style alone, and stays small', async () => {
  const page = await paged('');
  const [, policy = ''] = /http-equiv="content-security-policy" content="([^"]*)"/.exec(page) ?? [];
  expect(policy.replace(/sha256-[A-Za-z0-9+/]{43}=/g, 'DIGEST')).toBe(
    "default-src 'none'; script-src 'DIGEST'; style-src 'DIGEST'; img-src data:; base-uri 'none'; form-action 'none'",
  );
  expect(page).not.toMatch(/ src=|<link|<style[^>]+>/);
  expect(page.length).toBeLessThan(800_000);
});
