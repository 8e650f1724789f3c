/** The statement of an account: given facts, then rows that add up. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calendarOf, instantText } from '../../src/domain/calendar.ts';
import { plus, sum } from '../../src/domain/money.ts';
import type { EventStore } from '../../src/eventstore/event-store.ts';
import { csvFile } from '../../src/exports/csv.ts';
import { PeriodMalformed, periodOf } from '../../src/exports/period.ts';
import { StatementDoesNotAddUp, statementOf } from '../../src/exports/statement.ts';
import { STATEMENT_COLUMNS, statementRows } from '../../src/exports/statement-csv.ts';
import { ACCOUNT, type Given, givenLedger, instant } from '../support/given.ts';
import { runs } from '../support/proof.ts';
import { recordsOf, whole } from './parsed-csv.ts';

const SHANGHAI = calendarOf('Asia/Shanghai');
const over = (given: Given, asked: Parameters<typeof periodOf>[1] = {}) =>
  statementOf(given.ledger.store, ACCOUNT, periodOf(SHANGHAI, asked));

/** Deposit, two packs, a month's use, close in February; then a credit and another deposit. */
const lived = async (): Promise<Given> => {
  const given = await givenLedger(['face-recognition']);
  await given.has('2019-01-02T00:00:00+08:00', 'deposit', { amount: '300000', reference: '=wire' });
  await given.has('2019-01-03T00:00:00+08:00', 'buy-packs', {
    pool: 'face-recognition/compare',
    size: 1_000_000,
    quantity: 2,
  });
  await given.meters('2019-01-10T00:00:00+08:00', 'face-recognition/search', 2_000_000);
  await given.closes('2019-01', '2019-02-01T04:00:00+08:00');
  await given.has('2019-02-02T00:00:00+08:00', 'credit', {
    amount: '5.50',
    reference: 'c-1',
    reason: 'sorry',
  });
  await given.closes('2019-02', '2019-03-01T04:00:00+08:00');
  return given;
};

describe('a statement', () => {
  test('shows what moved the balance, one entry a fact, and freezes apart', async () => {
    const statement = await over(await lived());
    expect(statement).toMatchObject({
      opening: '0.00',
      entries: [
        {
          at: '2019-01-01T16:00:00.000Z',
          kind: 'deposit',
          reference: '=wire',
          amount: '300000.00',
          balance: '300000.00',
        },
        {
          kind: 'packs',
          reference: 'face-recognition/compare',
          packs: 2,
          amount: '-6200.00',
          balance: '293800.00',
        },
        { kind: 'settlement', reference: '2019-01', amount: '-6368.00', balance: '287432.00' },
        { kind: 'credit', reference: 'c-1', amount: '5.50', balance: '287437.50' },
      ],
      sums: { deposit: '300000.00', packs: '-6200.00', settlement: '-6368.00', credit: '5.50' },
      closing: '287437.50',
      frozen: {
        opening: '0.00',
        freezes: [
          { kind: 'frozen', amount: '7641.60', before: '0.00', after: '7641.60' },
          { kind: 'unfrozen', amount: '7641.60', before: '7641.60', after: '0.00' },
        ],
        closing: '0.00',
      },
    });
  });

  test('of a month opens with what the month before closed with; its bounds are half-open', async () => {
    const given = await lived();
    expect(await over(given, { month: '2019-01' })).toMatchObject({
      from: '2018-12-31T16:00:00.000Z',
      to: '2019-01-31T16:00:00.000Z',
      closing: '293800.00',
    });
    expect(await over(given, { month: '2019-02' })).toMatchObject({
      opening: '293800.00',
      closing: '287437.50',
    });
    const at = '2019-01-03T00:00:00+08:00';
    expect((await over(given, { to: at }))?.entries).toHaveLength(1);
    expect((await over(given, { from: at }))?.entries[0]).toMatchObject({ kind: 'packs' });
    expect(await over(given, { from: '2019-01-03', to: '2019-01-04' })).toMatchObject({
      opening: '300000.00',
      closing: '293800.00',
    });
    expect(await over(given, { from: '2030-01' })).toMatchObject({
      opening: '287437.50',
      entries: [],
      closing: '287437.50',
    });
  });

  test('of nobody is none; what is no period is refused', async () => {
    const given = await givenLedger();
    expect(await statementOf(given.ledger.store, 'nobody', { from: null, to: null })).toBeNull();
    for (const asked of [
      { from: 'x' },
      { from: '2019-02-30' },
      { month: '2019-13' },
      { from: '2019-02', to: '2019-01' },
      { month: '2019-01', to: '2019-02' },
    ])
      expect(() => periodOf(SHANGHAI, asked)).toThrow(PeriodMalformed);
  });

  test('that does not add up is not given out: the event is named', async () => {
    const { store } = (await lived()).ledger;
    const tampered: EventStore = {
      ...store,
      read: async (stream, options) =>
        (await store.read(stream, options)).map((event) => ({
          ...event,
          data: event.data.replace('"total":"293800.00"', '"total":"293800.01"'),
        })),
    };
    const failing = statementOf(tampered, ACCOUNT, { from: null, to: null });
    await expect(failing).rejects.toThrow(StatementDoesNotAddUp);
    await expect(failing).rejects.toThrow(/event \d+ of account-acme: the balance adds up to 293800.00/);
  });

  test('as CSV has its parts in order, amounts as numbers and references as harmless text', async () => {
    const given = await lived();
    const statement = await over(given);
    if (!statement) throw new Error('no statement');
    const rows = recordsOf(
      await whole(csvFile(STATEMENT_COLUMNS, statementRows(statement, given.ledger.calendar))),
    );
    const balance = rows.filter(({ part }) => part === 'balance');
    expect(balance.map(({ kind }) => kind)).toEqual([
      'opening',
      'deposit',
      'packs',
      'settlement',
      'credit',
      'closing',
    ]);
    expect(balance[1]).toMatchObject({ reference: "'=wire", amount: '300000.00', after: '300000.00' });
    expect(rows.filter(({ part }) => part === 'frozen').map(({ amount }) => amount)).toEqual([
      '',
      '7641.60',
      '-7641.60',
      '',
    ]);
    expect(sum(balance.map(({ amount }) => amount || '0'))).toBe('287437.50');
  });
});

