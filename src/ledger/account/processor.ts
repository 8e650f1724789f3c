/**
 * One account's commands and usage, one after the other: load, decide, seal, append; on a version conflict look again.
 * All usage that waits is decided together and becomes one fact; that, and the store's group commit, is where the
 * speed comes from. Nothing is answered before it is durable, and an entry changes only after that.
 */
import { openSerialQueue } from '../../async/serial-queue.ts';
import type { CommandMark } from '../../codec/event-codec.ts';
import { FactUnwritable } from '../../codec/reads-back.ts';
import type { Snapshots } from '../../derived/account-snapshots.ts';
import type { Instant } from '../../domain/calendar.ts';
import type { AccountCommand } from '../../domain/decide.ts';
import { type AccountEvent, event } from '../../domain/events.ts';
import { withNotices } from '../../domain/notices.ts';
import type { UsageRecord } from '../../domain/usage.ts';
import { AppendTooLarge, type EventStore } from '../../eventstore/event-store.ts';
import { seal } from '../../integrity/seal-events.ts';
import type { Surrounding } from '../context.ts';
import { keptEntry } from './cache.ts';
import { type ClockKind, decidingIn } from './decider.ts';
import { tryingOut } from './dry-run.ts';
import { answeredBefore } from './idempotency.ts';
import type { Identities, Noted } from './identities.ts';
import { type Entry, loadEntry, snapshotText } from './loaded-account.ts';
import { type Answer, hasRefused, isNew, type Placed } from './result.ts';
import { draftsOf, lived } from './seal-decided.ts';
import { FACT_SIZE, type Part, parts } from './split-usage.ts';
import { RefusedForNow, type Timing } from './timing.ts';
import type { Turns } from './turns.ts';
import { asOne, type Reported } from './usage-result.ts';

const SNAPSHOT_EVERY = 512;

export interface LaneOf {
  readonly account: string;
  readonly store: EventStore;
  readonly identities: Identities;
  readonly snapshots: Snapshots | null;
  readonly surrounding: Surrounding;
  readonly clock: ClockKind;
  readonly timing: Timing;
  /** Turns between servers, and how long a decision is made again; absent where there is one server. */
  readonly turns?: Turns | undefined;
  readonly turnMs?: number | undefined;
}

/** Turns a command into what the domain decides, with what the stream holds under its identities. */
export type Prepare = (entry: Entry) => Promise<AccountCommand>;

export interface Lane {
  /** Runs a command; `mark` makes a repeat harmless. */
  run(prepare: Prepare, at: Instant, mark: CommandMark | null): Promise<Answer>;
  /** What a command would come to now; nothing is recorded. */
  tryOut(prepare: Prepare, at: Instant, mark: CommandMark | null): Promise<Answer>;
  /** Meters records. Null when there is no such account. */
  meter(records: readonly UsageRecord[], at: Instant): Promise<Reported | null>;
  /** What `meter` would answer now; nothing is recorded. */
  tryMeter: Lane['meter'];
  /** The account as it is now; an index that cannot be written stops no reader. */
  entry(): Promise<Entry>;
  /** The account as the last acknowledged command left it, without waiting for those under way; null when not loaded. */
  known(): Entry | null;
  /** Learns how long the stream is by now: somebody else may have appended to it. */
  seen(length: number): void;
  idle(): boolean;
}

interface Usage extends Part {
  readonly at: Instant;
  readonly resolve: (reported: Reported | null) => void;
  readonly reject: (error: unknown) => void;
}

