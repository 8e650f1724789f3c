/**
 * The finance person, with a key that may read: from the sign-in to the figures of a month, to the accounts that made one
 * and to a bill; and every figure of the page is the API's.
 */
import { readFileSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { recordsOf } from '../export/parsed-csv.ts';
import { expectNothingWrong, open, skippedWithoutBrowser, useBrowser } from './browser.ts';
import { useDemonstration } from './demonstration.ts';

const TABLET = { width: 768, height: 1024 } as const;
const grouped = (decimal: string | number): string => {
  const [whole = '', rest] = String(decimal).split('.');
  return [whole.replace(/\B(?=(\d{3})+$)/g, ','), ...(rest === undefined ? [] : [rest])].join('.');
};
const yuan = (amount: string): string =>
  amount.startsWith('-') ? `−¥${grouped(amount.slice(1))}` : `¥${grouped(amount)}`;

// What the API answers, as it comes.
// biome-ignore lint/suspicious/noExplicitAny: read from JSON.
type Json = any;

const WORDS = {
  en: { finance: 'Finance', checklist: 'Month-end checklist', revenue: 'Revenue by month', months: 'en-US' },
  zh: { finance: '财务', checklist: '月末检查单', revenue: '按月收入', months: 'zh-CN' },
} as const;
const PACKS = { en: 'Packs sold and unused', zh: '已售与未用资源包' } as const;

describe.skipIf(skippedWithoutBrowser())('finance', () => {
  const api = useDemonstration();
  const visit = useBrowser();
  let reader = '';
  const get = async (path: string): Promise<Json> => (await api().ok('GET', path)).body;
  const table = (page: Page, name: string) => page.getByRole('region', { name }).locator('tbody tr');
  const cells = async (page: Page, name: string): Promise<string[][]> =>
    (await table(page, name).allInnerTexts()).map((row) => row.split('\t'));
  beforeAll(async () => {
    reader = (await api().ok('POST', '/keys', { name: 'finance', scopes: ['read'] })).body.secret;
  });

  test.each(['en', 'zh'] as const)('from the sign-in to a bill (%s)', async (language) => {
    const words = WORDS[language];
    const monthName = (month: string): string =>
      new Intl.DateTimeFormat(words.months, { timeZone: 'UTC', year: 'numeric', month: 'long' }).format(
        new Date(`${month}-15T00:00:00Z`),
      );
    const shown = await visit(api().base, '/', { key: reader, language });
    const { page } = shown;
    await page.getByRole('link', { name: words.finance, exact: true }).click();
    await page.getByRole('heading', { level: 1, name: words.finance }).waitFor();
    const months: readonly Json[] = (await get('/finance/months')).items;
    await expect.poll(() => table(page, words.revenue).count()).toBe(months.length);
    expect(await cells(page, words.revenue)).toEqual(
      months.map(({ month, postPaid, corrections, packs, due, credits }) => [
        monthName(month),
        ...[yuan(postPaid), yuan(corrections), yuan(packs.amount), grouped(packs.sold)],
        ...[yuan(due), yuan(credits.amount)],
      ]),
    );
    const checklist = await cells(page, words.checklist);
    expect(checklist.map(([month, , ...counts]) => [month, ...counts])).toEqual(
      months.map(({ month, accounts }) => [
        monthName(month),
        ...[accounts.billed, accounts.unbilled, accounts.blocked].map(grouped),
      ]),
    );
    const { held, owed, frozen } = await get('/finance/balances');
    const cards = await page.locator('main dl dd').allInnerTexts();
    for (const [i, amount] of [held, owed, frozen].entries()) expect(cards[i]).toContain(yuan(amount));
    const pools: readonly Json[] = (await get('/finance/pools')).items;
    await expect.poll(() => table(page, PACKS[language]).count()).toBe(pools.length);
    expect(await cells(page, PACKS[language])).toEqual(
      pools.map((one) => [
        ...[one.pool, grouped(one.packs), yuan(one.paid)],
        ...['sold', 'used', 'forfeited', 'voided', 'unused'].map((part) => grouped(one[part])),
      ]),
    );

    // The post-paid amount of a month, down to the account and the bill that has it.
    const of = months.find(({ postPaid }) => postPaid !== '0.00');
    await page
      .getByRole('region', { name: words.revenue })
      .getByRole('link', { name: yuan(of.postPaid) })
      .first()
      .click();
    await page.getByRole('heading', { level: 1, name: monthName(of.month) }).waitFor();
    const part = of.products.find((one: Json) => one.postPaid !== '0.00');
    await page
      .getByRole('link', { name: yuan(part.postPaid) })
      .first()
      .click();
    const at = `/finance/months/${of.month}/shares?kind=post_paid&product=${part.product}`;
    const shares: readonly Json[] = (await get(at)).items;
    await expect.poll(() => page.locator('main tbody tr').count()).toBe(shares.length);
    expect((await page.locator('main tbody tr').allInnerTexts()).map((row) => row.split('\t'))).toEqual(
      shares.map(({ account, amount, count }) => [account, yuan(amount), grouped(count)]),
    );
    const [first] = shares;
    await page
      .getByRole('link', { name: yuan(first.amount), exact: true })
      .first()
      .click();
    await page.waitForURL(`**/accounts/${first.account}/bills/${of.month}`);
    const { due } = await get(`/accounts/${first.account}/bills/${of.month}`);
    await page.getByText(yuan(due)).first().waitFor();
    expectNothingWrong(shown);
  });

  test('one product, a pool’s accounts, money’s accounts, and a month that runs', async () => {
    const shown = await visit(api().base, '/finance?product=ocr', { key: reader });
    const { page } = shown;
    const months: readonly Json[] = (await get('/finance/months')).items;
    await expect.poll(() => table(page, WORDS.en.revenue).count()).toBe(months.length);
    expect((await cells(page, WORDS.en.revenue)).map((row) => row.slice(1))).toEqual(
      months.map(({ products }) => {
        const own = products.find(({ product }: Json) => product === 'ocr');
        const { postPaid = '0.00', corrections = '0.00', packs = { sold: 0, amount: '0.00' } } = own ?? {};
        return [yuan(postPaid), yuan(corrections), yuan(packs.amount), grouped(packs.sold)];
      }),
    );
    const [{ pool }] = (await get('/finance/pools')).items;
    await page.getByRole('link', { name: pool }).click();
    const holdings: readonly Json[] = (await get(`/finance/holdings?pool=${pool}`)).items;
    await expect.poll(() => page.locator('main tbody tr').count()).toBe(holdings.length);
    expect(
      (await page.locator('main tbody tr').allInnerTexts()).map((row) => row.split('\t').at(-1)),
    ).toEqual(holdings.map(({ unused }) => grouped(unused)));
    await open(page, '/finance');
    await page
      .locator('main dl')
      .getByRole('link', { name: yuan((await get('/finance/balances')).frozen) })
      .click();
    const frozen = (await get('/accounts?frozen=true&sort=frozen&order=down')).items;
    await expect
      .poll(() => page.locator('main tbody tr td:first-child').allInnerTexts())
      .toEqual(frozen.map(({ account }: Json) => account));
    await open(page, '/finance/2020-03/unbilled');
    const waiting = (await get('/finance/months/2020-03/unbilled')).items;
    await expect.poll(() => page.locator('main tbody tr').count()).toBe(waiting.length);
    await open(page, '/finance/not-a-month/bills');
    await page.getByRole('alert').waitFor();
    // The browser itself logs the answer 400.
    expect(shown.wrong.filter((line) => !line.includes('400'))).toEqual([]);
  });

  test('a month by bill, as a file whose amounts add up to the page’s', async () => {
    const { page } = await visit(api().base, '/finance', { key: reader });
    await page.getByRole('heading', { name: 'Downloads' }).waitFor();
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'By bill' }).click();
    const download = await saved;
    expect(download.suggestedFilename()).toBe('2020-02-bill-sums.csv');
    const rows = recordsOf(readFileSync(await download.path(), 'utf8'));
    const [, february] = (await get('/finance/months')).items;
    const cents = rows.reduce((sum, { due = '' }) => sum + Math.round(Number(due) * 100), 0);
    expect((cents / 100).toFixed(2)).toBe(february.due);
    expect(rows).toHaveLength(february.accounts.billed);
  });

  test('nothing is found by axe, nothing spills over a tablet', async () => {
    for (const theme of ['light', 'dark'] as const) {
      const { page } = await visit(api().base, '/finance', { key: reader, theme, size: TABLET });
      // The other pages are made of the same parts.
      for (const path of theme === 'dark' ? ['/finance'] : ['/finance', '/finance/2020-02/bills']) {
        await open(page, path);
        await page.locator('main tbody tr').first().waitFor();
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ id, nodes }) => [path, id, nodes.map(({ html }) => html)])).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(TABLET.width);
      }
    }
  });
});
