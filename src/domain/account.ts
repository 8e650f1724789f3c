/**
 * The state of an account, folded from its events: plain JSON, so that a close can carry it forward and a snapshot
 * can store it.
 * Invariants: frozen ≥ 0; a pack's left is 0 ≤ left ≤ size, and 0 once it is void; the account is active when no
 * suspension is open.
 */
import type { DisputeOutcome } from './bill.ts';
import type { Day, Instant, Month } from './calendar.ts';
import type { AccountLimits } from './limits.ts';
import { type Money, minus, ZERO } from './money.ts';
import type { Ladder } from './price-book.ts';

export interface Pack {
  readonly pack: string;
  readonly product: string;
  /** The edition it was bought under. It pays for the interfaces of its pool in that edition, until it expires. */
  readonly edition: string;
  readonly pool: string;
  readonly size: number;
  readonly price: Money;
  readonly purchasedAt: Instant;
  readonly expiresAt: Instant;
  /** Unused calls. Whether they are forfeited or voided follows from `expiresAt` and `void`. */
  readonly left: number;
  readonly void: boolean;
  /** Given, not bought. */
  readonly granted?: true;
  /** When it was returned for its price; it is void since. */
  readonly returned?: Instant;
}

/** What was agreed for a meter: prices of its own, or the list's times a factor above 0 and up to 1. */
export type Terms =
  | { readonly ladder: Ladder; readonly discount?: never }
  | { readonly discount: string; readonly ladder?: never };

export type Contract = Terms & {
  readonly product: string;
  readonly meter: string;
  readonly from: Month;
  readonly until: Month | null;
};

/** Consecutive units, in the order of recording, paid by one pack; each takes `weight` points of it, if above 1. */
export type PackRun = readonly [pack: string, units: number, weight?: number];

/** Consecutive free units; each takes `weight` points of the allowance. */
export type FreeRun = readonly [units: number, weight: number];

/** Where units are counted: a pool, or a meter without a pool; of a pool with several meters, each by itself. */
export interface Place {
  readonly product: string;
  readonly meter: string;
  readonly pool: string | null;
  /** The pool serves several meters. */
  readonly shared?: true;
  /** The pool's allowance is one of each day. */
  readonly day?: Day;
}

/** What was counted in a place, by payer; of one change, what it adds or (below zero) takes away. */
export interface Counted {
  readonly free: number;
  readonly postPaid: number;
  /** Neither free nor paid by a pack while the service was not post-paid; absent: 0. */
  readonly waived?: number;
  /** In the order of recording; a downward correction gives units back from the end. */
  readonly runs: readonly PackRun[];
  /** The free units by weight, in the order of recording; absent where each takes one point. */
  readonly freeRuns?: readonly FreeRun[];
  /** Points of all units, paid for by any means; absent where each takes one. */
  readonly points?: number;
}

/** A month's units in one place. */
export interface Group extends Place, Counted {}

export interface ClosedMonth {
  readonly ratingVersion: string;
  /** Which edition rated the month, by product. */
  readonly editions: Readonly<Record<string, string>>;
  /** Billed so far, by meter: the bill and later corrections. */
  readonly billed: Readonly<Record<string, { readonly calls: number; readonly amount: Money }>>;
  /** Why a meter must be re-rated at the next close. */
  readonly changes: Readonly<Record<string, readonly string[]>>;
}

export interface MonthTally {
  readonly groups: Readonly<Record<string, Group>>;
  readonly closed: ClosedMonth | null;
  /** Calls that are not charged; absent where there are none, or in data older than this counter. */
  readonly uncharged?: number;
}

/** [since, until); open while `until` is null. */
export interface OpenInterval {
  readonly since: Instant;
  readonly until: Instant | null;
}

export type SuspensionReason = 'arrears' | 'freeze_failed' | 'prohibited';

export interface Suspension extends OpenInterval {
  readonly reason: SuspensionReason;
}

/** A complaint about an issued bill, or about one line of it. */
export interface Dispute {
  readonly dispute: string;
  readonly month: Month;
  readonly meter: string | null;
  readonly reason: string;
  readonly openedAt: Instant;
  readonly resolved: {
    readonly outcome: DisputeOutcome;
    readonly at: Instant;
    readonly note: string;
    readonly credit: string | null;
  } | null;
}

/** Thresholds of a pool's packs notified since the last purchase, and when the next notice is due. */
export interface PoolNotified {
  readonly low: boolean;
  readonly exhausted: boolean;
  readonly dueAt: Instant | null;
}

