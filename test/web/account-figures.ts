/** Every figure of an account's pages beside the one of the API, at now or at a moment. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { ServedApi } from '../support/api.ts';
import { open } from './browser.ts';

const grouped = (value: string | number): string => {
  const [whole = '', rest] = String(value).split('.');
  return [whole.replace(/\B(?=(\d{3})+$)/g, ','), ...(rest === undefined ? [] : [rest])].join('.');
};
export const yuan = (amount: string | null): string => {
  if (amount === null) return '–';
  return amount.startsWith('-') ? `−¥${grouped(amount.slice(1))}` : `¥${grouped(amount)}`;
};

interface Compared {
  readonly api: ServedApi;
  readonly page: Page;
  readonly account: string;
  /** `asOf=…` or `asOfPosition=…`; empty: now. */
  readonly at?: string;
}

const withAt = (path: string, at: string | undefined): string =>
  at ? `${path}${path.includes('?') ? '&' : '?'}${at}` : path;

const readers = ({ api, page, account, at }: Compared) => ({
  get: async (path: string) => (await api.ok('GET', withAt(`/accounts/${account}${path}`, at))).body,
  /** Goes to a part of the account and waits until nothing is loading. */
  go: async (path: string): Promise<void> => {
    await open(page, withAt(`/accounts/${account}${path}`, at));
    await page.getByRole('heading', { level: 1, name: account, exact: true }).waitFor();
    await expect.poll(() => page.locator('main [aria-busy=true]').count()).toBe(0);
  },
  region: (name: string) => page.getByRole('region', { name, exact: true }),
});

/** Cells of the rows of a table by its name. */
const cellsOf = async (page: Page, name: string): Promise<readonly string[][]> => {
  const table = page.locator('table', { has: page.locator(`caption:text-is(${JSON.stringify(name)})`) });
  return (await table
    .first()
    .locator('tbody tr')
    .evaluateAll((rows: { cells: Iterable<{ textContent: string | null }> }[]) =>
      rows.map(({ cells }) => Array.from(cells, ({ textContent }) => (textContent ?? '').trim())),
    )) as string[][];
};

/** The summary: balances, the month so far, tiers, free calls, the balance by day. */
export const summaryAgrees = async (compared: Compared): Promise<void> => {
  const { page } = compared;
  const { get, go } = readers(compared);
  await go('');
  const { balance } = await get('');
  const cards = page.locator('main dl').first();
  for (const amount of [balance.total, balance.available, balance.frozen])
    await cards.getByText(yuan(amount), { exact: false }).first().waitFor();
  const { lines, total } = await get('/estimate');
  if (lines.length > 0) await page.locator('main tfoot').getByText(yuan(total)).waitFor();
  for (const { meter, amount, quantity, next } of (await get('/tiers')).items) {
    const gauge = page.locator(`[data-meter="${meter}"]`);
    await gauge.first().waitFor();
    const shown = await gauge.first().locator('dd').allInnerTexts();
    expect([meter, ...shown]).toEqual([
      meter,
      ...[amount, ...(next ? [next.before, next.past] : [])].map(yuan),
    ]);
    const said = await gauge.first().innerText();
    expect(said).toContain(`${grouped(quantity)} counted`);
    if (next) expect(said).toContain(`${grouped(next.calls)} more reach`);
    expect(said.includes('Cliff:')).toBe(next?.isCliff === true);
    expect(said.includes('less than now')).toBe(typeof next?.saves === 'string');
  }
  const used = (await get('/allowances')).items.filter(({ used: calls }: { used: number }) => calls > 0);
  if (used.length > 0)
    expect(await cellsOf(page, 'Free allowance this month')).toEqual(
      used.map(({ pool, left, used: calls, granted }: Record<string, string>) =>
        [pool, left, calls, granted].map((value) => grouped(value ?? '')),
      ),
    );
  const { now } = await get('/balances?limit=1');
  const [first] = await cellsOf(page, 'Balance over time');
  expect(first?.slice(1)).toEqual([now.available, now.frozen, now.total].map(yuan));
};

/** Packs, and every deduction of each. */
export const packsAgree = async (compared: Compared, most = 3): Promise<void> => {
  const { page } = compared;
  const { get, go } = readers(compared);
  await go('/packs');
  const packs = (await get('/packs')).items;
  const rows = await cellsOf(page, 'All packs there ever were');
  expect(rows.length).toBe(packs.length);
  for (const [i, { pack, pool, remaining, size, price, forfeited }] of packs.entries()) {
    const row = rows[i] ?? [];
    expect(row.slice(0, 2)).toEqual([pack, pool]);
    expect(row[2]).toBe(`${grouped(remaining)} of ${grouped(size)} left`);
    expect([row[4], row[5]]).toEqual([grouped(forfeited), yuan(price)]);
  }
  for (const { pack } of packs.slice(0, most)) {
    await go(`/packs?pack=${pack}`);
    const { items } = await get(`/packs/${pack}/deductions`);
    const shown = items.length === 0 ? [] : await cellsOf(page, 'Every deduction');
    expect(shown.map((cells) => [cells[2], cells[4]])).toEqual(
      items.map(({ before, after }: Record<string, number>) => [grouped(before ?? 0), grouped(after ?? 0)]),
    );
    for (const [i, { deducted, record }] of items.entries()) {
      if (deducted > 0) expect(shown[i]?.[3]).toContain(`−${grouped(deducted)}`);
      if (record) expect(shown[i]?.[5]).toBe(`${record.source} ${record.id}`);
    }
  }
};

/** A month's usage by interface, and by day and interface. */
export const usageAgrees = async (compared: Compared, month: string): Promise<void> => {
  const { page } = compared;
  const { get, go } = readers(compared);
  await go(`/usage?month=${month}`);
  const names = ['records', 'calls', 'free', 'packs', 'postPaid'] as const;
  const figures = (one: Record<string, string | number>) => names.map((name) => grouped(one[name] ?? 0));
  const days = (await get(`/usage?month=${month}&by=day&limit=1000`)).items;
  if (days.length === 0) return void (await page.getByText('No usage was recorded').waitFor());
  expect(await cellsOf(page, 'By day and interface')).toEqual(
    days.map((one: Record<string, string | number>) => [one['day'], one['interface'], ...figures(one)]),
  );
  const { items } = await get(`/usage?month=${month}&by=interface&limit=1000`);
  expect(await cellsOf(page, 'By interface')).toEqual(
    items.map((one: Record<string, string | number>) => [one['interface'], ...figures(one)]),
  );
};

/** Bills, notices and events. */
export const listsAgree = async (compared: Compared): Promise<void> => {
  const { page } = compared;
  const { get, go } = readers(compared);
  await go('/bills');
  const bills = (await get('/bills')).items.toReversed();
  if (bills.length > 0)
    expect((await cellsOf(page, 'Bills')).map((cells) => cells.slice(1, 3))).toEqual(
      bills.map(({ due, total }: Record<string, string>) => [yuan(due ?? null), yuan(total ?? null)]),
    );
  await go('/notices');
  const notices = (await get('/notices?order=newest')).items;
  if (notices.length > 0) expect((await cellsOf(page, 'Notices')).length).toBe(notices.length);
  await go('/events');
  const events = (await get('/events?order=newest&limit=50')).items;
  expect((await cellsOf(page, 'Events')).map((cells) => [cells[0], cells[2], cells[4]])).toEqual(
    events.map(({ revision, type, hash }: Record<string, string>) => [
      ...[String(revision), type, `${hash?.slice(0, 12)}…`],
    ]),
  );
};
