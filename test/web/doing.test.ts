/**
 * What a person does with an account by the page: a dry run changes nothing, a confirmed command is what the API then
 * shows, a refused one says why and changes nothing, and what a key may not do is not offered.
 */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { ADMIN } from '../support/api.ts';
import { expectNothingWrong, open, PHONE, skippedWithoutBrowser, useBrowser } from './browser.ts';
import { useDemonstration } from './demonstration.ts';

const dialogOf = (page: Page) => page.getByRole('dialog');

/** Fills in an opened dialog and tries the command out. */
const tryOut = async (page: Page, command: string, fields: Readonly<Record<string, string>>) => {
  await page.getByRole('button', { name: command, exact: true }).click();
  for (const [label, value] of Object.entries(fields))
    await dialogOf(page).getByLabel(label, { exact: true }).fill(value);
  await dialogOf(page).getByRole('button', { name: 'Dry run' }).click();
};

const confirm = async (page: Page, command: string) => {
  await dialogOf(page).getByText('Cannot be undone').waitFor();
  await dialogOf(page).getByRole('button', { name: command, exact: true }).click();
  await dialogOf(page).getByRole('heading', { name: 'Done', exact: true }).waitFor();
  await dialogOf(page).getByRole('button', { name: 'Close' }).click();
  await dialogOf(page).waitFor({ state: 'detached' });
};