export interface Account {
  readonly account: string;
  readonly openedAt: Instant;
  /** Everything due up to this instant has been recorded. */
  readonly clock: Instant;
  /** Instant of the last command; an earlier command is refused (`out_of_order`). */
  readonly commandAt: Instant;
  readonly total: Money;
  readonly frozen: Money;
  readonly services: Readonly<Record<string, Instant>>;
  /** When services were not post-paid, by product; absent where all always were. */
  readonly postPaidOff?: Readonly<Record<string, readonly OpenInterval[]>>;
  readonly packs: readonly Pack[];
  readonly contracts: readonly Contract[];
  readonly months: Readonly<Record<Month, MonthTally>>;
  readonly lastClosed: Month | null;
  readonly suspensions: readonly Suspension[];
  /** End of the grace period: arrears that last until then suspend the account. */
  readonly arrearsDueAt: Instant | null;
  readonly pendingFreeze: { readonly month: Month; readonly amount: Money } | null;
  readonly credits: readonly { readonly amount: Money; readonly reason: string }[];
  readonly told: Readonly<Record<string, PoolNotified>>;
  /** `month meter` pairs for which a notice of the missing price was raised. */
  readonly unpriced: readonly string[];
  /** Open disputes, and those resolved since the last close; the next bill shows both. */
  readonly disputes: readonly Dispute[];
  /** How many were ever opened. */
  readonly disputesOpened: number;
  /** Version of the rules that apply (`rules.ts`); absent: 1. */
  readonly rules?: number;
  /** Number of notices raised under rules 2; the next notice's number. */
  readonly raised?: number;
  readonly limits?: AccountLimits;
}

export const opened = (account: string, at: Instant, rules?: number): Account => ({
  ...(rules === undefined ? {} : { rules, raised: 0 }),
  account,
  openedAt: at,
  clock: at,
  commandAt: at,
  total: ZERO,
  frozen: ZERO,
  services: {},
  packs: [],
  contracts: [],
  months: {},
  lastClosed: null,
  suspensions: [],
  arrearsDueAt: null,
  pendingFreeze: null,
  credits: [],
  told: {},
  unpriced: [],
  disputes: [],
  disputesOpened: 0,
});

/** When a product was activated; undefined when it never was. */
export const activatedAt = (account: Account, product: string): Instant | undefined =>
  Object.hasOwn(account.services, product) ? account.services[product] : undefined;

/** What can be spent: total less frozen; may be negative (rules.md, section 9). */
export const available = (account: Account): Money => minus(account.total, account.frozen);

export const openSuspensions = (account: Account): readonly Suspension[] =>
  account.suspensions.filter(({ until }) => until === null);

export const isSuspendedFor = (account: Account, reason: SuspensionReason): boolean =>
  account.suspensions.some((s) => s.reason === reason && s.until === null);

/** Whether an instant lies within a suspension, [since, lifted). */
export const suspendedAt = (account: Account, instant: Instant): boolean =>
  account.suspensions.some(({ since, until }) => since <= instant && (until === null || instant < until));

export const isClosed = (account: Account, month: Month): boolean =>
  account.lastClosed !== null && month <= account.lastClosed;

/** Whether a product's service is not post-paid at an instant. */
export const isPostPaidOff = ({ postPaidOff }: Account, product: string, instant: Instant): boolean =>
  postPaidOff !== undefined &&
  Object.hasOwn(postPaidOff, product) &&
  (postPaidOff[product] ?? []).some(
    ({ since, until }) => since <= instant && (until === null || instant < until),
  );

/** Products whose service is not post-paid now. */
export const postPaidOff = ({ postPaidOff: all = {} }: Account): readonly string[] =>
  Object.keys(all)
    .filter((product) => all[product]?.some(({ until }) => until === null))
    .sort();

/** The key of a place within a month. Ids have no spaces. */
export const groupKey = ({ pool, meter, shared, day }: Omit<Place, 'product'>): string => {
  const key = pool === null ? `meter:${meter}` : shared ? `${pool} ${meter}` : pool;
  return day === undefined ? key : `${key} ${day}`;
};

export const packCalls = ({ runs }: Pick<Counted, 'runs'>): number =>
  runs.reduce((n, [, calls]) => n + calls, 0);

export const metered = (group: Counted): number =>
  group.free + packCalls(group) + group.postPaid + (group.waived ?? 0);

/** Points of all units of a group. */
export const meteredPoints = (group: Counted): number => group.points ?? metered(group);

/** Points of the allowance that the free units of a group took. */
export const freePoints = ({ free, freeRuns }: Pick<Counted, 'free' | 'freeRuns'>): number =>
  freeRuns ? freeRuns.reduce((sum, [units, weight]) => sum + units * weight, 0) : free;
