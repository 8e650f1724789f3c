/** Calls the domain's decider with the ledger's calendar, catalogue and clock. Records nothing. */
import type { Account } from '../../domain/account.ts';
import type { Instant } from '../../domain/calendar.ts';
import { type AccountCommand, decide } from '../../domain/decide.ts';
import type { Decision } from '../../domain/decision.ts';
import type { AccountEvent } from '../../domain/events.ts';
import { fold } from '../../domain/evolve.ts';
import { type Metered, meterUsage } from '../../domain/meter-usage.ts';
import { nextDue } from '../../domain/pass-time.ts';
import type { UsageRecord } from '../../domain/usage.ts';
import { sha256 } from '../../integrity/sha256.ts';
import type { LedgerContext } from '../context.ts';
import { headOf, type LoadedAccount } from './loaded-account.ts';

/** A clock that is driven visits every due instant; a real one finds out afterwards (rules.md, section 7). */
export type ClockKind = 'driven' | 'real';

export interface Decider {
  command(entry: LoadedAccount, command: AccountCommand, at: Instant): Decision<AccountEvent>;
  usage(
    account: Account,
    records: readonly UsageRecord[],
    at: Instant,
    seen: (record: UsageRecord) => UsageRecord | undefined,
  ): Metered;
  /** The events of the earliest due instant up to now; empty if nothing is due. */
  due(entry: LoadedAccount, now: Instant): readonly AccountEvent[];
  /** The account as it would be once everything due until now has happened. */
  afterDue(entry: LoadedAccount, now: Instant): Account | null;
}

/** The decider of a ledger, with its context. */
export const deciderOf = (context: LedgerContext, clock: ClockKind): Decider => {
  const command: Decider['command'] = (entry, asked, at) =>
    decide(entry.account, asked, { at, ...context.billing(), head: headOf(entry), sha256 });
  const due: Decider['due'] = (entry, now) => {
    if (!entry.account) return [];
    const next = nextDue(entry.account, context.billing());
    if (next > now) return [];
    const decision = command(entry, { name: 'pass-time' }, clock === 'driven' ? next : now);
    return decision.outcome === 'refused' ? [] : decision.events;
  };
  return {
    command,
    due,
    usage: (account, records, at, seen) => meterUsage(account, { at, records, seen, ...context.billing() }),
    afterDue: (entry, now) => {
      let { account } = entry;
      for (;;) {
        const events = due({ ...entry, account }, now);
        if (events.length === 0) return account;
        account = fold(account, events);
      }
    },
  };
};
