/** A resolution as it is filled in, and as it is sent. */
import type { Suanpan } from '../../../../client/suanpan.ts';

export interface CorrectedRecord {
  /** For the list on the page alone. */
  readonly key: string;
  readonly source: string;
  readonly id: string;
  readonly calls: string;
}

export interface Resolution {
  readonly outcome: 'upheld' | 'adjusted';
  readonly note: string;
  /** Empty: no credit. */
  readonly amount: string;
  readonly reference: string;
  readonly records: readonly CorrectedRecord[];
}

export const EMPTY: Resolution = { outcome: 'upheld', note: '', amount: '', reference: '', records: [] };

export const bodyOf = ({
  outcome,
  note,
  amount,
  reference,
  records,
}: Resolution): Parameters<Suanpan['postDisputesResolution']>[1] => {
  if (outcome === 'upheld') return { outcome, note };
  return {
    ...{ outcome, note },
    ...(amount === '' ? {} : { credit: { amount, reference } }),
    ...(records.length === 0
      ? {}
      : { corrections: records.map(({ source, id, calls }) => ({ source, id, calls: Number(calls) })) }),
  };
};
