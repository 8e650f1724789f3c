/** Usage by day and interface, from the sums that events carry. Key: account/day. */
import * as z from 'zod';
import { packCalls } from '../domain/account.ts';
import type { EventOf, UsageSum } from '../domain/events.ts';
import type { Projection, Values } from './projection.ts';

const daySum = z.strictObject({
  records: z.int(),
  calls: z.int(),
  free: z.int(),
  packs: z.int(),
  postPaid: z.int(),
  waived: z.int().exactOptional(),
});
export type DaySum = Readonly<z.infer<typeof daySum>>;
const dayView = z.record(z.string(), daySum);
/** By interface, or `interface measure` where it has measures (ids have no spaces). */
export type DayView = Readonly<z.infer<typeof dayView>>;

export const usage: Projection<DayView> = {
  name: 'usage',
  version: 2,
  schema: dayView,
  project: ({ account, event }, values) => {
    if (event.type === 'CallsMetered') for (const sum of event.data.usage) add(values, account, sum);
    if (event.type === 'UsageCorrected')
      for (const sum of correctionSums(event.data)) add(values, account, sum);
  },
};

const NOTHING: DaySum = { records: 0, calls: 0, free: 0, packs: 0, postPaid: 0 };

const add = (values: Values<DayView>, account: string, sum: UsageSum): void => {
  const key = `${account}/${sum.day}`;
  const id = sum.measure === undefined ? sum.interface : `${sum.interface} ${sum.measure}`;
  const day = values.get(key) ?? {};
  values.set(key, { ...day, [id]: addedSums(day[id] ?? NOTHING, sum) });
};

/** The sum of two sums of one thing. */
export const addedSums = (a: DaySum, b: DaySum): DaySum => {
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
