/** Money and suspensions (sections 8, 9), walked through from the first fact each time. */
import { DAY } from './days.ts';
import type { Fact, World } from './facts.ts';

export interface Suspension {
  readonly reason: 'arrears' | 'freeze_failed' | 'prohibited';
  readonly since: number;
  /** The instant itself is free again; null: still suspended. */
  lifted: number | null;
}
export interface Funds {
  total: bigint;
  frozen: bigint;
  /** A freeze that failed and waits for money. */
  pending: { readonly amount: bigint } | null;
  /** When arrears will suspend, while they run and have not. */
  arrearsDue: number | null;
  readonly suspensions: Suspension[];
}

function begin(funds: Funds, reason: Suspension['reason'], since: number): void {
  if (!funds.suspensions.some((s) => s.reason === reason && s.lifted === null)) {
    funds.suspensions.push({ reason, since, lifted: null });
  }
}

function end(funds: Funds, reason: Suspension['reason'], at: number): void {
  for (const s of funds.suspensions) if (s.reason === reason && s.lifted === null) s.lifted = at;
}

/** Grace runs out at its own moment, whenever anyone looks (section 7). */
function graceUntil(funds: Funds, now: number): void {
  if (funds.arrearsDue === null || funds.arrearsDue > now) return;
  begin(funds, 'arrears', funds.arrearsDue);
  funds.arrearsDue = null;
}

function tryFreeze(funds: Funds, at: number): void {
  if (funds.pending === null || funds.total - funds.frozen < funds.pending.amount) return;
  funds.frozen += funds.pending.amount;
  funds.pending = null;
  end(funds, 'freeze_failed', at);
}

/** The order of one close: unfreeze, settle, freeze (section 7). */
function settle(funds: Funds, fact: Extract<Fact, { kind: 'closed' }>): void {
  funds.frozen -= fact.unfrozen;
  funds.total -= fact.due;
  funds.pending = fact.toFreeze > 0n ? { amount: fact.toFreeze } : null;
  end(funds, 'freeze_failed', fact.at);
  tryFreeze(funds, fact.at);
  if (funds.pending !== null && fact.freezeSuspends) begin(funds, 'freeze_failed', fact.at);
  const suspended = funds.suspensions.some((s) => s.reason === 'arrears' && s.lifted === null);
  if (funds.total >= 0n || suspended) return;
  const due = fact.at + fact.graceDays * DAY;
  // Arrears that already run keep their moment: a later settlement gives no new grace.
  funds.arrearsDue ??= due;
}

function apply(funds: Funds, fact: Fact): void {
  if (fact.kind === 'deposited' || fact.kind === 'credited') {
    funds.total += fact.amount;
    tryFreeze(funds, fact.at);
  } else if (fact.kind === 'bought') funds.total -= fact.price;
  else if (fact.kind === 'closed') settle(funds, fact);
  else if (fact.kind === 'prohibited') begin(funds, 'prohibited', fact.at);
  else if (fact.kind === 'allowed') end(funds, 'prohibited', fact.at);
}

export function fundsAt(world: World, now: number): Funds {
  const funds: Funds = { total: 0n, frozen: 0n, pending: null, arrearsDue: null, suspensions: [] };
  for (const fact of world.facts) {
    graceUntil(funds, fact.at);
    apply(funds, fact);
    if (funds.total >= 0n) {
      funds.arrearsDue = null;
      end(funds, 'arrears', fact.at);
    }
    graceUntil(funds, fact.at);
  }
  graceUntil(funds, now);
  return funds;
}

export function suspendedAt(funds: Funds, time: number): boolean {
  return funds.suspensions.some((s) => s.since <= time && (s.lifted === null || time < s.lifted));
}

/** The reasons that stand, sorted. */
export function openReasons(funds: Funds): string[] {
  return funds.suspensions
    .filter((s) => s.lifted === null)
    .map((s) => s.reason)
    .sort();
}
