/** Usage by day and interface, from the sums that events carry. Key: account/day. */
import * as z from 'zod';
import type { UsageSum } from '../domain/events.ts';
import { addedSums, correctionSums } from '../domain/usage-sums.ts';
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
