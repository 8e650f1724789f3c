/** Twice the packs, contract prices, corrections or editions cost an account about twice the work, counted in steps. */
import { describe, expect, test } from 'vitest';
import type { ExplainedEvent } from '../../src/audit/explain/account-events.ts';
import { explainCorrections } from '../../src/audit/explain/corrections.ts';
import { packSpending } from '../../src/audit/explain/pack-reasons.ts';
import { explainPacks } from '../../src/audit/explain/packs.ts';
import { gatherUsage } from '../../src/audit/explain/usage.ts';
import { type Account, opened, type Pack } from '../../src/domain/account.ts';
import { calendarOf, type Instant } from '../../src/domain/calendar.ts';
import { asPublished, catalogueFrom } from '../../src/domain/catalogue.ts';
import { type AccountCommand, decide } from '../../src/domain/decide.ts';
import { event } from '../../src/domain/events.ts';
import { evolve, fold } from '../../src/domain/evolve.ts';
import { meterUsage } from '../../src/domain/meter-usage.ts';
import { withNotices } from '../../src/domain/notices.ts';
import { nextDue, passTime } from '../../src/domain/pass-time.ts';
import { CURRENT_RULES } from '../../src/domain/rules.ts';
import { sha256 } from '../../src/integrity/sha256.ts';
import { editionOf } from '../../src/ledger/system/catalogue.ts';
import { soundBook, soundLadder } from '../price-books/sound-book.ts';
import { instant } from '../support/given.ts';
import { DOUBLED, growth } from '../support/work.ts';

const calendar = calendarOf('Asia/Shanghai');
const book = {
  ...soundBook,
  interfaces: soundBook.interfaces.map((one) => ({ ...one, counts: 'calls' as const })),
  notices: { low: { below: '0.15', of: 'pool' as const }, channels: ['in_app' as const] },
};
const catalogue = catalogueFrom([editionOf(book)]);
const OPENED = instant('2019-01-01T00:00:00+08:00');
const NOW = instant('2019-06-15T12:00:00+08:00');
const MINUTE = 60_000;
const SIZE = 400;

const packAt = (i: number, purchasedAt: Instant, left = 1): Pack => ({
  pack: `pack-${String(i + 1).padStart(6, '0')}`,
  product: 'toy',
  edition: '2019-01',
  pool: 'toy/a',
  size: 1,
  price: '1.00',
  purchasedAt,
  expiresAt: calendar.monthsAfter(purchasedAt, 12),
  left,
  void: false,
});
const holding = (packs: readonly Pack[], more: Partial<Account> = {}): Account => ({
  ...opened('acme', OPENED, CURRENT_RULES),
  services: { toy: OPENED },
  total: '1000000.00',
  packs,
  ...more,
});
/** Packs of one call each, bought a minute apart. */
const packs = (count: number, from: Instant, left = 1): Pack[] =>
  Array.from({ length: count }, (_, i) => packAt(i, from + i * MINUTE, left));
const records = (count: number, time = NOW) =>
  Array.from({ length: count }, (_, i) => ({
    source: '/g',
    id: String(i),
    interface: 'toy/one',
    time,
    calls: 1,
    submitted: null,
  }));
const metering = (account: Account, count: number) =>
  meterUsage(account, { at: NOW, records: records(count), seen: () => undefined, calendar, catalogue });
const context = {
  at: NOW,
  calendar,
  catalogue,
  sha256,
  head: { stream: 'account-acme', from: 0, to: 1, head: '' },
};

const decided = (account: Account, command: AccountCommand, at = NOW) => {
  const decision = decide(account, command, { ...context, at });
  if (decision.outcome === 'refused') throw new Error(decision.refusal.detail);
  return decision.events;
};

describe('packs', () => {
  test('a batch that empties them one by one', async () => {
    const of = (count: number) => {
      const account = holding(packs(count, OPENED));
      return () =>
        expect(metering(account, count).event?.data.tallies[0]?.runs.length).toBe(
          count - 5 > 0 ? count - 5 : 0,
        );
    };
    expect(await growth(of, SIZE)).toBeLessThan(DOUBLED);
  });

  test('a batch beside packs that are used up, expired or not bought yet', async () => {
    const of = (count: number) => {
      const third = Math.floor(count / 3);
      const account = holding([
        ...packs(third, instant('2018-01-01T00:00:00+08:00')),
        ...packs(third, OPENED, 0),
        ...packs(third, NOW + MINUTE),
      ]);
      return () => expect(metering(account, count).event?.data.tallies[0]?.runs).toEqual([]);
    };
    expect(await growth(of, SIZE)).toBeLessThan(DOUBLED);
  });

  test('their expiries and the notices before them', async () => {
    const of = (count: number) => () => {
      let account = holding(packs(count, OPENED), { clock: OPENED });
      const until = instant('2021-01-01T00:00:00+08:00');
      let happened = 0;
      while (nextDue(account, context) <= until) {
        const facts = passTime(account, until, context);
        account = facts.reduce<Account>(evolve, account);
        happened += facts.length;
      }
      expect(happened).toBe(3 * count);
    };
    expect(await growth(of, SIZE)).toBeLessThan(DOUBLED);
  });

  test('what their holder is told', async () => {
    const of = (count: number) => {
      const account = holding(packs(count, OPENED));
      const { event: metered } = metering(account, count);
      return () => metered && withNotices(account, [metered], context);
    };
    expect(await growth(of, SIZE)).toBeLessThan(DOUBLED);
  });

  test('why each paid for a line, or did not', async () => {
    const of = (count: number) => {
      const account = holding(packs(count, OPENED));
      const { event: metered } = metering(account, count / 2);
      if (!metered) throw new Error('nothing was metered');
      const after = evolve(account, metered);
      const usage = gatherUsage(catalogue, '2019-06');
      usage.add(metered, 0);
      return () => {
        const of = {
          calendar,
          catalogue,
          month: '2019-06',
          usage: usage.of('toy/m'),
          lives: new Map(),
          units: 'calls',
        };
        const { held, more } = explainPacks({ ...of, packs: after.packs, spending: packSpending(after) });
        expect(held.length + more).toBe(count);
      };
    };
    expect(await growth(of, SIZE)).toBeLessThan(DOUBLED);
  });
});

