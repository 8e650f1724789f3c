/**
 * The state of an account, folded from its events: plain JSON, so that a close can carry it forward and a snapshot
 * can store it.
 * Invariants: frozen ≥ 0; a pack's left is 0 ≤ left ≤ size, and 0 once it is void; the account is active when no
 * suspension is open.
 */
import type { DisputeOutcome } from './bill.ts';
import type { Instant, Month } from './calendar.ts';
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
}

export interface Contract {
  readonly product: string;
  readonly meter: string;
  readonly from: Month;
  readonly until: Month | null;
  readonly ladder: Ladder;
}

/** Consecutive calls, in the order of recording, paid by one pack: [pack, calls]. */
export type PackRun = readonly [pack: string, calls: number];

/** A month's calls in one pool (or, without a pool, in one meter), by payer. */
export interface Group {
  readonly product: string;
  readonly meter: string;
  readonly pool: string | null;
  readonly free: number;
  readonly postPaid: number;
  /** In the order of recording; a downward correction gives calls back from the end. */
  readonly runs: readonly PackRun[];
}

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

export type SuspensionReason = 'arrears' | 'freeze_failed' | 'prohibited';

export interface Suspension {
  readonly reason: SuspensionReason;
  readonly since: Instant;
  readonly until: Instant | null;
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

/** Where a month's calls of a pool are counted; an interface without a pool counts at its meter. */
export const groupKey = (pool: string | null, meter: string): string => pool ?? `meter:${meter}`;

export const packCalls = (group: Pick<Group, 'runs'>): number =>
  group.runs.reduce((n, [, calls]) => n + calls, 0);

export const metered = (group: Group): number => group.free + packCalls(group) + group.postPaid;

export type PackState = 'usable' | 'used_up' | 'expired' | 'void';

/** The state of a pack at an instant (interface.md, GET packs). */
export const packState = (pack: Pick<Pack, 'left' | 'void' | 'expiresAt'>, now: Instant): PackState => {
  if (pack.void) return 'void';
  if (pack.left === 0) return 'used_up';
  return now < pack.expiresAt ? 'usable' : 'expired';
};
