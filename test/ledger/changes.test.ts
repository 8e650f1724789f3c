/** What changed between two instants or positions: how an account stood, the facts, how it stands. Drafts as of then. */
import { describe, expect, test } from 'vitest';
import type { Until } from '../../src/ledger/queries/as-of.ts';
import { entryAsOf } from '../../src/ledger/queries/as-of.ts';
import { changesBetween } from '../../src/ledger/queries/changes.ts';
import { catalogueAsOf, estimate } from '../../src/ledger/queries/estimate.ts';
import { ACCOUNT, type Given, givenLedger, instant } from '../support/given.ts';

const COMPARE = 'face-recognition/compare';
const lived = async (): Promise<Given> => {
  const given = await givenLedger(['face-recognition']);
  await given.has('2019-01-02T00:00:00+08:00', 'deposit', { amount: '9000', reference: 'w' });
  await given.has('2019-01-03T00:00:00+08:00', 'buy-packs', { pool: COMPARE, size: 1_000_000, quantity: 1 });
  await given.meters('2019-01-10T00:00:00+08:00', COMPARE, 10_100);
  await given.meters('2019-01-20T00:00:00+08:00', 'face-recognition/search', 20_000);
  await given.closes('2019-01', '2019-02-01T04:00:00+08:00');
  return given;
};
const at = (text: string): Until => ({ at: instant(text) });
const between = ({ ledger }: Given, from: Until, to: Until, limit = 100, cursor?: number) =>
  changesBetween(ledger.store, ACCOUNT, { from, to }, { limit, cursor });

describe('changes', () => {
  test('list the facts after the first instant up to the second, and both ends', async () => {
    const given = await lived();
    const told = await between(given, at('2019-01-02T12:00:00+08:00'), at('2019-01-10T00:00:00+08:00'));
    expect(told.items.map(({ type }) => type)).toEqual(['PackPurchased', 'CallsMetered']);
    expect([told.before?.balance.total, told.after?.balance.total]).toEqual(['9000.00', '5900.00']);
    expect(told.balance).toEqual({ total: '-3100.00', available: '-3100.00', frozen: '0.00' });
    expect([told.before?.packs, told.after?.packs.map(({ remaining }) => remaining)]).toEqual([
      [],
      [999_900],
    ]);
    expect([told.facts, told.next]).toEqual([2, null]);
  });

  test('from before the account was open have nothing before; between the same instant nothing changed', async () => {
    const given = await lived();
    const told = await between(given, at('2018-12-01T00:00:00Z'), at('2019-01-02T00:00:00+08:00'));
    expect([told.before, told.items[0]?.type, told.balance.total]).toEqual([
      null,
      'AccountOpened',
      '9000.00',
    ]);
    const none = await between(given, at('2019-01-10T00:00:00+08:00'), at('2019-01-10T00:00:00+08:00'));
    expect([none.items, none.facts, none.before]).toEqual([[], 0, none.after]);
  });

  test('come in pages; a close is listed without the account that it carries', async () => {
    const given = await lived();
    const [from, to] = [at('2019-01-19T00:00:00+08:00'), at('2019-03-01T00:00:00+08:00')];
    const whole = await between(given, from, to);
    expect(whole.items.map(({ type }) => type).slice(0, 3)).toEqual([
      'CallsMetered',
      'MonthClosed',
      'BillSettled',
    ]);
    expect(Object.keys(whole.items[1]?.data ?? {}).sort()).toEqual(['bill', 'catalogue']);
    const paged = [];
    for (let cursor: number | undefined; ; ) {
      const page = await between(given, from, to, 2, cursor);
      paged.push(...page.items);
      if (page.next === null) break;
      cursor = page.next;
    }
    expect(paged).toEqual(whole.items);
  });

  test('between positions are by what the ledger knew', async () => {
    const given = await lived();
    const stored = await given.ledger.store.read(`account-${ACCOUNT}`, {
      ...{ from: 0, limit: 10, direction: 'forwards', records: false },
    } as const);
    const [from = '', to = ''] = [stored[2]?.position, stored[4]?.position];
    const told = await between(given, { position: from }, { position: to });
    expect(told.items.map(({ revision }) => revision)).toEqual([3, 4]);
  });
});

describe('an estimate as of an instant', () => {
  const draft = async ({ ledger }: Given, text: string, month?: string) => {
    const { store, calendar } = ledger;
    const until = at(text);
    const open = { store, calendar, catalogue: ledger.catalogue() };
    const entry = await entryAsOf(store, ACCOUNT, until);
    return estimate(open, entry, { now: instant(text), month, until });
  };

  test('is the draft as it was then, of the month of then', async () => {
    const given = await lived();
    const early = await draft(given, '2019-01-15T00:00:00+08:00');
    expect([early.month, early.status, early.lines.map(({ meter }) => meter)]).toEqual([
      '2019-01',
      'draft',
      [COMPARE],
    ]);
    expect(early.events.to).toBe(4);
    expect((await draft(given, '2019-01-31T00:00:00+08:00')).due).toBe('32.00');
    expect((await draft(given, '2019-02-03T00:00:00+08:00')).lines).toEqual([]);
  });

  test('knows only the editions published by then', async () => {
    const given = await lived();
    const { ledger } = given;
    const known = ledger.catalogue().published.length;
    expect(
      (await catalogueAsOf(ledger.store, ledger.catalogue(), at('2030-01-01T00:00:00Z'))).published.length,
    ).toBe(known);
    expect(
      (await catalogueAsOf(ledger.store, ledger.catalogue(), at('2000-01-01T00:00:00Z'))).published,
    ).toEqual([]);
  });
});
