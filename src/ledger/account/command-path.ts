/**
 * The command path of an account, for commands and reported usage:
 *
 * 1. load: the account, from memory or from its stream (`cache.ts`);
 * 2. idempotency: a retried command gets its first result (`idempotency.ts`);
 * 3. time: the instant at which it happens (`command-instant.ts`);
 * 4. bring to now: everything that was due until then is recorded first, in order;
 * 5. decide: what the command names is looked up (`resolve-command.ts`), the rest is the domain's (`decide.ts`);
 * 6. seal and append, at the expected version that was decided on (`append-decided.ts`);
 * 7. retry: from the first step on a version conflict (`retry-decision.ts`).
 */
import { nextTurn } from '../../async/pauses.ts';
import type { CommandMark } from '../../codec/event-codec.ts';
import type { Instant } from '../../domain/calendar.ts';
import { event } from '../../domain/events.ts';
import { withNotices } from '../../domain/notices.ts';
import type { UsageRecord } from '../../domain/usage.ts';
import { appendDecided } from './append-decided.ts';
import { RefusedForNow } from './command-instant.ts';
import { answeredBefore } from './idempotency.ts';
import type { LoadedAccount } from './loaded-account.ts';
import type { AccountPath } from './processor-parts.ts';
import { type AskedCommand, resolved } from './resolve-command.ts';
import { type Answer, hasRefused, isNew } from './result.ts';
import type { Reported } from './usage-result.ts';

/** Runs a command; with a `mark` (idempotency key) it can be retried safely. */
export const runCommand = (
  path: AccountPath,
  command: AskedCommand,
  asked: Instant,
  mark: CommandMark | null,
): Promise<Answer> => {
  const { of, deciding, kept } = path;
  return kept.settled(async (start) => {
    const repeated = await answeredBefore(of, start, mark);
    if (repeated) return repeated;
    const timed = of.timing.command(start, asked);
    if (timed.outcome === 'refused') return timed;
    const entry = await broughtTo(path, start, timed.at);
    const decision = deciding.command(entry, await resolved(of, entry, command), timed.at);
    if (decision.outcome === 'refused') return decision;
    if (decision.events.length > 0) {
      const { placed, position } = await appendDecided(path, entry, decision.events, mark);
      return { outcome: 'done', events: placed, position };
    }
    if (!mark) return { outcome: 'done', events: [], position: null };
    const nothing = event('NothingChanged', timed.at, {});
    const { position } = await appendDecided(path, entry, [nothing], mark);
    return { outcome: 'done', events: [], position };
  }, isNew);
};

/** Meters records together, as one event; null if there is no such account. */
export const meterRecords = (
  path: AccountPath,
  records: readonly UsageRecord[],
  at: Instant,
): Promise<Reported | null> => path.kept.settled((start) => metered(path, start, records, at), hasRefused);

/** More records than these are looked up, decided and written in a turn each: a thousand take some ten milliseconds. */
const IN_ONE_TURN = 256;

const metered = async (
  path: AccountPath,
  start: LoadedAccount,
  records: readonly UsageRecord[],
  at: Instant,
): Promise<Reported | null> => {
  const { of, deciding } = path;
  if (!start.account) return null;
  const refusal = of.timing.usage(start, at);
  if (refusal) throw new RefusedForNow(refusal);
  const isLong = records.length > IN_ONE_TURN;
  const found = await of.identities.find(of.account, start.stream, records);
  if (isLong) await nextTurn();
  const entry = await broughtTo(path, start, at);
  const { account } = entry;
  if (!account) return null;
  const decision = deciding.usage(account, records, Math.max(at, account.clock), (record) =>
    found.held.get(record),
  );
  const { outcomes } = decision;
  if (!decision.event) return { outcomes, position: null };
  const events = withNotices(account, [decision.event], of.context.billing());
  if (isLong) await nextTurn();
  const { position } = await appendDecided(path, entry, events, null, { records: decision.accepted, found });
  return { outcomes, position };
};

/** Lets everything happen that was due until now, in its order. */
const broughtTo = async (path: AccountPath, start: LoadedAccount, now: Instant): Promise<LoadedAccount> => {
  let entry = start;
  for (;;) {
    const events = path.deciding.due(entry, now);
    if (events.length === 0) return entry;
    entry = (await appendDecided(path, entry, events, null)).entry;
  }
};
