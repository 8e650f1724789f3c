/**
 * An account's page: its figures are the API's, of every account of the demonstration (a few of them in `npm test`), now
 * and at any moment that its timeline is taken to.
 */
import { describe, expect, test } from 'vitest';
import { ADMIN } from '../support/api.ts';
import { runs, spread } from '../support/proof.ts';
import { listsAgree, packsAgree, summaryAgrees, usageAgrees, yuan } from './account-figures.ts';
import { expectNothingWrong, open, skippedWithoutBrowser, useBrowser } from './browser.ts';
import { useDemonstration } from './demonstration.ts';

const MOMENTS = ['2019-05-20T03:00:00.000Z', '2020-02-10T12:00:00.000Z'];

describe.skipIf(skippedWithoutBrowser())('an account', () => {
  const api = useDemonstration();
  const visit = useBrowser();
  const get = async (path: string) => (await api().ok('GET', path)).body;

  test('its figures are those of the API, now and then', { timeout: 600_000 }, async () => {
    const ids: string[] = (await get('/accounts')).items.map(({ account }: { account: string }) => account);
    const count = runs('accounts on their pages', 2, ids.length);
    const shown = await visit(api().base, '/accounts', { key: ADMIN });
    for (const [i, account] of spread(ids, count).entries()) {
      const of = { api: api(), page: shown.page, account };
      await summaryAgrees(of);
      await packsAgree(of);
      await usageAgrees(of, '2020-02');
      await listsAgree(of);
      const then = { ...of, at: `asOf=${MOMENTS[i % MOMENTS.length]}` };
      await summaryAgrees(then);
      await packsAgree(then, 1);
      await usageAgrees(then, String(MOMENTS[i % MOMENTS.length]).slice(0, 7));
      await listsAgree(then);
    }
    expectNothingWrong(shown);
  });

  test('a timeline takes the page to an instant or a position, says so, offers no command, and comes back', async () => {
    const shown = await visit(api().base, '/accounts/demo-01', { key: ADMIN });
    const { page } = shown;
    await page.getByRole('button', { name: 'Deposit' }).waitFor();
    await page.getByText('Look at an earlier moment').click();
    const slider = page.getByRole('slider');
    await expect.poll(() => slider.isEnabled()).toBe(true);
    await slider.focus();
    await page.keyboard.press('Home');
    await page.waitForURL((url) => url.searchParams.has('asOf'));
    await page.getByText('This page shows the account as it stood at').waitFor();
    expect(await page.getByRole('button', { name: 'Deposit' }).count()).toBe(0);
    const asOf = new URL(page.url()).searchParams.get('asOf');
    const { balance } = await get(`/accounts/demo-01?asOf=${asOf}`);
    await page.locator('main dl').getByText(yuan(balance.total)).first().waitFor();
    // The parts of the account keep the moment, and links to it can be sent.
    await page.getByRole('link', { name: 'Bills', exact: true }).click();
    await page.getByText('No month has been closed yet.').waitFor();
    await page.getByLabel('Instant (Asia/Shanghai)').fill('2019-06-15T10:30:00');
    await page.getByRole('button', { name: 'Show', exact: true }).first().click();
    await page.waitForURL((url) => url.searchParams.get('asOf') === '2019-06-15T02:30:00.000Z');
    const bills = (await get('/accounts/demo-01/bills?asOf=2019-06-15T02:30:00.000Z')).items;
    await expect.poll(() => page.locator('main tbody tr').count()).toBe(bills.length);
    await page.getByRole('button', { name: 'Back to now' }).click();
    await page.waitForURL((url) => !url.searchParams.has('asOf'));
    await page.getByRole('link', { name: 'Events', exact: true }).click();
    const [newest] = (await get('/accounts/demo-01/events?order=newest&limit=1')).items;
    await page.getByRole('link', { name: 'Account right after it' }).first().click();
    await page.getByText(`what the ledger knew at position ${newest.position}`).waitFor();
    await summaryAgrees({ api: api(), page, account: 'demo-01', at: `asOfPosition=${newest.position}` });
    expectNothingWrong(shown);
  });

  test('what suspends an account, and what lifts it', async () => {
    const shown = await visit(api().base, '/accounts/demo-03', { key: ADMIN });
    const { page } = shown;
    const earlier = page.getByText('The last suspension', { exact: true });
    await earlier.click();
    await page.getByText('It has never been suspended.').waitFor();
    await api().ok('POST', '/accounts/demo-03/suspensions', { reason: 'prohibited', note: 'x' });
    const reason = page.locator('[data-reason=prohibited]');
    await reason.getByText('an operator lifts the prohibition').waitFor();
    await reason.getByRole('link', { name: 'AccountSuspended' }).click();
    await page.getByRole('heading', { name: /^Event \d+$/ }).waitFor();
    await api().ok('DELETE', '/accounts/demo-03/suspensions/prohibited');
    await open(page, '/accounts/demo-03');
    await earlier.click();
    await page.getByText('Last suspended from').waitFor();
    expectNothingWrong(shown);
  });
});
