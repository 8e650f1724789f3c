/** Price books: the figures of every shipped edition on its page are the book's, also on a tablet and in Chinese. */
import { readFileSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ADMIN, type ServedApi, served } from '../support/api.ts';
import { expectNothingWrong, open, skippedWithoutBrowser, useBrowser } from './browser.ts';

const TABLET = { width: 768, height: 1024 } as const;
const grouped = (decimal: string | number): string => {
  const [whole = '', rest] = String(decimal).split('.');
  return [whole.replace(/\B(?=(\d{3})+$)/g, ','), ...(rest === undefined ? [] : [rest])].join('.');
};
const yuan = (amount: string): string => `¥${grouped(amount)}`;

// The API's answers, as they come.
// biome-ignore lint/suspicious/noExplicitAny: read from JSON.
type Json = any;

describe.skipIf(skippedWithoutBrowser())('price books', () => {
  let api: ServedApi;
  let reader: string;
  const visit = useBrowser();
  const get = async (path: string): Promise<Json> => (await api.ok('GET', path)).body;
  beforeAll(async () => {
    api = await served();
    reader = (await api.ok('POST', '/keys', { name: 'reader', scopes: ['read'] })).body.secret;
  });
  afterAll(() => api.stop());

  /** The rows of a section's tables as the cells of each. */
  const cells = (page: Page, section: string): Promise<string[][]> =>
    page
      .locator(`#${section} tbody tr`)
      .evaluateAll((rows) =>
        (rows as Json[]).map((row) => [...row.cells].map((cell: Json) => cell.textContent)),
      );

  test('each edition is listed, and its page shows its packs, prices, interfaces and cliffs', async () => {
    const shown = await visit(api.base, '/price-books', { key: reader });
    const { page } = shown;
    const { items } = await get('/price-books');
    expect(items.length).toBe(5);
    await expect.poll(() => page.locator('main tbody tr').count()).toBe(items.length);
    await expect.poll(() => page.locator('main tbody').innerText()).not.toContain('\t…');
    const listed = await page.locator('main tbody tr').allInnerTexts();
    for (const { product, edition, digest, name } of items) {
      const path = `/price-books/${product}/${edition}`;
      const book = await get(path);
      const row = listed.find((text) => text.includes(product) && text.includes(edition)) ?? '';
      expect(row.split('\t').slice(3, 6)).toEqual(
        [book.interfaces, book.meters, book.pools].map(({ length }) => String(length)),
      );
      await open(page, path);
      await page.getByRole('heading', { level: 1, name: `${name.en}, edition ${edition}` }).waitFor();
      await page.getByText(digest).waitFor();

      const sizes = [
        ...new Set(book.pools.flatMap(({ packs }: Json) => packs.map(({ size }: Json) => size))),
      ];
      sizes.sort((a, b) => Number(a) - Number(b));
      expect(await cells(page, 'packs')).toEqual(
        book.pools.map((pool: Json) => [
          `${pool.name.en}${pool.id}`,
          grouped(book.allowance.calls),
          ...sizes.map((size) => {
            const pack = pool.packs.find((one: Json) => one.size === size);
            return pack ? yuan(pack.price) : '–';
          }),
        ]),
      );

      const unitOf = (meter: string): string =>
        book.interfaces.find((one: Json) => one.meter === meter)?.unit?.en ?? 'call';
      expect((await cells(page, 'ladders')).map((row) => row.slice(-2))).toEqual(
        book.meters.flatMap(({ id, ladder: { tiers, bounds, per } }: Json) => {
          expect([bounds, per]).toEqual(['upper', 1]);
          return tiers.map(({ above, upTo, unitPrice }: Json) => [
            upTo === null ? `${grouped(above + 1)} and more` : `${grouped(above + 1)} – ${grouped(upTo)}`,
            unitPrice === null ? 'no price' : `${yuan(unitPrice)} per ${unitOf(id)}`,
          ]);
        }),
      );

      expect((await cells(page, 'interfaces')).map(([first]) => first)).toEqual(
        book.interfaces.map((one: Json) => `${one.name.en}${one.id}`),
      );

      const { warnings } = (await api.ok('POST', '/price-books/lint', book)).body;
      for (const { meter, at, costs, next } of warnings) {
        const drawn = page.locator(`#cliffs [data-meters~="${meter}"]`);
        const same = drawn.getByRole('row').filter({ hasText: yuan(next) });
        await expect
          .poll(() => same.allInnerTexts())
          .toContain([grouped(at), yuan(costs), yuan(next)].join('\t'));
      }
      const tables = await cells(page, 'cliffs');
      expect(await page.locator('#cliffs svg').count()).toBe(tables.length);
    }
    expectNothingWrong(shown);
  });

  test('what changed from the edition before is side by side; the book is a file to save; a tablet is wide enough', async () => {
    const shown = await visit(api.base, '/price-books/ocr/2020-01', {
      key: reader,
      language: 'zh',
      theme: 'dark',
      size: TABLET,
    });
    const { page } = shown;
    await page.getByRole('heading', { level: 1, name: '文字识别,2020-01 版' }).waitFor();
    const [before, after] = await Promise.all([
      get('/price-books/ocr/2019-01'),
      get('/price-books/ocr/2020-01'),
    ]);
    const ids = (things: Json): string[] => things.map(({ id }: Json) => id);
    const changes = page.locator('#changes');
    for (const [part, title] of [
      ['interfaces', '接口'],
      ['pools', '付费资源包'],
      ['meters', '后付费价格'],
    ] as const) {
      const [old, current] = [ids(before[part]), ids(after[part])];
      const added = current.filter((id) => !old.includes(id)).length;
      const removed = old.filter((id) => !current.includes(id)).length;
      const summary = changes.locator('summary').filter({ has: page.getByRole('heading', { name: title }) });
      await summary.getByText(`新增 ${added} 项,删除 ${removed} 项,`).waitFor();
    }
    const rules = changes.locator('details', { hasText: '免费额度' }).first();
    expect(await rules.getByRole('row').filter({ hasText: '冻结' }).innerText()).toMatch(
      /1\.2 倍[^\t]*\t[^\t]* 1 倍/,
    );
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: '下载 JSON' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('ocr-2020-01.json');
    expect(JSON.parse(readFileSync(await download.path(), 'utf8'))).toEqual(after);
    await page.locator('#cliffs svg').first().waitFor();
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(TABLET.width);
    await open(page, '/price-books/ocr/1999-01');
    await page.getByText('没有这一版价目表').waitFor();
    expectNothingWrong(shown);
  });

  test('a draft is checked as it is typed, and published after a dry run; other keys are not offered it', async () => {
    const other = await visit(api.base, '/price-books/draft', { key: reader });
    await other.page.getByRole('heading', { name: 'There is no such page' }).waitFor();
    await open(other.page, '/price-books/ocr/2020-01');
    await other.page.getByRole('button', { name: 'Download as JSON' }).waitFor();
    expect(await other.page.getByRole('link', { name: 'Draft the next' }).count()).toBe(0);
    expectNothingWrong(other);

    const shown = await visit(api.base, '/price-books/ocr/2020-01', { key: ADMIN });
    const { page } = shown;
    await page.getByRole('link', { name: 'Draft the next' }).click();
    const input = page.getByLabel('Price book (JSON)');
    const book = await get('/price-books/ocr/2020-01');
    await expect.poll(async () => JSON.parse(await input.inputValue())).toEqual(book);
    const findings = page.getByRole('status').last();
    const publish = page.getByRole('button', { name: 'Publish: ocr 2030-01' });

    await input.fill('{"product": ');
    await page.getByText('This is no JSON object').waitFor();
    const next = { ...book, edition: '2030-01', effectiveFrom: '2030-01' };
    const wrong = { ...next, pools: [{ ...book.pools[0], meter: 'ocr/nothing' }, ...book.pools.slice(1)] };
    await input.fill(JSON.stringify(wrong));
    const { problems } = (await api.ok('POST', '/price-books/lint', wrong)).body;
    expect(problems.length).toBeGreaterThan(0);
    await page.getByText(`Problems that keep it from being published: ${problems.length}`).first().waitFor();
    expect(await page.locator('main tbody tr').allInnerTexts()).toEqual(
      expect.arrayContaining(problems.map(({ path, message }: Json) => `${path}\t${message}`)),
    );
    expect(await publish.count()).toBe(0);

    await input.fill(JSON.stringify(next));
    await findings.getByText('No problems').waitFor();
    await publish.click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Dry run' }).click();
    await dialog.getByText('Nothing has been recorded yet').waitFor();
    expect((await get('/price-books')).items.length).toBe(5);
    await dialog.getByRole('button', { name: 'Publish' }).click();
    await dialog.getByText('Done').waitFor();
    expect(await get('/price-books/ocr/2030-01')).toEqual(next);
    await dialog.getByRole('button', { name: 'Close' }).click();
    await open(page, '/price-books');
    await page.getByRole('link', { name: '2030-01' }).waitFor();
    expectNothingWrong(shown);
  });
});
