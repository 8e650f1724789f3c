/**
 * A customer with a key bound to an account, on a phone, in either language: from sign-in to who used the pack, down to
 * the record on the bill. Nothing of others is offered, axe finds nothing in either theme, and nothing jumps.
 */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { usage } from '../support/api.ts';
import { packsAgree, summaryAgrees } from './account-figures.ts';
import { expectNothingWrong, open, PHONE, skippedWithoutBrowser, useBrowser } from './browser.ts';
import { useDemonstration } from './demonstration.ts';

const ACCOUNT = 'phone-1';
const HOME = `/accounts/${ACCOUNT}`;
const PARTS = [
  '',
  '/usage?month=2020-03',
  '/packs',
  '/packs?pack=pack-000001',
  '/bills',
  '/notices',
  '/events',
];
const THEN = 'asOf=2020-03-05T02:00:00.000Z';

const TEXTS = {
  en: { packs: 'Packs', every: 'Every deduction', line: 'Why', one: 'One record', cliff: 'less than now' },
  zh: { packs: '资源包', every: '每一笔抵扣', line: '依据', one: '单条记录', cliff: '费用比现在少' },
} as const;

const idle = async (page: Page) => {
  await page.locator('main h1').waitFor();
  await expect.poll(() => page.locator('[aria-busy=true]').count()).toBe(0);
};

describe.skipIf(skippedWithoutBrowser())('a customer', () => {
  const api = useDemonstration();
  const visit = useBrowser();
  let key = '';

  beforeAll(async () => {
    const ok = api().ok;
    const subject = { subject: ACCOUNT };
    const at = (time: string) => ({ ...subject, time });
    await ok('POST', '/accounts', { account: ACCOUNT, name: '<b>客户</b>' });
    await ok('POST', `${HOME}/services`, { product: 'face-recognition' });
    await ok('POST', `${HOME}/deposits`, { amount: '90000', reference: 'wire' });
    const pack = { pool: 'face-recognition/compare', size: 1_000_000, quantity: 1 };
    await ok('POST', `${HOME}/packs`, pack);
    await ok('POST', '/usage', [
      usage('a', at('2020-03-05T09:00:00+08:00'), 10_000),
      usage('b', at('2020-03-05T09:00:00+08:00'), 700),
      usage('<i>c</i>', at('2020-03-05T09:00:00+08:00'), 300),
    ]);
    await ok('PUT', '/clock', { now: '2020-03-20T12:00:00+08:00' });
    await ok('POST', '/usage', usage('d', at('2020-03-20T12:00:00+08:00'), 990_000));
    await ok('PUT', '/clock', { now: '2020-04-01T12:00:00+08:00' });
    // Close below a step of the ladder at which the price of all calls falls.
    const search = { interface: 'face-recognition/search', calls: 3_000_000 + 10_000 };
    await ok('POST', '/usage', usage('e', { ...at('2020-04-01T12:00:00+08:00'), data: search }));
    key = (await ok('POST', '/keys', { name: 'customer', scopes: ['read'], accounts: [ACCOUNT] })).body
      .secret;
  });

  test.each(['en', 'zh'] as const)(
    'in %s finds what used the pack, and the record on the bill',
    async (language) => {
      const text = TEXTS[language];
      const shown = await visit(api().base, '/accounts', { key, language, size: PHONE });
      const { page } = shown;
      await expect.poll(() => page.locator('main tbody tr').count()).toBe(1);
      await page.getByRole('link', { name: ACCOUNT }).click();
      await page.getByText(text.cliff).waitFor();
      expect(await page.getByRole('button', { name: language === 'en' ? 'Deposit' : '充值' }).count()).toBe(
        0,
      );
      await page.getByRole('link', { name: text.packs, exact: true }).click();
      await page.getByRole('link', { name: 'pack-000001' }).first().click();
      const every = page.getByRole('region', { name: text.every, exact: true }).first();
      const { items } = (await api().ok('GET', `${HOME}/packs/pack-000001/deductions`)).body;
      await expect.poll(() => every.locator('tbody tr').count()).toBe(items.length);
      await every.getByRole('link', { name: '/gateway/1 <i>c</i>' }).click();
      const why = page.getByRole('region', { name: text.line, exact: true });
      await why.getByRole('region', { name: text.one }).getByText('<i>c</i>').waitFor();
      expect(new URL(page.url()).pathname).toBe(`${HOME}/bills/2020-03`);
      expectNothingWrong(shown);
      await open(page, '/accounts/demo-01');
      await page.getByRole('alert').getByText('account_forbidden').first().waitFor();
      expect(shown.wrong.filter((line) => !line.includes('403'))).toEqual([]);
    },
  );

  test('reads the figures of the API: deductions, tiers and their cliff', async () => {
    const shown = await visit(api().base, HOME, { key });
    const of = { api: api(), page: shown.page, account: ACCOUNT };
    await summaryAgrees(of);
    await packsAgree(of);
    await packsAgree({ ...of, at: THEN });
    expectNothingWrong(shown);
  });

  test.each(['light', 'dark'] as const)(
    'sees pages that axe finds nothing in, in the %s theme',
    async (theme) => {
      const language = theme === 'light' ? 'en' : 'zh';
      const shown = await visit(api().base, HOME, { key, language, theme, size: PHONE });
      const { page } = shown;
      for (const path of [...PARTS, `?${THEN}`]) {
        await open(page, `${HOME}${path}`);
        await idle(page);
        for (const summary of await page.locator('main details:not([open]) > summary').all())
          if (await summary.isVisible()) await summary.click();
        await idle(page);
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ id, nodes }) => [path, id, nodes.map(({ html }) => html)])).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(PHONE.width);
      }
      expectNothingWrong(shown);
    },
  );

  test('nothing jumps while a part loads', async () => {
    const shown = await visit(api().base, HOME, { key, size: PHONE });
    const { page } = shown;
    await page.evaluate(`
      window.shifts = [];
      new PerformanceObserver((list) => {
        for (const { value, hadRecentInput, sources } of list.getEntries())
          if (!hadRecentInput) shifts.push([value, sources.map(({ node }) => node?.outerHTML?.slice(0, 90) ?? '')]);
      }).observe({ type: 'layout-shift', buffered: true })`);
    for (const path of PARTS) {
      await open(page, `${HOME}${path}`);
      await idle(page);
    }
    const shifts = await page.evaluate<[number, string[]][]>('shifts');
    const sum = shifts.reduce((total, [value]) => total + value, 0);
    // What search engines call good: 0.1 on a page; here over all parts together.
    expect(sum, JSON.stringify(shifts)).toBeLessThanOrEqual(0.1 * PARTS.length);
    expectNothingWrong(shown);
  });
});
