/** What may happen in a random life: a command or a report, done by the ledger and by the oracle, and compared. */
import { expect } from 'vitest';
import type { Random } from '../../src/demo/random.ts';
import type { CommandName } from '../../src/input/commands.ts';
import { ACCOUNT, type Given } from '../support/given.ts';
import { after, monthOf, monthStart, type Oracle } from './oracle.ts';
import { TOY_BOOKS, TOY_INTERFACES } from './toy-books.ts';

/** A life under way, in the ledger and in the oracle. */
export interface Living {
  readonly given: Given;
  readonly oracle: Oracle;
  readonly random: Random;
  /** Runs a command that must come to what the oracle says: `ok`, or a refusal's name. */
  readonly command: (name: CommandName, body: object, expected: string) => Promise<void>;
  /** An id no record had. */
  readonly fresh: () => string;
  /** Counts a situation. */
  readonly meet: (what: string) => void;
}

const HOUR = 3_600_000;
type Offer = readonly [pool: string, size: number];
const PACKS: readonly [Offer, ...Offer[]] = [
  ['alpha/a', 7],
  ['alpha/a', 7],
  ['alpha/a', 20],
  ['alpha/b', 20],
  ['beta/x', 6],
  ['gamma/g', 10],
];
const UNSOLD: readonly [Offer, ...Offer[]] = [
  ['gamma/v', 6],
  ['alpha/none', 7],
  ['alpha/b', 7],
];
const METERS = ['alpha/m', 'beta/x', 'gamma/g', 'gamma/beta'] as const;
const PRICES = ['0.2', '0.05', '1', '0.333'] as const;

/** Something that happens in a life at an instant. */
export const step = async (living: Living, now: number): Promise<void> => {
  const { given, oracle, random, command, meet } = living;
  const what = random.between(0, 99);
  if (what < 55) return report(living, now);
  if (what < 63) {
    const amount = random.pick(['0.01', '15.5', '60', '200'] as const);
    const reference = `d${random.between(1, 12)}`;
    return command('deposit', { amount, reference }, oracle.payIn(now, 'deposit', amount, reference));
  }
  if (what < 72) {
    const [pool, size] = random.perMille(80) ? random.pick(UNSOLD) : random.pick(PACKS);
    const quantity = random.between(1, 2);
    return command('buy-packs', { pool, size, quantity }, oracle.buy(now, pool, size, quantity));
  }
  if (what < 80) {
    const record = oracle.records.at(-random.between(1, Math.min(8, Math.max(1, oracle.records.length))));
    const id = random.perMille(50) || !record ? 'nothing' : record.id;
    const source = record?.source ?? '/g';
    const calls = random.pick([0, 1, random.between(0, 30)]);
    return command(
      'correct-usage',
      { source, record: id, calls, reason: 'x' },
      oracle.correct(source, id, calls),
    );
  }
  if (what < 84) {
    const number = random.perMille(500) ? random.between(1, oracle.packs.length + 1) : undefined;
    const amount = random.pick(['0.5', '3'] as const);
    const reference = `c${random.between(1, 9)}`;
    const pack = number === undefined ? {} : { pack: `pack-${String(number).padStart(6, '0')}` };
    return command(
      'credit',
      { amount, reference, reason: 'x', ...pack },
      oracle.payIn(now, 'credit', amount, reference, number),
    );
  }
  if (what < 88) {
    const meter = random.pick(METERS);
    const from = `2019-0${random.between(1, 4)}`;
    const until = random.perMille(500) ? `2019-0${random.between(5, 9)}` : null;
    const ladder = {
      mode: random.pick(['volume', 'graduated'] as const),
      tierBy: random.pick(['post_paid', 'post_paid_and_free', 'metered'] as const),
      bounds: random.pick(['upper', 'lower'] as const),
      per: 1 as const,
      tiers: [
        { above: 0, upTo: 10, unitPrice: random.pick(PRICES) },
        { above: 10, upTo: null, unitPrice: random.pick(PRICES) },
      ],
    };
    oracle.contracts.push({ meter, from, until, ladder });
    return command('agree-price', { meter, from, until, ladder }, 'ok');
  }
  if (what < 90 || (oracle.isSuspended('prohibited') && random.perMille(500))) {
    if (oracle.isSuspended('prohibited')) {
      oracle.lift('prohibited', now);
      return command('lift-suspension', {}, 'ok');
    }
    oracle.suspended.push({ why: 'prohibited', from: now, to: Infinity });
    return command('suspend', {}, 'ok');
  }
  if (what < 91 && now >= monthStart('2019-04') && oracle.books.length === TOY_BOOKS.first.length) {
    oracle.books.push(TOY_BOOKS.later);
    const decision = await given.ledger.publish(TOY_BOOKS.later, now);
    meet('a price filled in later');
    expect(decision.outcome).toBe('accepted');
    return;
  }
  const last = oracle.closed.at(-1)?.month;
  const due = last ? after(last) : '2019-01';
  const month = random.perMille(100) ? after(due) : random.perMille(100) && last ? last : due;
  return command('close-month', { month }, oracle.close(now, month));
};

const report = async (living: Living, now: number): Promise<void> => {
  const { given, oracle, random, fresh, meet } = living;
  const batch = Array.from({ length: random.between(1, 4) }, () => {
    const again = oracle.records.at(-random.between(1, 5));
    if (again && random.perMille(80)) {
      const { source, id, interface: name, time, calls, submitted } = again;
      return { source, id, interface: name, time, calls: calls + (random.perMille(300) ? 1 : 0), submitted };
    }
    const name = random.pick(TOY_INTERFACES);
    const pack = oracle.packs.at(-random.between(1, 3));
    const boundary = monthStart(monthOf(now));
    const time = random.pick([
      now,
      now - random.between(0, 40 * 24) * HOUR,
      boundary,
      boundary - 1,
      now + 300_000,
      now + 300_001,
      pack ? pack.at : now,
      pack ? pack.at - 1 : now,
      pack ? pack.until : now,
      pack ? pack.until - 1 : now,
    ]);
    const calls = random.pick([1, 3, 5, 6, 10, 11, 20, 41]);
    const submitted = name === 'gamma/v' ? calls + random.between(0, 3) : null;
    return { source: '/g', id: fresh(), interface: name, time, calls, submitted };
  });
  const outcomes = (await given.ledger.meter(ACCOUNT, batch, now)) ?? [];
  const expected = batch.map((record) => oracle.usage(now, record));
  for (const outcome of expected) meet(`usage ${outcome}`);
  expect(outcomes.map((o) => (o.outcome === 'refused' ? o.code : o.outcome))).toEqual(expected);
};
