/** Dry run of a command or of usage: decided on the account with all that is due, and nothing appended. */

import { nextTurn } from '../../async/pauses.ts';
import type { CommandMark } from '../../codec/event-codec.ts';
import type { Account } from '../../domain/account.ts';
import type { Instant } from '../../domain/calendar.ts';
import { fold } from '../../domain/evolve.ts';
import type { RecordOutcome, UsageRecord } from '../../domain/usage.ts';
import { RefusedForNow } from './command-instant.ts';
import type { Decider } from './decider.ts';
import { answeredBefore } from './idempotency.ts';
import type { Found } from './identities.ts';
import type { AccountPath } from './processor-parts.ts';
import { type AskedCommand, resolved } from './resolve-command.ts';
import { type Answer, hasRefused, isNew } from './result.ts';
import type { Reported } from './usage-result.ts';

export interface TryingOut {
  command(command: AskedCommand, at: Instant, mark: CommandMark | null): Promise<Answer>;
  /** The result for all records together; null if there is no such account. */
  usage(records: readonly UsageRecord[], at: Instant): Promise<Reported | null>;
}

export const tryingOut = ({ of, deciding, kept: { settled } }: AccountPath): TryingOut => ({
  command: (command, at, mark) =>
    settled(async (entry) => {
      const repeated = await answeredBefore(of, entry, mark);
      if (repeated) return repeated;
      const timed = of.timing.command(entry, at);
      if (timed.outcome === 'refused') return timed;
      const account = deciding.afterDue(entry, timed.at);
      const decision = deciding.command({ ...entry, account }, await resolved(of, entry, command), timed.at);
      if (decision.outcome === 'refused') return decision;
      const events = decision.events.map((event, i) => ({ revision: entry.length + i, event }));
      return { outcome: 'done', events, position: null };
    }, isNew),
  usage: (records, at) =>
    settled(async (entry) => {
      const refusal = of.timing.usage(entry, at);
      if (refusal) throw new RefusedForNow(refusal);
      const found = await of.identities.find(of.account, entry.stream, records);
      const account = deciding.afterDue(entry, at);
      if (!account) return null;
      return { outcomes: await decided(deciding, account, records, at, found), position: null };
    }, hasRefused),
});

/** Records that are decided at once: a few milliseconds' work. */
const AT_ONCE = 1_000;

/** Records decided part by part, each on the account as the parts before would leave it. */
const decided = async (
  deciding: Decider,
  start: Account,
  records: readonly UsageRecord[],
  at: Instant,
  { held }: Found,
): Promise<RecordOutcome[]> => {
  const outcomes: RecordOutcome[] = [];
  const seen = new Map<string, UsageRecord>();
  let account = start;
  for (let from = 0; from < records.length; from += AT_ONCE) {
    if (from > 0) await nextTurn();
    const part = records.slice(from, from + AT_ONCE);
    const metered = deciding.usage(
      account,
      part,
      Math.max(at, account.clock),
      (record) => seen.get(identityOf(record)) ?? held.get(record),
    );
    for (const outcome of metered.outcomes) outcomes.push(outcome);
    for (const record of metered.accepted) seen.set(identityOf(record), record);
    if (metered.event) account = fold(account, [metered.event]) ?? account;
  }
  return outcomes;
};

const identityOf = ({ source, id }: UsageRecord): string => JSON.stringify([source, id]);