describe.skipIf(skippedWithoutBrowser())('commands', () => {
  const api = useDemonstration();
  const visit = useBrowser();
  const get = async (path: string) => (await api().ok('GET', path)).body;

  test('an account from its opening to its contacts is what the API then shows', async () => {
    const shown = await visit(api().base, '/accounts', { key: ADMIN });
    const { page } = shown;
    await tryOut(page, 'Open an account', { 'Account id': 'web-1', Name: '<b>Web</b>' });
    await confirm(page, 'Open an account');
    expect(await get('/accounts/web-1')).toMatchObject({ name: '<b>Web</b>', services: [] });

    await open(page, '/accounts/web-1');
    await page.getByRole('button', { name: 'Activate a product' }).click();
    await dialogOf(page).getByLabel('Product').selectOption('face-recognition');
    await dialogOf(page).getByRole('button', { name: 'Dry run' }).click();
    await confirm(page, 'Activate a product');
    expect((await get('/accounts/web-1')).services).toEqual(['face-recognition']);

    await tryOut(page, 'Switch post-paid', {});
    await confirm(page, 'Switch post-paid');
    expect((await get('/accounts/web-1')).postPaidOff).toEqual(['face-recognition']);
    await page.getByText('Prepaid only: face-recognition').waitFor();

    await tryOut(page, 'Deposit', { 'Amount in yuan': '5000', Reference: 'wire-1' });
    await dialogOf(page).getByText('¥5,000.00').waitFor();
    await dialogOf(page)
      .getByText(/^FundsDeposited event \d+ of account-web-1$/)
      .click();
    await dialogOf(page).getByText('"amount": "5000.00"').waitFor();
    expect((await get('/accounts/web-1')).balance.total).toBe('0.00');
    await confirm(page, 'Deposit');
    await page.locator('main dl').getByText('¥5,000.00').first().waitFor();

    await page.getByRole('button', { name: 'Buy packs' }).click();
    await dialogOf(page).getByLabel('Pack', { exact: true }).selectOption('face-recognition/compare 1000000');
    await dialogOf(page).getByRole('button', { name: 'Dry run' }).click();
    await dialogOf(page).getByText('¥3,100.00').last().waitFor();
    expect((await get('/accounts/web-1/packs')).items).toEqual([]);
    await confirm(page, 'Buy packs');
    const packs = (await get('/accounts/web-1/packs')).items;
    expect(packs).toMatchObject([{ pool: 'face-recognition/compare', size: 1_000_000, price: '3100.00' }]);

    await tryOut(page, 'Grant a credit', {
      ...{ 'Amount in yuan': '12.5', Reference: 'ticket-7', 'Reason of the credit': '补偿' },
      ...{ 'Actor (optional)': 'ops-1', 'Reason (optional)': '客户来电' },
    });
    await confirm(page, 'Grant a credit');
    expect((await get('/accounts/web-1')).balance.total).toBe('1912.50');
    const { items: events } = await get('/accounts/web-1/events?limit=1000');
    expect(JSON.stringify(events)).toContain('客户来电');
    expect(JSON.stringify(events)).toContain('ops-1');

    const record = { source: '/gw', id: 'r1', type: 'suanpan.usage', specversion: '1.0', subject: 'web-1' };
    const { now: time } = await get('/clock');
    const data = { interface: 'face-recognition/compare', calls: 7 };
    await api().ok('POST', '/usage', [{ ...record, time, data }]);
    await tryOut(page, 'Correct a record', {
      ...{ 'Source of the record': '/gw', Record: 'r1', 'Calls, as they should be': '5' },
      'Reason of the correction': 'counted twice',
    });
    await dialogOf(page)
      .getByText(/^UsageCorrected event/)
      .waitFor();
    await confirm(page, 'Correct a record');
    const corrected = (await get('/accounts/web-1/usage?by=record')).items;
    expect(corrected).toMatchObject([{ id: 'r1', calls: 5, reported: 7 }]);

    await tryOut(page, 'Agree a contract price', { 'From month': '2021-01' });
    await confirm(page, 'Agree a contract price');
    expect(JSON.stringify(await get('/accounts/web-1/events?limit=1000'))).toContain('ContractPriceAgreed');

    await tryOut(page, 'Set contacts', { 'E-mail': 'a@example.com' });
    await confirm(page, 'Set contacts');
    expect(await get('/accounts/web-1/contacts')).toEqual({
      ...{ email: 'a@example.com', phone: null, wechat: null },
    });

    await tryOut(page, 'Prohibit', { Note: 'fraud' });
    await confirm(page, 'Prohibit');
    expect((await get('/accounts/web-1')).status).toBe('suspended');
    await tryOut(page, 'Lift the prohibition', {});
    await confirm(page, 'Lift the prohibition');
    expect((await get('/accounts/web-1')).status).toBe('active');
    expectNothingWrong(shown);
  });

  test('a refused command says why with its code, and changes nothing', async () => {
    await api().ok('POST', '/accounts', { account: 'web-poor' });
    await api().ok('POST', '/accounts/web-poor/services', { product: 'face-recognition' });
    const before = await get('/accounts/web-poor');
    const shown = await visit(api().base, '/accounts/web-poor', { key: ADMIN });
    await tryOut(shown.page, 'Buy packs', {});
    await dialogOf(shown.page).getByRole('alert').getByText('insufficient_funds').waitFor();
    expect(await get('/accounts/web-poor')).toEqual(before);
    // The browser itself logs the answer.
    expect(shown.wrong.filter((line) => !line.includes('the server responded with a status of 4'))).toEqual(
      [],
    );
  });

  test('sent again after a lost answer, a command is carried out once', async () => {
    await api().ok('POST', '/accounts', { account: 'web-twice' });
    await api().ok('POST', '/accounts/web-twice/services', { product: 'face-recognition' });
    await api().ok('POST', '/accounts/web-twice/deposits', { amount: '100000', reference: 'wire-2' });
    const { page } = await visit(api().base, '/accounts/web-twice', { key: ADMIN });
    await tryOut(page, 'Buy packs', {});
    await dialogOf(page).getByText('Cannot be undone').waitFor();
    // Carried out by the server, and its answer unreadable for the page, at first.
    let sent = 0;
    await page.route('**/v1/accounts/web-twice/packs*', async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      sent++;
      if (sent > 1) return route.continue();
      await route.fetch();
      await route.fulfill({ status: 200, contentType: 'text/html', body: 'gateway' });
    });
    const button = dialogOf(page).getByRole('button', { name: 'Buy packs' });
    await button.click();
    await dialogOf(page).getByText('it is carried out at most once').waitFor();
    await button.click();
    await dialogOf(page).getByRole('heading', { name: 'Done', exact: true }).waitFor();
    expect(sent).toBe(2);
    expect((await get('/accounts/web-twice/packs')).items).toHaveLength(1);
  });

  test('a key that only reads is offered nothing, and one bound to an account opens no others', async () => {
    const made = { name: 'reader', scopes: ['read'] };
    const { secret } = (await api().ok('POST', '/keys', made)).body;
    const shown = await visit(api().base, '/accounts', { key: secret });
    await shown.page.locator('main tbody tr').first().waitFor();
    const offered = shown.page.locator('main button').filter({ visible: true });
    expect(await offered.count()).toBe(0);
    await open(shown.page, '/accounts/demo-02');
    await shown.page.getByRole('heading', { name: 'Standing' }).waitFor();
    await expect.poll(() => shown.page.locator('main [aria-busy=true]').count()).toBe(0);
    expect(await offered.allInnerTexts()).toEqual([]);
    expectNothingWrong(shown);

    const bound = { name: 'own', scopes: ['operate'], accounts: ['demo-02'] };
    const own = (await api().ok('POST', '/keys', bound)).body;
    const its = await visit(api().base, '/accounts', { key: own.secret, size: PHONE });
    await its.page.locator('main tbody tr').first().waitFor();
    expect(await offered.count()).toBe(0);
    await open(its.page, '/accounts/demo-02');
    await its.page.getByRole('button', { name: 'Deposit' }).click();
    await dialogOf(its.page).waitFor();
    expect(await its.page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(PHONE.width);
    await its.page.keyboard.press('Escape');
    await dialogOf(its.page).waitFor({ state: 'detached' });
    expectNothingWrong(its);
  });
});
