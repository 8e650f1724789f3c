/** Compares an issued bill with the replayed one line by line, as a person would. */
import type { Bill } from '../../domain/bill.ts';
import { canonicalJson } from '../../domain/canonical.ts';
import { negated } from '../../domain/money.ts';

export type BillPart = 'line' | 'pack' | 'return' | 'correction' | 'credit' | 'sum';

export interface ComparedLine {
  readonly part: BillPart;
  /** A meter, a pack, `MONTH/METER` of a correction, the number of a credit, or the name of a sum. */
  readonly name: string;
  /** The amounts; null where the line is not there, or has none. */
  readonly issued: string | null;
  readonly replayed: string | null;
  /** Whether everything of the line is equal, quantities and formula too. */
  readonly match: boolean;
}

interface Part {
  readonly amount: string | null;
  readonly whole: string;
}

/** Every line of either bill, in the order of the issued one. */
export const comparedBills = (issued: Bill, replayed: Bill | null): ComparedLine[] => {
  const before = partsOf(issued);
  const after: ReadonlyMap<string, Part> = replayed ? partsOf(replayed) : new Map();
  return [...new Set([...before.keys(), ...after.keys()])].map((key) => {
    const [one, other] = [before.get(key), after.get(key)];
    const space = key.indexOf(' ');
    return {
      part: key.slice(0, space) as BillPart,
      name: key.slice(space + 1),
      issued: one?.amount ?? null,
      replayed: other?.amount ?? null,
      match: one !== undefined && one.whole === other?.whole,
    };
  });
};

const partsOf = (bill: Bill): Map<string, Part> => {
  const {
    lines,
    packPurchases,
    packReturns = [],
    corrections,
    credits,
    due,
    packsTotal,
    total,
    unfrozen,
    frozen,
  } = bill;
  const parts = new Map<string, Part>();
  const add = (part: BillPart, name: string, amount: string | null, whole: unknown): void => {
    parts.set(`${part} ${name}`, { amount, whole: canonicalJson(whole) });
  };
  for (const line of lines) add('line', line.meter, line.amount, line);
  for (const pack of packPurchases) add('pack', pack.pack, pack.price, pack);
  for (const pack of packReturns) add('return', pack.pack, negated(pack.price), pack);
  for (const line of corrections) add('correction', `${line.month}/${line.meter}`, line.amount, line);
  for (const [i, credit] of credits.entries()) add('credit', String(i + 1), credit.amount, credit);
  const sums = { due, packs: packsTotal, total, unfrozen };
  for (const [name, amount] of Object.entries(sums)) add('sum', name, amount, amount);
  add('sum', 'frozen', frozen.total, frozen);
  return parts;
};
