/** The page of accounts: what is looked for is what the API finds, by mouse and keyboard, in an address that can be sent. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { ADMIN } from '../support/api.ts';
import { expectNothingWrong, open, PHONE, skippedWithoutBrowser, useBrowser } from './browser.ts';
import { useDemonstration } from './demonstration.ts';

const grouped = (decimal: string): string => decimal.replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ',');
const yuan = (amount: string): string =>
  amount.startsWith('-') ? `−¥${grouped(amount.slice(1))}` : `¥${grouped(amount)}`;

/** Markup, a script, and marks that turn text about: names are shown as they are. */
const NAME = '<b onclick="x()">‮Zoë & 公司</b><script>document.title="x"</script>';

describe.skipIf(skippedWithoutBrowser())('accounts', () => {
  const api = useDemonstration();
  const visit = useBrowser();
  const get = async (path: string) => (await api().ok('GET', path)).body;
  const ids = async (query: string): Promise<string[]> =>
    (await get(`/accounts?${query}`)).items.map(({ account }: { account: string }) => account);
  const shownIds = (page: Page) => page.locator('main tbody tr td:first-child').allInnerTexts();
  const expectShown = (page: Page, wanted: readonly string[]) =>
    expect.poll(() => shownIds(page)).toEqual([...wanted]);

  test('every order and filter shows what the API answers, and the figures are its own', async () => {
    const shown = await visit(api().base, '/accounts', { key: ADMIN });
    const { page } = shown;
    const queries = ['', 'sort=balance&order=down', 'sort=name&order=up', 'sort=frozen&order=down'];
    queries.push('status=suspended', 'reason=arrears', 'arrears=true', 'frozen=true', 'product=ocr');
    queries.push('q=demo-01', 'q=01&status=active&sort=opened');
    for (const query of queries) {
      const { items } = await get(`/accounts?${query}`);
      await open(page, `/accounts?${query}`);
      if (items.length === 0) await page.getByText('No account is like this.').waitFor();
      await expectShown(page, await ids(query));
      const rows = await page.locator('main tbody tr').allInnerTexts();
      for (const [i, { balance, name }] of items.entries()) {
        const { total, frozen, available } = balance;
        for (const text of [name, yuan(total), yuan(frozen), yuan(available)])
          expect(rows[i]).toContain(text);
      }
    }
    // A link with values that there are not is the list without them.
    await open(page, '/accounts?sort=size&status=lost&q=%20');
    await expectShown(page, await ids(''));
    expectNothingWrong(shown);
  });

  test('by keyboard: words, then an order; the address says it all, and opens the same list elsewhere', async () => {
    await api().ok('POST', '/accounts', { account: 'zoe-1', name: NAME });
    await api().ok('POST', '/accounts', { account: 'zoe-2', name: 'Zoë Two' });
    const shown = await visit(api().base, '/accounts', { key: ADMIN });
    const { page } = shown;
    await page.getByRole('searchbox', { name: 'Search by id or name' }).focus();
    await page.keyboard.type('ZOE');
    await expectShown(page, ['zoe-1', 'zoe-2']);
    expect(await page.locator('main tbody').innerText()).toContain(NAME);
    await page.getByRole('link', { name: 'Account', exact: true }).focus();
    await page.keyboard.press('Enter');
    await expectShown(page, ['zoe-2', 'zoe-1']);
    const heading = page.getByRole('columnheader', { name: 'Account' });
    expect(await heading.getAttribute('aria-sort')).toBe('descending');
    const address = new URL(page.url());
    expect(address.search).toBe('?q=ZOE&sort=account&order=down');
    // Escape empties the field, and the list is whole again.
    await page.getByRole('searchbox').focus();
    await page.keyboard.press('Escape');
    await expect.poll(() => shownIds(page)).toHaveLength((await ids('')).length);

    const other = await visit(api().base, `${address.pathname}${address.search}`, {
      key: ADMIN,
      language: 'zh',
    });
    await expectShown(other.page, ['zoe-2', 'zoe-1']);
    expect(await other.page.getByRole('searchbox', { name: '按账户号或名称搜索' }).inputValue()).toBe('ZOE');
    for (const one of [shown, other]) expectNothingWrong(one);
  });

  test('an account that another client suspends leaves the list of the active ones by itself', async () => {
    await api().ok('POST', '/accounts', { account: 'live-1', name: 'Lively' });
    const shown = await visit(api().base, '/accounts?q=live&status=active', { key: ADMIN });
    await expectShown(shown.page, ['live-1']);
    await api().ok('POST', '/accounts/live-1/suspensions', { reason: 'prohibited', note: 'n' });
    await shown.page.getByText('No account is like this.').waitFor();
    await shown.page.getByRole('combobox', { name: 'Status' }).selectOption('prohibited');
    await expectShown(shown.page, ['live-1']);
    await shown.page.getByText('Suspended: prohibited').last().waitFor();
    expectNothingWrong(shown);
  });

  test('more than a page: the next ones come on request, once each', async () => {
    for (let i = 0; i < 110; i++)
      await api().ok('POST', '/accounts', { account: `many-${100 + i}`, name: 'Many' });
    const shown = await visit(api().base, '/accounts?q=many&sort=account&order=down', { key: ADMIN });
    await expect.poll(() => shownIds(shown.page)).toHaveLength(100);
    await shown.page.getByRole('button', { name: 'Show more' }).click();
    await expect.poll(() => shownIds(shown.page)).toHaveLength(110);
    expect(await shownIds(shown.page)).toEqual((await ids('q=many&limit=200')).reverse());
    expectNothingWrong(shown);
  });

  test('nothing is found by axe, nothing spills over a phone', async () => {
    for (const theme of ['light', 'dark'] as const) {
      const { page } = await visit(api().base, '/accounts', { key: ADMIN, theme, size: PHONE });
      await page.locator('main tbody tr').first().waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(PHONE.width);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    }
  });
});