describe('contract prices', () => {
  const contracts = (count: number) =>
    Array.from({ length: count }, () => ({
      product: 'toy',
      meter: 'toy/m',
      from: '2019-01',
      until: null,
      ladder: { ...soundLadder, tiers: [{ above: 0, upTo: null, unitPrice: '0.1' }] },
    }));

  test('a close, an estimate and one more agreement', async () => {
    const of = (count: number) => {
      const account = holding([], { contracts: contracts(count) });
      const agreed = {
        name: 'agree-price',
        body: { meter: 'toy/m', from: '2019-02', until: null, ladder: soundLadder },
      } as const;
      return () => [
        decided(account, { name: 'close-month', body: { month: '2019-01' } }),
        decided(account, agreed),
      ];
    };
    expect(await growth(of, SIZE)).toBeLessThan(DOUBLED);
  });
});

describe('corrections', () => {
  const reported = (id: string) => ({
    ...records(1)[0],
    id,
    source: '/g',
    interface: 'toy/one',
    time: NOW,
    calls: 1,
    submitted: null,
  });

  test('a dispute that is resolved by many', async () => {
    const of = (count: number) => {
      const { event: metered } = metering(holding([]), count);
      if (!metered) throw new Error('nothing was metered');
      const before = evolve(holding([]), metered);
      let account: Account = before;
      for (let month = 1; month <= 6; month++) {
        const name = `2019-0${month}`;
        const at = calendar.startOf(`2019-0${month + 1}`) + MINUTE;
        account =
          fold(
            account,
            decided(account, { name: 'close-month', body: { month: name } }, Math.max(at, NOW)),
          ) ?? account;
      }
      const at = instant('2019-07-02T00:00:00+08:00');
      const opening = {
        name: 'open-dispute',
        body: { month: '2019-06', meter: null, reason: 'wrong', by: null },
      } as const;
      account = fold(account, decided(account, opening, at)) ?? account;
      const corrections = Array.from({ length: count }, (_, i) => ({ source: '/g', id: String(i) }));
      const adjustments = corrections.map(
        ({ id, source }, i): AccountCommand => ({
          ...{ name: 'correct-usage', body: { source, record: id, calls: 0, reason: `wrong ${i}` } },
          held: { reported: reported(id), now: { calls: 1 } },
        }),
      );
      const body = {
        dispute: 'acme:1',
        outcome: 'adjusted',
        note: '',
        by: null,
        credit: null,
        corrections,
      } as const;
      return () => {
        const events = decided(account, { name: 'resolve-dispute', body, adjustments }, at);
        const corrected = fold(account, events);
        expect(corrected?.months['2019-06']?.closed?.changes['toy/m']?.length).toBeLessThan(30);
      };
    };
    expect(await growth(of, 200)).toBeLessThan(DOUBLED);
  });

  test('the lines of a bill that they led to', async () => {
    const of = (count: number) => {
      const lines = Array.from({ length: count / 10 }, (_, i) => ({
        ...{ month: '2019-01', product: 'toy', meter: `toy/m${i}`, calls: -10, amount: '-1.00', reason: '' },
      }));
      const facts = Array.from({ length: count }, (_, i): ExplainedEvent => {
        const tally = {
          month: '2019-01',
          product: 'toy',
          meter: `toy/m${i % lines.length}`,
          pool: null,
          free: 0,
          postPaid: -1,
          runs: [],
        };
        const data = {
          source: '/g',
          id: String(i),
          interface: 'toy/one',
          time: '',
          day: '2019-01-01',
          from: 1,
          to: 0,
          reason: '',
          tallies: [tally],
        };
        return {
          revision: i,
          event: event('UsageCorrected', NOW, data),
          stored: {} as ExplainedEvent['stored'],
        };
      });
      const [closed] = decided(holding([]), { name: 'close-month', body: { month: '2019-01' } });
      if (closed?.type !== 'MonthClosed') throw new Error('nothing was closed');
      const bill = { ...closed.data.bill, corrections: lines };
      return () => {
        const explained = explainCorrections({
          ...{ bill, before: null, account: closed.data.carried, catalogue, events: facts },
        });
        expect(explained.every((line) => line.facts.length === 10)).toBe(true);
      };
    };
    expect(await growth(of, SIZE)).toBeLessThan(DOUBLED);
  });
});

test('editions: reading a catalogue, and one as it was', async () => {
  const of = (count: number) => {
    const editions = Array.from({ length: count }, (_, i) =>
      editionOf({
        ...book,
        edition: `e${i}`,
        effectiveFrom: `${2000 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, '0')}`,
      }),
    );
    return () => asPublished(catalogueFrom(editions), count - 1);
  };
  expect(await growth(of, SIZE)).toBeLessThan(DOUBLED);
});
