/**
 * Disputes of issued bills (rules.md, section 10): opened with a reason, answered with evidence, resolved as upheld or
 * adjusted. An adjustment is a credit or corrections of usage, decided like any other in the same append; the bill
 * itself never changes, the next one shows its outcome.
 */
import type { Account, Dispute } from './account.ts';
import type { BillDispute, DisputeOutcome } from './bill.ts';
import { instantText, type Month } from './calendar.ts';
import type { DecisionContext } from './context.ts';
import { accept, type Decision, refuse } from './decision.ts';
import { type AccountEvent, type EventData, event } from './events.ts';
import type { RecordIdentity } from './usage.ts';

export interface Opening {
  readonly month: Month;
  /** The line that is disputed; null: the whole bill. */
  readonly meter?: string | null | undefined;
  readonly reason: string;
  readonly by?: string | null | undefined;
}

/** Opens a dispute of an issued bill; a no-op if the identical dispute is open. */
export const openDispute = (
  account: Account,
  asked: Opening,
  { at }: DecisionContext,
): Decision<AccountEvent> => {
  const { month, meter = null, reason, by = null } = asked;
  const closed = account.months[month]?.closed;
  if (!closed) return refuse('bill_unknown', `${account.account} has no bill of ${month}`, { month });
  if (meter !== null && !Object.hasOwn(closed.billed, meter))
    return refuse('meter_unknown', `the bill of ${month} has no line of ${meter}`, { meter, month });
  if (account.disputes.some((d) => d.resolved === null && sameMatter(d, { month, meter, reason })))
    return accept();
  const dispute = disputeId(account.account, account.disputesOpened + 1);
  return accept(event('DisputeOpened', at, { dispute, month, meter, reason, by }));
};

type Matter = Pick<Dispute, 'month' | 'meter' | 'reason'>;

const sameMatter = (a: Matter, b: Matter): boolean =>
  a.month === b.month && a.meter === b.meter && a.reason === b.reason;

/** An account's disputes are numbered from 1; the id contains the account. */
export const disputeId = (account: string, number: number): string => `${account}:${number}`;

/** The account in a dispute's id, or null if it is not a valid dispute id. */
export const accountOfDispute = (id: string): string | null =>
  /^([A-Za-z0-9._-]{1,64}):[1-9]\d{0,8}$/.exec(id)?.[1] ?? null;

export type Evidence = EventData['EvidenceAttached'];

/** Attaches evidence to an open dispute; attaching the same evidence again is a no-op. */
export const attachEvidence = (
  account: Account,
  evidence: Evidence,
  { at }: DecisionContext,
): Decision<AccountEvent> => {
  const held = openOrRefused(account, evidence.dispute);
  return 'outcome' in held ? held : accept(event('EvidenceAttached', at, evidence));
};

/** How a dispute ends; its credit and corrections are decided by commands of their own. */
export interface Resolution {
  readonly dispute: string;
  readonly outcome: DisputeOutcome;
  readonly note: string;
  readonly by?: string | null | undefined;
  readonly credit?: { readonly reference: string } | null | undefined;
  readonly corrections: readonly RecordIdentity[];
}

/** The last event of a resolution, after those of its adjustments. */
export const resolveDispute = (
  account: Account,
  resolution: Resolution,
  { at }: DecisionContext,
): Decision<AccountEvent> => {
  const { dispute, outcome, note, by = null, corrections } = resolution;
  const credit = resolution.credit?.reference ?? null;
  const held = openOrRefused(account, dispute);
  if ('outcome' in held) return held;
  const records = corrections.map(({ source, id }) => ({ source, id }));
  const adjusts = credit !== null || corrections.length > 0;
  if (adjusts !== (outcome === 'adjusted')) {
    const detail = adjusts
      ? 'outcome: a bill that is upheld has no credit and no corrections'
      : 'outcome: a bill is adjusted by a credit or by corrections';
    return refuse('invalid_request', detail, { field: 'outcome' });
  }
  return accept(event('DisputeResolved', at, { dispute, outcome, note, by, credit, corrections: records }));
};

const openOrRefused = (account: Account, id: string) => {
  const held = account.disputes.find(({ dispute }) => dispute === id);
  if (held && held.resolved === null) return held;
  const number = Number(id.slice(id.lastIndexOf(':') + 1));
  const isNumbered = Number.isInteger(number) && number >= 1 && number <= account.disputesOpened;
  const existed = isNumbered && id === disputeId(account.account, number);
  return existed
    ? refuse('dispute_resolved', `${id} is resolved`, { dispute: id })
    : refuse('dispute_unknown', `there is no dispute ${id}`, { dispute: id });
};

/** Disputes that are open or were resolved since the last bill, as the next bill shows them. */
export const billDisputes = (disputes: readonly Dispute[]): readonly BillDispute[] =>
  disputes.map(({ dispute, month, meter, reason, openedAt, resolved }) => ({
    dispute,
    month,
    meter,
    reason,
    openedAt: instantText(openedAt),
    state: resolved?.outcome ?? 'open',
    resolvedAt: resolved ? instantText(resolved.at) : null,
    note: resolved?.note ?? null,
    credit: resolved?.credit ?? null,
  }));
