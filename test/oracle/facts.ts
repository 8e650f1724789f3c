/** What the oracle knows: a plain list of accepted facts in the order of recording. Every question loops over it. */
import type { Ladder, PriceBook } from '../../src/domain/price-book.ts';
import type { OracleBill } from './life.ts';

/** Who paid; a downward correction holds negative numbers. */
export interface Split {
  readonly free: number;
  readonly packs: readonly { readonly ordinal: number; readonly calls: number }[];
  readonly postPaid: number;
}

/** What was first reported: this is what a retry is compared with (section 10). */
export interface Reported {
  readonly source: string;
  readonly id: string;
  readonly interface: string;
  readonly time: number;
  readonly calls: number | null;
  readonly submitted: number | null;
  readonly recognised: number | null;
}

export interface Bought {
  readonly kind: 'bought';
  readonly at: number;
  readonly ordinal: number;
  readonly pool: string;
  readonly size: number;
  readonly price: bigint;
  readonly expires: number;
  /** The pool's interfaces in the edition of the purchase (section 2). */
  readonly covers: readonly string[];
}
export interface Recorded {
  readonly kind: 'recorded';
  readonly at: number;
  readonly reported: Reported;
  readonly count: number;
  readonly late: boolean;
  readonly split: Split;
}
export interface Corrected {
  readonly kind: 'corrected';
  readonly at: number;
  readonly source: string;
  readonly id: string;
  readonly count: number;
  readonly split: Split;
}
export interface Agreed {
  readonly kind: 'agreed';
  readonly at: number;
  readonly meter: string;
  readonly from: string;
  readonly until: string | null;
  readonly ladder: Ladder;
}
export interface Closed {
  readonly kind: 'closed';
  readonly at: number;
  readonly month: string;
  readonly bill: OracleBill;
  readonly due: bigint;
  readonly unfrozen: bigint;
  readonly toFreeze: bigint;
  /** Whether a failure to freeze suspends the account. */
  readonly freezeSuspends: boolean;
  readonly graceDays: number;
}
export interface Credited {
  readonly kind: 'credited';
  readonly at: number;
  readonly amount: bigint;
  readonly reference: string;
  readonly reason: string;
  readonly voids: number | null;
}
export type Fact =
  | { readonly kind: 'opened'; readonly at: number }
  | { readonly kind: 'activated'; readonly at: number; readonly product: string }
  | { readonly kind: 'deposited'; readonly at: number; readonly amount: bigint; readonly reference: string }
  | { readonly kind: 'prohibited'; readonly at: number }
  | { readonly kind: 'allowed'; readonly at: number }
  | Bought
  | Recorded
  | Corrected
  | Agreed
  | Closed
  | Credited;

export interface World {
  readonly books: readonly { readonly at: number; readonly book: PriceBook }[];
  readonly facts: Fact[];
}

export function factsOf<K extends Fact['kind']>(world: World, kind: K): Extract<Fact, { kind: K }>[] {
  const is = (fact: Fact): fact is Extract<Fact, { kind: K }> => fact.kind === kind;
  return world.facts.filter(is);
}

/** The account's first month, or null where it was never opened. */
export function openedAt(world: World): number | null {
  return factsOf(world, 'opened')[0]?.at ?? null;
}

export function activatedAt(world: World, product: string): number | null {
  return factsOf(world, 'activated').find((fact) => fact.product === product)?.at ?? null;
}

export function closeOf(world: World, month: string): Closed | undefined {
  return factsOf(world, 'closed').find((fact) => fact.month === month);
}
