/** What a command or usage would come to now: decided on the account with all that is due, and nothing appended. */
import type { CommandMark } from '../codec/event-codec.ts';
import type { Instant } from '../domain/calendar.ts';
import type { RecordOutcome, UsageRecord } from '../domain/usage.ts';
import { type Answer, hasRefused, isNew } from './answer.ts';
import type { Deciding } from './deciding.ts';
import type { KeptEntry } from './kept-entry.ts';
import type { LaneOf, Prepare } from './lane.ts';
import { answeredBefore } from './repeat.ts';
import { RefusedForNow } from './timing.ts';

export interface TryingOut {
  command(prepare: Prepare, at: Instant, mark: CommandMark | null): Promise<Answer>;
  /** One outcome for each record, of all of them together; null where there is no such account. */
  usage(records: readonly UsageRecord[], at: Instant): Promise<readonly RecordOutcome[] | null>;
}

export const tryingOut = (of: LaneOf, deciding: Deciding, settled: KeptEntry['settled']): TryingOut => ({
  command: (prepare, at, mark) =>
    settled(async (entry) => {
      const repeated = mark
        ? await answeredBefore(of.store, of.identities, of.account, entry.stream, mark)
        : null;
      if (repeated) return repeated;
      const timed = of.timing.command(entry, at);
      if (timed.outcome === 'refused') return timed;
      const account = deciding.afterDue(entry, timed.at);
      const decision = deciding.command({ ...entry, account }, await prepare(entry), timed.at);
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
      const held = (record: UsageRecord) => found.held.get(record);
      return deciding.usage(account, records, Math.max(at, account.clock), held).outcomes;
    }, hasRefused),
});
