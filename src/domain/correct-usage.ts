/**
 * Corrects the count of a recorded report (rules.md, section 10). Up: the difference is metered as if reported now with
 * the record's own time. Down: post-paid calls are reduced first, then those paid by packs (last used first), then free
 * calls, whichever record they belonged to.
 */
import { type Account, groupKey, type PackRun } from './account.ts';
import { monthCalls, RECORD_CALLS_MAX, SUM_MAX, tooLarge } from './bounds.ts';
import { instantText } from './calendar.ts';
import type { DecisionContext } from './context.ts';
import { accept, type Decision, refuse } from './decision.ts';
import { type AccountEvent, event, type Tally } from './events.ts';
import { type Charge, Payers } from './payers.ts';
import type { UsageRecord } from './usage.ts';

export interface Correction {
  readonly body: {
    readonly source: string;
    /** The record's id. */
    readonly record: string;
    /** The count that should have been reported. */
    readonly calls: number;
    readonly reason: string;
  };
  /** The record as first reported, and its current count; null if it does not exist. */
  readonly held: { readonly reported: UsageRecord; readonly calls: number } | null;
}

export const correctUsage = (
  account: Account,
  { body: { source, record: id, calls, reason }, held }: Correction,
  context: DecisionContext,
): Decision<AccountEvent> => {
  const { at, calendar, again } = context;
  if (!held) return refuse('record_unknown', `no record ${id} of ${source} is held`, { source, id });
  const { reported } = held;
  if (reported.submitted !== null && calls > reported.submitted) {
    return refuse('invalid_request', `calls: at most the ${reported.submitted} submitted`, {
      field: 'calls',
    });
  }
  if (calls === held.calls) return accept();
  if (!again && calls > RECORD_CALLS_MAX)
    return tooLarge('calls', `a record has at most ${RECORD_CALLS_MAX}`, RECORD_CALLS_MAX);
  const payers = new Payers(account, context);
  const day = calendar.dayOf(reported.time);
  const charge = payers.charge(reported.interface, day.slice(0, 7));
  if (!charge) throw new Error(`a record of ${reported.interface} is held that no edition knows`);
  const most = SUM_MAX - monthCalls(account, charge.month) + held.calls;
  if (!again && calls > most)
    return tooLarge('calls', `the calls of ${charge.month} would be more than ${SUM_MAX}`, most);
  return accept(
    event('UsageCorrected', at, {
      source,
      id,
      interface: reported.interface,
      time: instantText(reported.time),
      day,
      from: held.calls,
      to: calls,
      reason,
      tally:
        calls > held.calls
          ? raised(payers, charge, reported, calls - held.calls)
          : lowered(account, charge, held.calls - calls),
    }),
  );
};

const raised = (payers: Payers, charge: Charge, record: UsageRecord, calls: number): Tally | null => {
  payers.take(charge, record, calls);
  return payers.tallies()[0] ?? null;
};

const lowered = (account: Account, charge: Charge, calls: number): Tally | null => {
  const { meter, pool } = charge.interface;
  if (meter === null) return null;
  const group = account.months[charge.month]?.groups[groupKey(pool, meter)];
  if (!group) throw new Error(`no calls of ${meter} in ${charge.month} to take back`);
  const postPaid = Math.min(calls, group.postPaid);
  let rest = calls - postPaid;
  const runs: PackRun[] = [];
  for (const [pack, paid] of group.runs.toReversed()) {
    if (rest === 0) break;
    const back = Math.min(rest, paid);
    runs.push([pack, -back]);
    rest -= back;
  }
  return {
    month: charge.month,
    product: charge.book.product,
    meter,
    pool,
    free: rest === 0 ? 0 : -rest,
    postPaid: postPaid === 0 ? 0 : -postPaid,
    runs,
  };
};
