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

const isCount = (text: string): boolean => /^\d{1,15}$/.test(text);

/** Whether there is enough for a dry run; what is wrong with it, the server says. */
export const isFilled = ({ outcome, note, amount, records }: Resolution): boolean =>
  note.trim() !== '' &&
  (outcome === 'upheld' ||
    ((amount !== '' || records.length > 0) &&
      records.every(({ source, id, calls }) => source !== '' && id !== '' && isCount(calls))));

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
