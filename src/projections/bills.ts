/** Summaries of issued bills, with the revision of each. Key: account/month. */
import * as z from 'zod';
import type { Projection } from './projection.ts';

const billView = z.strictObject({
  account: z.string(),
  month: z.string(),
  revision: z.int(),
  digest: z.string(),
  due: z.string().nullable(),
  total: z.string().nullable(),
  issuedAt: z.string(),
  /** Earlier months that it corrects. */
  corrects: z.array(z.string()).readonly(),
});
export type BillView = Readonly<z.infer<typeof billView>>;

export const bills: Projection<BillView> = {
  name: 'bills',
  version: 2,
  schema: billView,
  project: ({ account, revision, event }, values) => {
    if (event.type !== 'MonthClosed') return;
    const { month, digest, due, total, issuedAt, corrections } = event.data.bill;
    const corrects = [...new Set(corrections.map((line) => line.month))];
    const view = { account, month, revision, digest, due, total, issuedAt, corrects };
    values.set(`${account}/${month}`, view);
  },
};
