/** The overview: its figures are the API's in both languages, another client's usage is soon in them, and each leads on. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Locator } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { ADMIN, usage } from '../support/api.ts';
import { expectNothingWrong, open, skippedWithoutBrowser, useBrowser } from './browser.ts';
import { useDemonstration } from './demonstration.ts';

// biome-ignore lint/suspicious/noExplicitAny: what comes back is what a test looks at.
type Json = any;

const TABLET = { width: 820, height: 1180 } as const;
const grouped = (decimal: string | number): string => {
  const [whole = '', rest] = String(decimal).split('.');
  return [whole.replace(/\B(?=(\d{3})+$)/g, ','), ...(rest === undefined ? [] : [rest])].join('.');
};
const yuan = (amount: string): string =>
  amount.startsWith('-') ? `−¥${grouped(amount.slice(1))}` : `¥${grouped(amount)}`;

const cellsOf = async (table: Locator): Promise<string[][]> =>
  (await table.locator('tbody tr').allInnerTexts()).map((row) => row.split('\t').map((cell) => cell.trim()));

const WORDS = {
  en: {
    title: 'Overview',
    month: 'March 2020 by product',
    packs: 'Packs that can still pay',
    table: 'As a table',
  },
  zh: { title: '总览', month: '2020年3月各产品', packs: '仍可抵扣的资源包', table: '表格形式' },
} as const;

describe.skipIf(skippedWithoutBrowser())('the overview', () => {
  const api = useDemonstration();
  const visit = useBrowser();
  const told = async (): Promise<Json> => (await api().ok('GET', '/overview')).body;
  const report = (id: string, calls: number, more: object = {}) =>
    usage(id, {
      subject: 'demo-01',
      time: '2020-03-05T08:00:00+08:00',
      data: { interface: 'face-recognition/compare', calls },
      ...more,
    });

  test.each(['en', 'zh'] as const)('figures are the API’s (%s)', async (language) => {
    const text = WORDS[language];
    const id = `of the ${language} page`;
    const repeated = [
      report(id, 1_234_567),
      report(id, 1_234_567),
      report(`${id} refused`, 1, { subject: 'nobody' }),
    ];
    await api().ok('POST', '/usage', repeated);
    const shown = await visit(api().base, '/overview', { key: ADMIN, language, size: TABLET });
    const { page } = shown;
    await page.getByRole('heading', { level: 1, name: text.title }).waitFor();
    const overview = await told();
    const { money, intake, products, packs, accounts, server } = overview;
    const main = page.locator('main');
    await main.locator('dl').first().waitFor();
    const cards = (await main.locator('dd').allInnerTexts()).map((card) => card.split('\n')[0]);
    const now = intake.at(-1);
    expect(cards).toEqual([
      ...[yuan(money.held), yuan(money.frozen), yuan(money.owed), grouped(accounts)],
      ...[now.accepted, now.corrections, now.refused, now.packsSold].map(grouped),
    ]);
    expect([now.accepted > 0, now.refused > 0, server.duplicates > 0]).toEqual([true, true, true]);
    expect(await main.innerText()).toContain(grouped(server.duplicates));

    const byProduct = await cellsOf(main.getByRole('region', { name: text.month, exact: true }));
    expect(byProduct.map(([, ...cells]) => cells)).toEqual(
      products.map(({ current, before }: Json) => [
        ...[grouped(current.calls), grouped(before.calls)],
        ...[yuan(current.amount), yuan(before.amount), yuan(before.whole.amount)],
      ]),
    );
    expect(products.some(({ current }: Json) => current.calls > 0)).toBe(true);
    expect(products.some(({ before }: Json) => before.amount !== '0.00')).toBe(true);
    const byPool = await cellsOf(main.getByRole('region', { name: text.packs, exact: true }));
    expect(byPool).toEqual(
      packs.pools.map(({ pool, packs: count, untouched, calls }: Json) => [
        ...[pool, grouped(count), grouped(untouched), grouped(calls)],
      ]),
    );
    for (const summary of await page.getByText(text.table).all()) await summary.click();
    expect(await main.locator('figure svg[role=img]').count()).toBe(1 + products.length);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(TABLET.width);
    for (const theme of ['light', 'dark']) {
      await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`);
      expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    }
    expectNothingWrong(shown);
  });

  test('another client’s usage is in it without a reload; it leads to the accounts; a bound key sees none of it', async () => {
    const shown = await visit(api().base, '/overview', { key: ADMIN });
    const { page } = shown;
    const card = page.locator('main dl').nth(1).locator('dd').first();
    await card.waitFor();
    await api().ok('POST', '/usage', [report('live', 5)]);
    const { intake } = await told();
    await expect.poll(() => card.innerText()).toContain(grouped(intake.at(-1).accepted));
    await page.getByRole('link', { name: 'In arrears' }).click();
    await page.getByRole('heading', { level: 1, name: 'Accounts' }).waitFor();
    expect(new URL(page.url()).search).toContain('arrears=true');
    expectNothingWrong(shown);

    const body = { name: 'customer', scopes: ['read'], accounts: ['demo-02'] };
    const { secret } = (await api().ok('POST', '/keys', body)).body;
    const bound = await visit(api().base, '/overview', { key: secret });
    await bound.page.getByRole('heading', { name: 'There is no such page' }).waitFor();
    for (const path of ['/overview', '/overview/packs']) {
      const answer = await api().send('GET', path, undefined, { authorization: `Bearer ${secret}` });
      expect(answer.body.code).toBe('account_forbidden');
    }
    await open(bound.page, '/');
    await bound.page.getByRole('heading', { level: 1, name: 'demo-02' }).waitFor();
    expectNothingWrong(bound);
  });
});
