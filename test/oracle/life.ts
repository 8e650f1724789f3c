/** A random life of an account, through a ledger on any store and through the naive oracle. */
import { expect } from 'vitest';
import { randomFrom } from '../../src/demo/random.ts';
import type { Bill } from '../../src/domain/bill.ts';
import type { EventStore } from '../../src/eventstore/event-store.ts';
import { givenLedger } from '../support/given.ts';
import { agrees } from './agreement.ts';
import { after, monthOf, monthStart, Oracle } from './oracle.ts';
import { type Living, step } from './steps.ts';
import { TOY_BOOKS } from './toy-books.ts';

const OPENED = '2019-01-01T00:00:00+08:00';
const HOUR = 3_600_000;

const iso = (at: number): string => new Date(at).toISOString();

/** Situations that were met, over all lives: a generator that never meets one tests nothing there. */
const openMet = () => {
  const met = new Map<string, number>();
  return { meet: (what: string): void => void met.set(what, (met.get(what) ?? 0) + 1), met };
};

/** Lives the life of a seed on a new ledger in a store, beside the oracle; throws where they differ. */
const life = async (seed: number, store: EventStore, meet: (what: string) => void): Promise<void> => {
  const random = randomFrom(seed);
  const given = await givenLedger([], { books: TOY_BOOKS.first, opened: OPENED, store });
  const oracle = new Oracle();
  oracle.books = [...TOY_BOOKS.first];
  oracle.opened = Date.parse(OPENED);
  let now = oracle.opened;
  let count = 0;
  const bills = new Map<string, Bill>();

  const command: Living['command'] = async (name, body, expected) => {
    const answer = await given.when(iso(now), name, body);
    meet(`${name} ${expected}`);
    expect(answer.outcome === 'refused' ? answer.refusal.code : 'ok', `${name} ${JSON.stringify(body)}`).toBe(
      expected,
    );
    if (answer.outcome !== 'done') return;
    for (const { event } of answer.events)
      if (event.type === 'MonthClosed') bills.set(event.data.bill.month, event.data.bill);
  };

  const living: Living = { given, oracle, random, command, fresh: () => `r${++count}`, meet };

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
    await step(living, now);
  }
  now = monthStart(after(monthOf(now))) + 4 * HOUR;
  const last = oracle.closed.at(-1)?.month;
  for (let month = last ? after(last) : '2019-01'; month < monthOf(now); month = after(month)) {
    await command('close-month', { month }, oracle.close(now, month));
  }
  await agrees(living, bills, now);
  await given.ledger.close();
};

/** Lives the lives of so many seeds, each on a store of its own; throws with the seed of the first that differs. */
export const lives = async (count: number, open: () => EventStore): Promise<ReadonlyMap<string, number>> => {
  const { met, meet } = openMet();
  const first = Number(process.env['SUANPAN_SEED'] ?? 1);
  for (let seed = first; seed < first + count; seed++) {
    try {
      await life(seed, open(), meet);
    } catch (error) {
      throw new Error(`life ${seed} differs (run it alone with SUANPAN_SEED=${seed})`, { cause: error });
    }
  }
  if (process.env['SUANPAN_SHOW']) console.log(Object.fromEntries([...met].sort()));
  return met;
};
