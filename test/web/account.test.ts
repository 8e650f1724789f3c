/** An account's page: its figures are the API's, for every account of the demonstration; another client's event is soon there. */
import { describe, expect, test } from 'vitest';
import { ADMIN } from '../support/api.ts';
import { runs, spread } from '../support/proof.ts';
import { expectNothingWrong, open, PHONE, skippedWithoutBrowser, useBrowser } from './browser.ts';
import { useDemonstration } from './demonstration.ts';

const yuan = (amount: string): string =>
  amount.startsWith('-') ? `−¥${grouped(amount.slice(1))}` : `¥${grouped(amount)}`;
const grouped = (decimal: string): string => {
  const [whole = '', rest] = decimal.split('.');
  return [whole.replace(/\B(?=(\d{3})+$)/g, ','), ...(rest === undefined ? [] : [rest])].join('.');
};

interface Account {
  readonly account: string;
  readonly balance: { readonly total: string; readonly available: string; readonly frozen: string };
}

describe.skipIf(skippedWithoutBrowser())('an account', () => {
  const api = useDemonstration();
  const visit = useBrowser();
  const get = async (path: string) => (await api().ok('GET', path)).body;

  test('balance, packs, allowances and bills are those of the API', async () => {
    const shown = await visit(api().base, '/accounts', { key: ADMIN });
    const { page } = shown;
    const accounts: Account[] = (await get('/accounts')).items;
    const count = runs('accounts on their pages', 4, accounts.length);
    for (const { account, balance } of spread(accounts, count)) {
      const at = `/accounts/${account}`;
      await open(page, at);
      await page.getByRole('heading', { level: 1, name: account }).waitFor();
      const cards = page.locator('main dl');
      for (const amount of [balance.total, balance.available, balance.frozen])
        await cards.getByText(yuan(amount)).first().waitFor();
      const { lines, total } = await get(`${at}/estimate`);
      if (lines.length > 0) await page.locator('main tfoot').getByText(yuan(total)).waitFor();

      await open(page, `${at}/packs`);
      const packs = (await get(`${at}/packs?limit=1000`)).items;
      await expect.poll(() => page.locator('main tbody tr').count()).toBe(packs.length);
      const packRows = await page.locator('main tbody tr').allInnerTexts();
      for (const { pack, remaining, size, price } of packs) {
        const row = packRows.find((text) => text.includes(pack)) ?? '';
        expect(row).toContain(`${grouped(String(remaining))} of ${grouped(String(size))} left`);
        expect(row).toContain(yuan(price));
      }

      await open(page, `${at}/bills`);
      const bills = (await get(`${at}/bills`)).items;
      await expect.poll(() => page.locator('main tbody tr').count()).toBe(bills.length);
      const billRows = (await page.locator('main tbody tr').allInnerTexts()).reverse();
      bills.forEach(({ due, total: sum }: { due: string; total: string }, i: number) => {
        expect(billRows[i]).toContain(yuan(due));
        expect(billRows[i]).toContain(yuan(sum));
      });
    }
    expectNothingWrong(shown);
  });

  test('the calls of a month by day and interface are those of the API', async () => {
    const shown = await visit(api().base, '/accounts/demo-02/usage?month=2020-02', { key: ADMIN });
    const { items } = await get('/accounts/demo-02/usage?month=2020-02&by=day&limit=1000');
    const rows = shown.page.locator('main tbody tr');
    await expect.poll(() => rows.count()).toBe(items.length);
    expect(await rows.allInnerTexts()).toEqual(
      items.map((one: Record<string, string | number>) =>
        [
          one['day'],
          one['interface'],
          ...['records', 'calls', 'free', 'packs', 'postPaid'].map((name) => grouped(String(one[name]))),
        ].join('\t'),
      ),
    );
    expectNothingWrong(shown);
  });

  test('a deposit by another client is on the page without a reload', async () => {
    const shown = await visit(api().base, '/accounts/demo-03', { key: ADMIN });
    const cards = shown.page.locator('main dl');
    const before = (await get('/accounts/demo-03')).balance.total;
    await cards.getByText(yuan(before)).first().waitFor();
    await api().ok('POST', '/accounts/demo-03/deposits', { amount: '1234.56', reference: 'web-1' });
    const after = (await get('/accounts/demo-03')).balance.total;
    await cards.getByText(yuan(after)).first().waitFor();
    expectNothingWrong(shown);
  });

  test('a key bound to an account sees that one alone, on a phone, and nothing spills over the page', async () => {
    const { secret } = (
      await api().ok('POST', '/keys', { name: 'customer', scopes: ['read'], accounts: ['demo-02'] })
    ).body;
    const shown = await visit(api().base, '/accounts', { key: secret, size: PHONE });
    const { page } = shown;
    await expect.poll(() => page.locator('main tbody tr').count()).toBe(1);
    for (const part of ['', '/usage?month=2020-02', '/packs', '/bills', '/notices', '/events']) {
      await open(page, `/accounts/demo-02${part}`);
      await expect.poll(() => page.locator('main [aria-busy=true]').count()).toBe(0);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(PHONE.width);
    }
    await open(page, '/accounts/demo-01');
    await page.getByRole('alert').getByText('account_forbidden').first().waitFor();
    expect(shown.wrong.filter((line) => !line.includes('403'))).toEqual([]);
  });
});