test('any life adds up, and statements that follow each other join', async () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('deposit' as const), cents: fc.integer({ min: 1, max: 10_000_000 }) }),
    fc.record({ kind: fc.constant('credit' as const), cents: fc.integer({ min: 1, max: 99_999 }) }),
    fc.record({ kind: fc.constant('packs' as const), quantity: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ kind: fc.constant('usage' as const), calls: fc.integer({ min: 1, max: 9_000_000 }) }),
    fc.constant({ kind: 'close' as const }),
  );
  const cuts = fc.array(fc.integer({ min: 0, max: 30 * 24 }), { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 14 }), cuts, async (steps, hours) => {
      const given = await givenLedger(['face-recognition']);
      let now = instant('2019-01-02T00:00:00+08:00');
      let month = '2019-01';
      for (const [i, one] of steps.entries()) {
        now += 3_600_000 * 7;
        const at = instantText(now);
        const money =
          'cents' in one ? `${Math.floor(one.cents / 100)}.${String(one.cents % 100).padStart(2, '0')}` : '0';
        if (one.kind === 'deposit') await given.when(at, 'deposit', { amount: money, reference: `d${i}` });
        if (one.kind === 'credit')
          await given.when(at, 'credit', { amount: money, reference: `c${i}`, reason: 'r' });
        if (one.kind === 'packs')
          await given.when(at, 'buy-packs', {
            pool: 'face-recognition/compare',
            size: 1_000_000,
            quantity: one.quantity,
          });
        if (one.kind === 'usage') await given.meters(at, 'face-recognition/compare', one.calls);
        if (one.kind === 'close') {
          const next = periodOf(SHANGHAI, { month }).to ?? 0;
          now = Math.max(now, next + 1_000);
          await given.closes(month, instantText(now));
          month = SHANGHAI.monthOf(next);
        }
      }
      const { store } = given.ledger;
      const start = instant('2019-01-01T00:00:00+08:00');
      const bounds = [null, ...hours.map((hour) => start + hour * 7_200_000).sort((a, b) => a - b), null];
      const whole = await statementOf(store, ACCOUNT, { from: null, to: null });
      let [balance, frozen, entries] = ['0.00', '0.00', 0];
      for (let i = 0; i + 1 < bounds.length; i++) {
        const part = await statementOf(store, ACCOUNT, {
          from: bounds[i] ?? null,
          to: bounds[i + 1] ?? null,
        });
        if (!part) throw new Error('no statement');
        expect([part.opening, part.frozen.opening]).toEqual([balance, frozen]);
        expect(plus(part.opening, sum(part.entries.map(({ amount }) => amount)))).toBe(part.closing);
        expect(plus(part.opening, sum(Object.values(part.sums)))).toBe(part.closing);
        [balance, frozen, entries] = [part.closing, part.frozen.closing, entries + part.entries.length];
      }
      const account = await given.account();
      expect([balance, frozen]).toEqual([account.total, account.frozen]);
      expect(entries).toBe(whole?.entries.length);
    }),
    { seed: 7, numRuns: runs('statements add up and join', 15, 2_000) },
  );
});
