/** Random lives through the ledger and through the naive oracle: no difference in any answer, bill, balance or pack. */
import { expect, test } from 'vitest';
import { replayStream } from '../../src/audit/replay.ts';
import { type Random, randomFrom } from '../../src/demo/random.ts';
import { available, openSuspensions, packState } from '../../src/domain/account.ts';
import type { Bill } from '../../src/domain/bill.ts';
import type { CommandName } from '../../src/edge/commands.ts';
import { ACCOUNT, type Given, givenLedger } from '../support/given.ts';
import { runs } from '../support/proof.ts';
import { after, monthOf, monthStart, Oracle, text } from './oracle.ts';
import { TOY_BOOKS, TOY_INTERFACES } from './toy-books.ts';

const OPENED = '2019-01-01T00:00:00+08:00';
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

const iso = (at: number): string => new Date(at).toISOString();

/** Situations that were met, over all lives: a generator that never meets one tests nothing there. */
const met = new Map<string, number>();
const meet = (what: string): void => void met.set(what, (met.get(what) ?? 0) + 1);

const life = async (seed: number): Promise<void> => {
  const random = randomFrom(seed);
  const given = await givenLedger([], { books: TOY_BOOKS.first, opened: OPENED });
  const oracle = new Oracle();
  oracle.books = [...TOY_BOOKS.first];
  oracle.opened = Date.parse(OPENED);
  let now = oracle.opened;
  let count = 0;
  const bills = new Map<string, Bill>();

  const command = async (name: CommandName, body: object, expected: string): Promise<void> => {
    const answer = await given.when(iso(now), name, body);
    meet(`${name} ${expected}`);
    expect(answer.outcome === 'refused' ? answer.refusal.code : 'ok', `${name} ${JSON.stringify(body)}`).toBe(
      expected,
    );
    if (answer.outcome !== 'done') return;
    for (const { event } of answer.events)
      if (event.type === 'MonthClosed') bills.set(event.data.bill.month, event.data.bill);
  };

  for (const product of ['alpha', 'beta', 'gamma'] as const) {
    if (random.perMille(950)) {
      now += random.between(0, 3) * HOUR;
      oracle.activated.set(product, now);
      await command('activate-service', { product }, 'ok');
    }
  }
  if (random.perMille(800))
    await command(
      'deposit',
      { amount: '300', reference: 'first' },
      oracle.payIn(now, 'deposit', '300', 'first'),
    );
  const steps = random.between(15, 70);
  for (let i = 0; i < steps; i++) {
    now += random.pick([
      0,
      1,
      HOUR,
      24 * HOUR,
      5 * 24 * HOUR,
      random.perMille(30) ? 200 * 24 * HOUR : 7 * HOUR,
    ]);
    const expiry = oracle.packs.at(-1)?.until ?? now;
    if (random.perMille(15) && expiry > now) now = expiry;
    oracle.pass(now);
    await step(given, oracle, random, now, command, () => `r${++count}`);
  }
  now = monthStart(after(monthOf(now))) + 4 * HOUR;
  const last = oracle.closed.at(-1)?.month;
  for (let month = last ? after(last) : '2019-01'; month < monthOf(now); month = after(month)) {
    await command('close-month', { month }, oracle.close(now, month));
  }
  await agrees(given, oracle, bills, now);
};

const step = async (
  given: Given,
  oracle: Oracle,
  random: Random,
  now: number,
  command: (name: CommandName, body: object, expected: string) => Promise<void>,
  fresh: () => string,
): Promise<void> => {
  const what = random.between(0, 99);
  if (what < 55) return report(given, oracle, random, now, fresh);
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

const report = async (
  given: Given,
  oracle: Oracle,
  random: Random,
  now: number,
  fresh: () => string,
): Promise<void> => {
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

const agrees = async (given: Given, oracle: Oracle, bills: Map<string, Bill>, now: number): Promise<void> => {
  const account = await given.account();
  const { total, frozen } = account;
  expect({ total, frozen, available: available(account) }).toEqual({
    total: text(oracle.total()),
    frozen: text(oracle.frozen),
    available: text(oracle.available()),
  });
  expect(
    openSuspensions(account)
      .map(({ reason }) => reason)
      .sort(),
  ).toEqual(
    oracle.suspended
      .filter((s) => s.to === Infinity)
      .map((s) => s.why)
      .sort(),
  );
  expect(account.packs.map((p) => [p.pool, packState(p, now), p.void ? 0 : p.left])).toEqual(
    oracle.packs.map((p) => {
      const left = oracle.left(p);
      return [p.pool, p.void ? 'void' : left === 0 ? 'used_up' : now < p.until ? 'usable' : 'expired', left];
    }),
  );
  for (const { month, bill } of oracle.closed) {
    const own = bills.get(month);
    meet('a bill');
    if (bill.corrections.some(({ amount }) => amount.startsWith('-'))) meet('a negative correction');
    expect(own && shortBill(own), month).toEqual(bill);
  }
  const of = {
    store: given.ledger.store,
    calendar: given.ledger.calendar,
    catalogue: given.ledger.catalogue(),
  };
  for await (const { match, month, differences } of replayStream(of, `account-${ACCOUNT}`)) {
    expect({ month, match, differences }).toEqual({ month, match: true, differences: [] });
  }
};

const shortBill = (bill: Bill) => ({
  lines: bill.lines.map(({ meter, metered, free, packs, postPaid, voucher, amount }) => ({
    meter,
    metered,
    free,
    packs,
    postPaid,
    voucher,
    amount,
  })),
  corrections: bill.corrections.map(({ month, meter, calls, amount }) => ({ month, meter, calls, amount })),
  due: bill.due,
  packsTotal: bill.packsTotal,
  total: bill.total,
  unfrozen: bill.unfrozen,
  frozen: bill.frozen.total,
});

test('random account lives agree with the oracle, and replay', { timeout: 3_600_000 }, async () => {
  const lives = runs('random account lives against the oracle', 300, 10_000);
  const first = Number(process.env['SUANPAN_SEED'] ?? 1);
  for (let seed = first; seed < first + lives; seed++) {
    try {
      await life(seed);
    } catch (error) {
      throw new Error(`life ${seed} differs (run it alone with SUANPAN_SEED=${seed})`, { cause: error });
    }
  }
  if (process.env['SUANPAN_SHOW']) console.log(Object.fromEntries([...met].sort()));
  for (const situation of [
    'usage accepted',
    'usage duplicate',
    'usage conflict',
    'usage suspended',
    'usage in_the_future',
    'close-month price_not_agreed',
    'close-month month_out_of_order',
    'buy-packs insufficient_funds',
    'credit pack_not_usable',
    'deposit reference_used',
    'correct-usage record_unknown',
    'a negative correction',
    'a price filled in later',
  ]) {
    expect(met.get(situation) ?? 0, situation).toBeGreaterThan(0);
  }
});
