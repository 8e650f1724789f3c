/** What came in on each day, by the day of recording in the billing zone. Key: `YYYY-MM-DD`. */
import * as z from 'zod';
import { minus, plus, times, ZERO } from '../domain/money.ts';
import type { Projection } from './projection.ts';
import { wide } from './wide-count.ts';

const intakeView = z.strictObject({
  /** Records that were accepted, and their calls: exact, decimal text beyond 2^53 − 1. */
  records: z.int(),
  calls: z.union([z.int(), z.string()]),
  corrections: z.int(),
  /** Bought, less those returned on the day. */
  packsSold: z.int(),
  packRevenue: z.string(),
});
export type IntakeView = Readonly<z.infer<typeof intakeView>>;

export const NO_INTAKE: IntakeView = {
  ...{ records: 0, calls: 0, corrections: 0 },
  ...{ packsSold: 0, packRevenue: ZERO },
};

export const intake: Projection<IntakeView> = {
  name: 'intake',
  version: 1,
  schema: intakeView,
  project: ({ event }, values, calendar) => {
    const change = (part: (before: IntakeView) => Partial<IntakeView>): void => {
      const day = calendar.dayOf(event.at);
      const before = values.get(day) ?? NO_INTAKE;
      values.set(day, { ...before, ...part(before) });
    };
    switch (event.type) {
      case 'CallsMetered': {
        const { records, usage } = event.data;
        const calls = usage.reduce((sum, one) => sum + one.calls, 0);
        return change((b) => ({ records: b.records + records, calls: wide(b.calls, calls) }));
      }
      case 'UsageCorrected':
        return change((b) => ({ corrections: b.corrections + 1 }));
      case 'PackPurchased': {
        const { packs, price } = event.data;
        return change((b) => ({
          packsSold: b.packsSold + packs.length,
          packRevenue: plus(b.packRevenue, times(price, packs.length)),
        }));
      }
      case 'PackReturned':
        return change((b) => ({
          packsSold: b.packsSold - 1,
          packRevenue: minus(b.packRevenue, event.data.price),
        }));
    }
  },
};
