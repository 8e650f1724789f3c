/** Signing in by key: what it shows, what it refuses, and how it is undone. */
import { describe, expect, test } from 'vitest';
import { ADMIN } from '../support/api.ts';
import { expectNothingWrong, skippedWithoutBrowser, useBrowser } from './browser.ts';
import { useDemonstration } from './demonstration.ts';

describe.skipIf(skippedWithoutBrowser())('sign-in', () => {
  const api = useDemonstration();
  const visit = useBrowser();

  test('a key shows the accounts, in the language of the browser', async () => {
    const shown = await visit(api().base, '/accounts', { key: ADMIN, language: 'zh' });
    await shown.page.getByRole('heading', { name: '账户' }).waitFor();
    const accounts = (await api().ok('GET', '/accounts')).body.items;
    await expect.poll(() => shown.page.locator('tbody tr').count()).toBe(accounts.length);
    expectNothingWrong(shown);
  });

  test('an unknown key is refused in words, and nothing of the ledger is shown', async () => {
    const { page, wrong } = await visit(api().base, '/accounts');
    await page.getByLabel('API key').fill('sk_of-nobody-at-all');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').getByText('key_invalid').first().waitFor();
    expect(await page.locator('table').count()).toBe(0);
    // The browser itself logs the answer 401.
    expect(wrong.filter((line) => !line.includes('401'))).toEqual([]);
  });

  test('signing out in one tab signs out in all', async () => {
    const { page, context } = await visit(api().base, '/accounts', { key: ADMIN });
    const other = await context.newPage();
    await other.goto(`${api().base}/accounts`);
    await other.locator('input[type=password]').fill(ADMIN);
    await other.locator('button[type=submit]').click();
    await other.locator('table').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('API key').waitFor();
    await other.getByLabel('API key').waitFor();
  });

  test('a key outlives a reload only where that was asked for', async () => {
    const { page } = await visit(api().base, '/accounts', { key: ADMIN });
    await page.reload();
    await page.getByLabel('API key').fill(ADMIN);
    await page.getByText('Keep the key until this tab is closed').click();
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.locator('table').waitFor();
    await page.reload();
    await page.locator('table').waitFor();
  });
});
