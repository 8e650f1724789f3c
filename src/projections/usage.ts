/** Usage by day and interface, from the sums that events carry. Key: account/day. */
import * as z from 'zod';
import { packCalls } from '../domain/account.ts';
import type { UsageSum } from '../domain/events.ts';
import type { Projection, Values } from './projection.ts';

const daySum = z.strictObject({
  records: z.int(),
  calls: z.int(),
  free: z.int(),
  packs: z.int(),
  postPaid: z.int(),
});
export type DaySum = Readonly<z.infer<typeof daySum>>;
const dayView = z.record(z.string(), daySum);
/** By interface. */
export type DayView = Readonly<z.infer<typeof dayView>>;

export const usage: Projection<DayView> = {
  name: 'usage',
  version: 1,
  schema: dayView,
  project: ({ account, event }, values) => {
    if (event.type === 'CallsMetered') for (const sum of event.data.usage) add(values, account, sum);
    if (event.type !== 'UsageCorrected') return;
    const { day, tally, from, to } = event.data;
    add(values, account, {
      interface: event.data.interface,
      day,
      records: 0,
      calls: to - from,
      free: tally?.free ?? 0,
      packs: tally ? packCalls(tally) : 0,
      postPaid: tally?.postPaid ?? 0,
    });
  },
};

const NOTHING: DaySum = { records: 0, calls: 0, free: 0, packs: 0, postPaid: 0 };

const add = (values: Values<DayView>, account: string, sum: UsageSum): void => {
  const key = `${account}/${sum.day}`;
  const day = values.get(key) ?? {};
  const before = day[sum.interface] ?? NOTHING;
  values.set(key, {
    ...day,
    [sum.interface]: {
      records: before.records + sum.records,
      calls: before.calls + sum.calls,
      free: before.free + sum.free,
      packs: before.packs + sum.packs,
      postPaid: before.postPaid + sum.postPaid,
    },
  });
};
