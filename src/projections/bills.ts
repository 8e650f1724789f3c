/** Issued bills in short, and where each lies. Key: account/month. */
import type { Projection } from './projection.ts';

export type BillView = {
  readonly account: string;
  readonly month: string;
  readonly revision: number;
  readonly digest: string;
  readonly due: string | null;
  readonly total: string | null;
  readonly issuedAt: string;
};

export const bills: Projection<BillView> = {
  name: 'bills',
  version: 1,
  project: ({ account, revision, event }, values) => {
    if (event.type !== 'MonthClosed') return;
    const { month, digest, due, total, issuedAt } = event.data.bill;
    values.set(`${account}/${month}`, { account, month, revision, digest, due, total, issuedAt });
  },
};
