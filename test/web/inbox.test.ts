/**
 * The operator from sign-in to an empty inbox: a month that waits for a price is closed once that is agreed, a
 * prohibition is lifted, a missing checkpoint signed, refused usage read; and what others do is seen without a reload.
 */
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, test } from 'vitest';
import { noteBackup } from '../../src/operation/last-backup.ts';
import { ADMIN, type ServedApi, served, usage, withAccount } from '../support/api.ts';
import { temporaryFolder } from '../support/folder.ts';
import { inFull, spread } from '../support/proof.ts';
import { expectNothingWrong, open, skippedWithoutBrowser, useBrowser } from './browser.ts';

const TABLET = { width: 820, height: 1180 } as const;

const WORDS = {
  en: {
    ...{
      title: 'Inbox',
      clear: 'Nothing needs you',
      agree: 'Agree a contract price',
      close: 'Close the month',
    },
    ...{ dryRun: 'Dry run', done: 'Done', finished: 'Close', lift: 'Lift the prohibition' },
    ...{
      sign: 'Sign a checkpoint',
      log: 'Log of acme',
      january: 'January 2019',
      nothingYet: 'Nothing has been recorded',
    },
  },
  zh: {
    ...{ title: '待办', clear: '没有待办事项', agree: '商定商务报价', close: '月结' },
    ...{ dryRun: '试运行', done: '已完成', finished: '关闭', lift: '解除封禁' },
    ...{ sign: '签署检查点', log: 'acme 的记录', january: '2019年1月', nothingYet: '尚未记录任何内容' },
  },
} as const;
type Language = keyof typeof WORDS;

describe.skipIf(skippedWithoutBrowser())('the inbox', () => {
  let api: ServedApi | null = null;
  afterEach(async () => {
    await api?.stop();
    api = null;
  });
  const visit = useBrowser();

  /** January is over: acme's close waits for a price, brass is prohibited, and never was a backup or a checkpoint made. */
  const troubled = async (): Promise<{ api: ServedApi; ledger: string }> => {
    const ledger = join(temporaryFolder(), 'ledger.db');
    api = await served({ SUANPAN_STORE: `sqlite:${ledger}`, SUANPAN_CLOSE_AT: 'manual' });
    await withAccount(api);
    await withAccount(api, 'brass');
    await api.ok('POST', '/accounts/acme/services', { product: 'ocr' });
    const data = { interface: 'ocr/id-card', calls: 2_000_000 };
    await api.ok('POST', '/usage', [usage('1', { data }), usage('2', { subject: 'brass' }, 5)]);
    await api.ok('POST', '/accounts/brass/suspensions', { reason: 'prohibited', note: '<b>fraud</b>' });
    await api.ok('PUT', '/clock', { now: '2019-02-10T00:00:00+08:00' });
    await api.ok('POST', '/accounts/brass/months/2019-01/close');
    await api.send('POST', '/accounts/acme/months/2019-01/close');
    await api.ok('POST', '/usage', [usage('3', { data: { interface: 'ocr/nothing', calls: 1 } })]);
    return { api, ledger };
  };

  /** Opens a command's dialog, tries it out, confirms it, and closes the dialog. */
  const give = async (
    page: Page,
    language: Language,
    label: string,
    name: string,
    fill?: () => Promise<void>,
  ) => {
    const text = WORDS[language];
    const dialog = page.getByRole('dialog');
    await page.getByRole('button', { name, exact: true }).click();
    await fill?.();
    await dialog.getByRole('button', { name: text.dryRun }).click();
    await dialog.getByText(text.nothingYet).waitFor();
    await dialog.getByRole('button', { name: label, exact: true }).click();
    await dialog.getByRole('heading', { name: text.done }).waitFor();
    await dialog.getByRole('button', { name: text.finished }).click();
    await dialog.waitFor({ state: 'detached' });
  };

  const languages = spread(['zh', 'en'] as const, inFull(1, 2));
  test.each(languages)('from sign-in to an empty inbox (%s)', async (language) => {
    const { api: server, ledger } = await troubled();
    const text = WORDS[language];
    const shown = await visit(server.base, '/', { key: ADMIN, language, size: TABLET });
    const { page } = shown;
    await page.getByRole('heading', { level: 1, name: text.title }).waitFor();
    await page.getByRole('cell', { name: /price_not_agreed/ }).waitFor();
    await page.getByText('<b>fraud</b>').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(TABLET.width);
    expect(await page.getByText(text.clear).count()).toBe(0);
    for (const theme of ['light', 'dark']) {
      await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`);
      expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    }

    await give(page, language, text.agree, `${text.agree}: acme · ocr/id-card`, async () => {
      const prices = page.getByRole('dialog').locator('input[inputmode=decimal]');
      // The first is the discount that may stand in place of prices.
      for (const price of (await prices.all()).slice(1)) await price.fill('0.001');
    });
    await give(page, language, text.close, `${text.close}: ${text.january}`);
    await expect
      .poll(async () => (await server.send('GET', '/accounts/acme/bills/2019-01')).status)
      .toBe(200);
    await page.getByRole('button', { name: `${text.close}: ${text.january}` }).waitFor({ state: 'detached' });
    await give(page, language, text.lift, `${text.lift}: brass`);

    await page.getByRole('link', { name: text.log }).click();
    await page.getByText('ocr/nothing').first().waitFor();
    await open(page, '/inbox');

    await page.getByText('suanpan backup FILE').waitFor();
    noteBackup(ledger, Date.now());
    // A close signs a checkpoint by itself, so that there may be nothing to sign.
    await expect
      .poll(async () => (await server.ok('GET', '/inbox')).body.checkpoint.isOld, { timeout: 20_000 })
      .toBe(false);
    await server.ok('PUT', '/clock', { now: '2019-02-20T00:00:00+08:00' });
    await expect.poll(async () => (await server.ok('GET', '/inbox')).body.isClear).toBe(true);
    await page.getByRole('heading', { name: text.clear }).waitFor();
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    expectNothingWrong(shown);
  });

  test('what others do is there without a reload, and a bound key sees nothing of it', async () => {
    const { api: server } = await troubled();
    const shown = await visit(server.base, '/inbox', { key: ADMIN });
    const { page } = shown;
    await page.getByText('Suspended for a prohibition by the operator').waitFor();
    await server.ok('DELETE', '/accounts/brass/suspensions/prohibited');
    await page.getByText('Suspended for a prohibition by the operator').waitFor({ state: 'detached' });
    expectNothingWrong(shown);

    const body = { name: 'customer', scopes: ['operate'], accounts: ['acme'] };
    const { secret } = (await server.ok('POST', '/keys', body)).body;
    const bound = await visit(server.base, '/', { key: secret });
    await bound.page.getByRole('heading', { level: 1, name: 'acme' }).waitFor();
    expect(await bound.page.getByRole('link', { name: 'Inbox' }).count()).toBe(0);
    await open(bound.page, '/inbox');
    await bound.page.getByRole('heading', { name: 'There is no such page' }).waitFor();
    expectNothingWrong(bound);
  });
});
