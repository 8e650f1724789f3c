/** The settings: keys, webhooks and the test clock, set by the page as the API then shows them. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { ADMIN } from '../support/api.ts';
import { hookReceiver } from '../support/receivers.ts';
import { expectNothingWrong, skippedWithoutBrowser, useBrowser } from './browser.ts';
import { useDemonstration } from './demonstration.ts';

const dialogOf = (page: Page) => page.getByRole('dialog');

/** Confirms a command that was filled in; what its dialog shows in the end, and whether a dry run changed anything. */
const carriedOut = async (
  page: Page,
  label: string,
  state: () => Promise<unknown>,
  said = 'Nothing has been recorded yet',
): Promise<string> => {
  const dialog = dialogOf(page);
  const before = await state();
  await dialog.getByRole('button', { name: 'Dry run' }).click();
  await dialog.getByText(said).waitFor();
  expect(await state()).toEqual(before);
  await dialog.getByRole('button', { name: label, exact: true }).click();
  await dialog.getByRole('heading', { name: 'Done', exact: true }).waitFor();
  const shown = await dialog.innerText();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await dialog.waitFor({ state: 'detached' });
  return shown;
};

describe.skipIf(skippedWithoutBrowser())('settings', () => {
  const api = useDemonstration({ SUANPAN_ALLOW_PRIVATE_TARGETS: 'true' });
  const visit = useBrowser();
  const get = async (path: string) => (await api().ok('GET', path)).body;
  const keys = async () =>
    (await get('/keys')).items.map(({ lastUsedAt: _used, ...key }: { lastUsedAt: unknown }) => key);

  test('a key is created with its secret shown once, rotated and revoked', async () => {
    const shown = await visit(api().base, '/settings', { key: ADMIN });
    const { page } = shown;
    await page.getByRole('button', { name: 'Create a key' }).click();
    await dialogOf(page).getByLabel('Name').fill('gateway 1');
    await dialogOf(page).getByLabel('Accounts (optional)').fill('demo-01, demo-02');
    await dialogOf(page).getByLabel('Expires (optional)').fill('2099-01-01T00:00:00+08:00');
    const created = await carriedOut(page, 'Create a key', keys);
    const secret = /Secret: (\S+)/.exec(created)?.[1] ?? '';
    const authorization = `Bearer ${secret}`;
    const session = await api().ok('GET', '/session', undefined, { authorization });
    expect(session.body).toMatchObject({
      ...{ name: 'gateway 1', scopes: ['read'], accounts: ['demo-01', 'demo-02'] },
      expiresAt: '2098-12-31T16:00:00.000Z',
    });
    expect(await page.content()).not.toContain(secret);

    await page.getByRole('button', { name: 'Rotate: gateway 1' }).click();
    await dialogOf(page).getByLabel('The old secret stays good for').selectOption('0');
    const rotated = await carriedOut(page, 'Rotate', keys);
    expect((await api().send('GET', '/session', undefined, { authorization })).status).toBe(401);
    const next = { authorization: `Bearer ${/Secret: (\S+)/.exec(rotated)?.[1]}` };
    expect((await api().send('GET', '/session', undefined, next)).status).toBe(200);

    await page.getByRole('button', { name: 'Revoke: gateway 1' }).click();
    await carriedOut(page, 'Revoke', keys);
    expect((await api().send('GET', '/session', undefined, next)).status).toBe(401);
    await expect.poll(() => page.getByRole('button', { name: 'Revoke: gateway 1' }).count()).toBe(0);
    expectNothingWrong(shown);
  });

  test('a webhook is tested: what its receiver answers is shown', async () => {
    const receiver = await hookReceiver();
    const { body } = await api().ok('POST', '/webhooks', { url: receiver.url, types: ['account.opened'] });
    receiver.trust(body.secret);
    const shown = await visit(api().base, '/settings', { key: ADMIN });
    const { page } = shown;
    const calls = async () => receiver.calls();
    const opener = page.getByRole('button', { name: `Send a test: ${receiver.url}` });
    await opener.click();
    const delivered = await carriedOut(page, 'Send a test', calls, 'Nothing has been done yet');
    expect(delivered).toMatch(/Delivered\s+Answer of the receiver\s+204/);
    expect(receiver.received.map((one) => one.body.type)).toEqual(['webhook.test']);
    receiver.answer(503);
    await opener.click();
    const failed = await carriedOut(page, 'Send a test', calls, 'Nothing has been done yet');
    expect(failed).toMatch(/Failed\s+Answer of the receiver\s+503/);
    expect(receiver.calls()).toBe(2);
    await api().ok('DELETE', `/webhooks/${body.webhook}`);
    expectNothingWrong(shown);
  });

  test('a webhook is added, rotated and deleted; the clock is set', async () => {
    const shown = await visit(api().base, '/settings', { key: ADMIN });
    const { page } = shown;
    const webhooks = async () => (await get('/webhooks')).items;
    await page.getByRole('button', { name: 'Add a webhook' }).click();
    await dialogOf(page).getByLabel('URL').fill('https://example.com/hooks');
    await dialogOf(page).getByText('* (everything)', { exact: true }).click();
    await dialogOf(page).getByText('bill.issued', { exact: true }).click();
    expect(await carriedOut(page, 'Add a webhook', webhooks)).toMatch(/Secret: whsec_/);
    expect(await webhooks()).toMatchObject([{ url: 'https://example.com/hooks', types: ['bill.issued'] }]);

    await page.getByRole('button', { name: 'Rotate: https://example.com/hooks' }).click();
    expect(await carriedOut(page, 'Rotate', webhooks)).toMatch(/Secret: whsec_/);
    await page.getByRole('button', { name: 'Delete: https://example.com/hooks' }).click();
    await carriedOut(page, 'Delete', webhooks);
    expect(await webhooks()).toEqual([]);
    await page.getByText('There are no webhooks.').waitFor();

    const signing = async () =>
      (await get('/signing-keys')).items.map(({ key, revoked }: { key: string; revoked: boolean }) => [
        key,
        revoked,
      ]);
    await page.getByRole('button', { name: 'Make a new signing key' }).click();
    const before = (await signing()).length;
    await carriedOut(page, 'Make a new signing key', signing);
    expect(await signing()).toHaveLength(before + 1);
    const { id } = (await get('/signing-keys')).items.at(-1);
    await page.getByRole('button', { name: `Revoke: ${id}` }).click();
    await carriedOut(page, 'Revoke', signing);
    expect((await signing()).at(-1)?.[1]).toBe(true);

    const { now } = await get('/clock');
    const later = new Date(Date.parse(now) + 60_000).toISOString();
    await page.getByRole('button', { name: 'Set the clock' }).click();
    await dialogOf(page).getByLabel('New time').fill(later);
    await carriedOut(page, 'Set the clock', () => get('/clock'));
    expect((await get('/clock')).now).toBe(later);
    expectNothingWrong(shown);
  });

  test('they are for a key that may do everything', async () => {
    const made = { name: 'operator', scopes: ['operate'] };
    const { secret } = (await api().ok('POST', '/keys', made)).body;
    const shown = await visit(api().base, '/settings', { key: secret });
    await shown.page.getByRole('heading', { name: 'There is no such page' }).waitFor();
    expect(await shown.page.getByRole('link', { name: 'Settings' }).count()).toBe(0);
    expectNothingWrong(shown);
  });
});
