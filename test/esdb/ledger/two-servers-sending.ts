/** A sender of work to one server: in an order of its own, some of it twice or cut otherwise, some with another body. */

import { type Random, randomFrom } from '../../../src/demo/random.ts';
import type { UsageRecord } from '../../../src/domain/usage.ts';
import type { Answer } from '../../../src/ledger/account/result.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { type AccountWork, type Order, USED } from './two-servers-work.ts';

/** What all servers answered. */
export interface Told {
  /** How often a record was accepted, by its id. */
  readonly accepted: Map<string, number>;
  /** The answers to a command, by its key. */
  readonly answers: Map<string, Answer[]>;
  /** What should not have been answered. */
  readonly wrong: string[];
}

type Step = (ledger: Ledger) => Promise<void>;

const AT_ONCE = 24;
const LARGEST_BATCH = 180;
const MIXED_ONE_IN = 20;
const TWICE_PER_MILLE = 150;
const FORGED_PER_MILLE = 150;
const FORGED_AT_MOST = 20;

export const nothingTold = (): Told => ({ accepted: new Map(), answers: new Map(), wrong: [] });

/** The same in a random order. */
export const shuffled = <T>(values: readonly T[], random: Random): T[] => {
  const all = [...values];
  for (let i = all.length - 1; i > 0; i--) {
    const j = random.between(0, i);
    const [a, b] = [all[i], all[j]];
    if (a !== undefined && b !== undefined) [all[i], all[j]] = [b, a];
  }
  return all;
};

const batchesOf = (records: readonly UsageRecord[], random: Random): UsageRecord[][] => {
  const batches: UsageRecord[][] = [];
  for (let from = 0; from < records.length; ) {
    const size = random.between(1, LARGEST_BATCH);
    batches.push(records.slice(from, from + size));
    from += size;
  }
  return batches;
};

/** Records in batches of no other server, whose own ones they meet half way. */
const mixedBatches = ({ records }: AccountWork, random: Random): UsageRecord[][] =>
  batchesOf(shuffled(records, random).slice(0, records.length / MIXED_ONE_IN), random);

/** Now and then twice. */
const repeated = (step: Step, random: Random): Step[] =>
  random.perMille(TWICE_PER_MILLE) ? [step, step] : [step];

/** Sends a command; a refusal is wrong. */
export const sending =
  ({ account, command, at, mark }: Order, told: Told): Step =>
  async (ledger) => {
    const answer = await ledger.execute(account, command, at, mark);
    told.answers.set(mark.key, [...(told.answers.get(mark.key) ?? []), answer]);
    if (answer.outcome === 'refused') told.wrong.push(`${mark.key}: ${answer.refusal.code}`);
  };

const reporting =
  (account: string, records: readonly UsageRecord[], told: Told): Step =>
  async (ledger) => {
    const outcomes = (await ledger.meter(account, records, USED)) ?? [];
    for (const [i, { id }] of records.entries()) {
      const outcome = outcomes[i]?.outcome;
      if (outcome === 'accepted') told.accepted.set(id, (told.accepted.get(id) ?? 0) + 1);
      else if (outcome !== 'duplicate') told.wrong.push(`${id}: ${outcome}`);
    }
  };

const forging =
  (account: string, records: readonly UsageRecord[], told: Told): Step =>
  async (ledger) => {
    const forged = records.map((record) => ({ ...record, calls: record.calls + 1 }));
    const outcomes = (await ledger.meter(account, forged, USED)) ?? [];
    for (const [i, { id }] of records.entries())
      if (outcomes[i]?.outcome !== 'conflict') told.wrong.push(`${id} forged: ${outcomes[i]?.outcome}`);
  };

/** A batch and what may only come behind it: itself once more, forged, or corrected. */
const batchSteps = (
  { account, corrections }: AccountWork,
  batch: readonly UsageRecord[],
  random: Random,
  told: Told,
): Step[] => [
  ...repeated(reporting(account, batch, told), random),
  ...(random.perMille(FORGED_PER_MILLE) ? [forging(account, batch.slice(0, FORGED_AT_MOST), told)] : []),
  ...batch.flatMap(({ id }) => {
    const correction = corrections.get(id);
    return correction ? [sending(correction, told)] : [];
  }),
];

/** Runs chains of steps, many at once. */
export const runAll = async (ledger: Ledger, chains: readonly (readonly Step[])[]): Promise<void> => {
  const waiting = chains.values();
  const one = async (): Promise<void> => {
    for (const chain of waiting) for (const step of chain) await step(ledger);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
};

/** Sends all of the work to a server, in the order that a seed gives. */
export const sendAll = async (
  ledger: Ledger,
  work: readonly AccountWork[],
  seed: number,
  told: Told,
): Promise<void> => {
  const random = randomFrom(seed);
  const opening = work.map((own) => own.opening.map((order) => sending(order, told)));
  await runAll(ledger, shuffled(opening, random));
  const chains = work.flatMap((own, n) => [
    ...batchesOf(own.records, randomFrom(n)).map((batch) =>
      batchSteps(own, shuffled(batch, random), random, told),
    ),
    ...mixedBatches(own, random).map((batch) => [reporting(own.account, batch, told)]),
    ...own.orders.map((order) => repeated(sending(order, told), random)),
  ]);
  await runAll(ledger, shuffled(chains, random));
};
