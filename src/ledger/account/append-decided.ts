/** Seals decided events onto an account's stream and appends them; the cached account changes only after that. */
import type { CommandMark } from '../../codec/event-codec.ts';
import type { AccountEvent } from '../../domain/events.ts';
import { seal } from '../../integrity/seal-events.ts';
import type { Identities } from './identities.ts';
import type { Noted } from './index-entries.ts';
import { type LoadedAccount, snapshotText } from './loaded-account.ts';
import type { AccountPath } from './processor-parts.ts';
import type { Placed } from './result.ts';
import { draftsOf, lived } from './seal-decided.ts';

const SNAPSHOT_EVERY = 512;

export interface Appended {
  readonly entry: LoadedAccount;
  readonly placed: readonly Placed[];
  readonly position: string;
}

/** Entries for the identity index of these events: the records of usage, and the probes found for them. */
export interface NotedUsage extends Pick<Noted, 'records'> {
  readonly found?: Parameters<Identities['note']>[4];
}

/**
 * Appends events at the expected version of the decision. Throws VersionConflict if the stream has grown,
 * EventUnwritable if an event would not decode to itself; then nothing was appended.
 */
export const appendDecided = async (
  { of, kept }: AccountPath,
  entry: LoadedAccount,
  events: readonly AccountEvent[],
  mark: CommandMark | null,
  usage: NotedUsage = {},
): Promise<Appended> => {
  const drafts = draftsOf(entry, events, mark, of.context);
  const sealed = seal(entry.stream, entry.length, entry.hash, drafts);
  // Folded before the append: events that the account cannot be folded from are never written.
  const next = lived(entry, events, sealed);
  const position = await of.store.append(entry.stream, entry.length, sealed);
  of.identities.note(
    of.account,
    entry.length,
    events.map((event, i) => ({
      event,
      ...(i === 0 && mark ? { commandKey: mark.key } : {}),
      ...(event.type === 'CallsMetered' && usage.records ? { records: usage.records } : {}),
    })),
    sealed.at(-1)?.hash ?? null,
    usage.found,
  );
  kept.keep(next);
  const { stream, length, hash } = next;
  if (of.snapshots && hash && crossed(entry.length, length))
    of.snapshots.put({ stream, length, hash, state: snapshotText(next) });
  return { entry: next, placed: events.map((event, i) => ({ revision: entry.length + i, event })), position };
};

const crossed = (before: number, after: number): boolean =>
  Math.floor(before / SNAPSHOT_EVERY) !== Math.floor(after / SNAPSHOT_EVERY);