export const openLane = (of: LaneOf): Lane => {
  const deciding = decidingIn(of.surrounding, of.clock);
  const kept = keptEntry(of);
  const { current, settled } = kept;
  const trying = tryingOut(of, deciding, settled);
  const queue = openSerialQueue();
  let waiting: Usage[] = [];

  const append = async (
    entry: Entry,
    events: readonly AccountEvent[],
    mark: CommandMark | null,
    noted: Pick<Noted, 'records'> & { found?: Parameters<Identities['note']>[4] } = {},
  ): Promise<{ entry: Entry; placed: readonly Placed[]; position: string }> => {
    const drafts = draftsOf(entry, events, mark, of.surrounding);
    const sealed = seal(entry.stream, entry.length, entry.hash, drafts);
    // Before they are durable: what the account cannot live through is never written.
    const next = lived(entry, events, sealed);
    const position = await of.store.append(entry.stream, entry.length, sealed);
    of.identities.note(
      of.account,
      entry.length,
      events.map((event, i) => ({
        event,
        ...(i === 0 && mark ? { commandKey: mark.key } : {}),
        ...(event.type === 'CallsMetered' && noted.records ? { records: noted.records } : {}),
      })),
      sealed.at(-1)?.hash ?? null,
      noted.found,
    );
    kept.keep(next);
    const { stream, length, hash } = next;
    if (of.snapshots && hash && crossed(entry.length, length))
      of.snapshots.put({ stream, length, hash, state: snapshotText(next) });
    return {
      entry: next,
      placed: events.map((event, i) => ({ revision: entry.length + i, event })),
      position,
    };
  };

  /** Lets everything happen that was due until now, in its order. */
  const broughtTo = async (start: Entry, now: Instant): Promise<Entry> => {
    let entry = start;
    for (;;) {
      const events = deciding.due(entry, now);
      if (events.length === 0) return entry;
      entry = (await append(entry, events, null)).entry;
    }
  };

  const run: Lane['run'] = (prepare, at, mark) =>
    queue.run(() =>
      settled(async (start) => {
        const repeated = mark
          ? await answeredBefore(of.store, of.identities, of.account, start.stream, mark)
          : null;
        if (repeated) return repeated;
        const timed = of.timing.command(start, at);
        if (timed.outcome === 'refused') return timed;
        const entry = await broughtTo(start, timed.at);
        const decision = deciding.command(entry, await prepare(entry), timed.at);
        if (decision.outcome === 'refused') return decision;
        if (decision.events.length > 0) {
          const { placed, position } = await append(entry, decision.events, mark);
          return { outcome: 'done', events: placed, position };
        }
        if (!mark) return { outcome: 'done', events: [], position: null };
        const { position } = await append(entry, [event('NothingChanged', timed.at, {})], mark);
        return { outcome: 'done', events: [], position };
      }, isNew),
    );

  const meterWaiting = async (): Promise<void> => {
    let count = 0;
    let size = 0;
    for (const next of waiting) {
      if (count > 0 && size + next.size > FACT_SIZE) break;
      size += next.size;
      count += 1;
    }
    const batch = waiting.slice(0, count);
    waiting = waiting.slice(count);
    // What comes from now on, or did not fit, has a turn of its own.
    if (waiting.length > 0) void queue.run(meterWaiting);
    await meterTogether(batch);
  };

  const meterTogether = async (batch: readonly Usage[]): Promise<void> => {
    try {
      const records = batch.flatMap((usage) => usage.records);
      const at = batch.reduce((latest, usage) => Math.max(latest, usage.at), 0);
      const reported = await settled((entry) => metered(entry, records, at), hasRefused);
      let from = 0;
      for (const { records: own, resolve } of batch) {
        resolve(reported && { ...reported, outcomes: reported.outcomes.slice(from, from + own.length) });
        from += own.length;
      }
    } catch (error) {
      // What cannot be written fails for whoever reported it, and for nobody who came at the same time.
      const isOfOne = error instanceof FactUnwritable || error instanceof AppendTooLarge;
      if (isOfOne && batch.length > 1) for (const usage of batch) await meterTogether([usage]);
      else for (const { reject } of batch) reject(error);
    }
  };

  const metered = async (
    start: Entry,
    records: readonly UsageRecord[],
    at: Instant,
  ): Promise<Reported | null> => {
    if (!start.account) return null;
    const refusal = of.timing.usage(start, at);
    if (refusal) throw new RefusedForNow(refusal);
    const found = await of.identities.find(of.account, start.stream, records);
    const entry = await broughtTo(start, at);
    const { account } = entry;
    if (!account) return null;
    const decision = deciding.usage(account, records, Math.max(at, account.clock), (record) =>
      found.held.get(record),
    );
    const { outcomes } = decision;
    if (!decision.event) return { outcomes, position: null };
    const { calendar, catalogue } = of.surrounding;
    const events = withNotices(account, [decision.event], calendar, catalogue());
    const { position } = await append(entry, events, null, { records: decision.accepted, found });
    return { outcomes, position };
  };

  const meterPart = (part: Part, at: Instant): ReturnType<Lane['meter']> =>
    new Promise((resolve, reject) => {
      waiting.push({ ...part, at, resolve, reject });
      if (waiting.length === 1) void queue.run(meterWaiting);
    });

  return {
    run,
    tryOut: (prepare, at, mark) => queue.run(() => trying.command(prepare, at, mark)),
    tryMeter: (records, at) => queue.run(() => trying.usage(records, at)),
    known: kept.known,
    seen: kept.seen,
    meter: async (records, at) => {
      const all = await Promise.all(parts(records).map((part) => meterPart(part, at)));
      return asOne(all);
    },
    entry: () => queue.run(() => current().catch(() => loadEntry(of.store, of.snapshots, of.account))),
    idle: () => queue.size() === 0 && waiting.length === 0,
  };
};

const crossed = (before: number, after: number): boolean =>
  Math.floor(before / SNAPSHOT_EVERY) !== Math.floor(after / SNAPSHOT_EVERY);
