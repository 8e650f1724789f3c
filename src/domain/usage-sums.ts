/** Sums of usage: added up, and what a correction changes in them. */
import { packCalls } from './account.ts';
import type { AccountEvent, EventOf, Tally, UsageSum } from './events.ts';

type Sums = Pick<UsageSum, 'records' | 'calls' | 'free' | 'packs' | 'postPaid' | 'waived'>;

/** The changes that an event makes to what was counted; none of an event that meters and corrects nothing. */
export const talliesOf = (event: AccountEvent): readonly Tally[] =>
  event.type === 'CallsMetered' || event.type === 'UsageCorrected' ? event.data.tallies : [];

/** The points that an event takes from packs, in order; below zero: that go back to them. */
export const packPointsOf = (event: AccountEvent): readonly (readonly [pack: string, points: number])[] =>
  talliesOf(event).flatMap(({ runs }) =>
    runs.map(([pack, units, weight = 1]) => [pack, units * weight] as const),
  );

/** The sum of two sums of one thing. */
export const addedSums = (a: Sums, b: Sums): Sums => {
  const waived = (a.waived ?? 0) + (b.waived ?? 0);
  return {
    records: a.records + b.records,
    calls: a.calls + b.calls,
    free: a.free + b.free,
    packs: a.packs + b.packs,
    postPaid: a.postPaid + b.postPaid,
    ...(waived === 0 ? {} : { waived }),
  };
};

/** What a correction changes on the day of its record, by measure; it does not count as a record. */
export const correctionSums = (data: EventOf<'UsageCorrected'>['data']): UsageSum[] => {
  const { interface: id, day, from, to, quantities, tallies } = data;
  const changes = quantities
    ? [...new Set([...Object.keys(quantities.from), ...Object.keys(quantities.to)])].map(
        (measure) => [measure, (quantities.to[measure] ?? 0) - (quantities.from[measure] ?? 0)] as const,
      )
    : [[undefined, to - from] as const];
  return changes.map(([measure, calls]) => {
    const own = tallies.filter((tally) => tally.measure === measure);
    const waived = own.reduce((sum, tally) => sum + (tally.waived ?? 0), 0);
    return {
      interface: id,
      ...(measure === undefined ? {} : { measure }),
      day,
      records: 0,
      calls,
      free: own.reduce((sum, { free }) => sum + free, 0),
      packs: own.reduce((sum, tally) => sum + packCalls(tally), 0),
      postPaid: own.reduce((sum, { postPaid }) => sum + postPaid, 0),
      ...(waived === 0 ? {} : { waived }),
    };
  });
};
