/**
 * Verifies the log of checkpoints while a store is read from its beginning: every leaf is a hash of its stream, every
 * checkpoint is the root over the leaves before it, signed by a key of this ledger, and every checkpoint stored outside
 * the ledger is still consistent with the log.
 */
import { hexText, sameBytes } from '../../checkpoint/bytes.ts';
import { openFrontier } from '../../checkpoint/frontier.ts';
import { hashOfLeaf, LOG } from '../../checkpoint/leaf.ts';
import {
  type Checkpoint,
  noteIsSignedBy,
  parseCheckpoint,
  parseNote,
  parseVerifierKey,
  type VerifierKey,
} from '../../checkpoint/note.ts';
import type { EventStore } from '../../eventstore/event-store.ts';
import { hashAt } from '../../eventstore/hash-at.ts';
import type { SystemEvent } from '../../ledger/system/events.ts';

type Report = (
  event: { stream: string; revision: number },
  what: string,
  expected: string,
  found: string,
) => void;

/** The head of a stream at the current point of reading. */
export type HeadOf = (stream: string) => { readonly length: number; readonly hash: string } | undefined;

export interface LogCheck {
  /** Adds an event of the log, or of the signing keys. */
  add(event: SystemEvent, revision: number): Promise<void>;
  /** Reports external checkpoints that were not found; call it after the last event. */
  end(): void;
  /** Number of external checkpoints that are consistent with the log. */
  met(): number;
}

/** The state of the verification. */
interface Checking {
  readonly store: EventStore;
  readonly headOf: HeadOf;
  readonly report: Report;
  readonly frontier: ReturnType<typeof openFrontier>;
  readonly keys: Map<string, VerifierKey>;
  readonly revoked: Set<string>;
  /** External checkpoints, smallest first. */
  readonly kept: readonly Checkpoint[];
  /** The external checkpoints that the log has signed. */
  readonly signed: Set<Checkpoint>;
  /** Number of external checkpoints reached, and of those with the log's root. */
  met: number;
  fitting: number;
  /** Revision of the log's last event. */
  last: number;
}

/** Verifies the log of a store, also against external checkpoints. */
export const openLogCheck = (
  store: EventStore,
  headOf: HeadOf,
  kept: readonly Checkpoint[],
  report: Report,
): LogCheck => {
  const checking: Checking = {
    ...{ store, headOf, report, frontier: openFrontier(), keys: new Map(), revoked: new Set() },
    kept: [...kept].sort((a, b) => a.size - b.size),
    signed: new Set(),
    ...{ met: 0, fitting: 0, last: -1 },
  };
  return {
    met: () => checking.fitting,
    add: (event, revision) => add(checking, event, revision),
    end: () => end(checking),
  };
};

const add = async (checking: Checking, { type, data }: SystemEvent, revision: number): Promise<void> => {
  const { report, keys, revoked } = checking;
  if (type === 'SigningKeyAdded') {
    const key = parseVerifierKey(data.key);
    if (key) keys.set(data.key, key);
    else report({ stream: 'signing-keys', revision }, 'key', 'a verifier key', data.key);
  }
  if (type === 'SigningKeyRevoked') revoked.add(data.key);
  if (type === 'LeavesAdded') await addLeaves(checking, data, revision);
  if (type === 'CheckpointSigned') await checkSigned(checking, data, revision);
  if (type === 'LeavesAdded' || type === 'CheckpointSigned') checking.last = revision;
};

type DataOf<Type extends SystemEvent['type']> = Extract<SystemEvent, { type: Type }>['data'];

const addLeaves = async (
  checking: Checking,
  { from, leaves }: DataOf<'LeavesAdded'>,
  revision: number,
): Promise<void> => {
  const { frontier, report } = checking;
  if (from !== frontier.size())
    report({ stream: LOG, revision }, 'number of the first leaf', String(frontier.size()), String(from));
  for (const [stream, at, head] of leaves) {
    await addLeaf(checking, stream, at, head);
    compareKept(checking, revision);
  }
};

const addLeaf = async (
  { store, headOf, frontier, report }: Checking,
  stream: string,
  revision: number,
  head: string,
): Promise<void> => {
  const now = headOf(stream);
  const found = now?.length === revision + 1 ? now.hash : await hashAt(store, stream, revision);
  if (found !== head)
    report({ stream, revision }, 'hash in the log of checkpoints', head, found ?? 'no such event');
  frontier.add(hashOfLeaf({ stream, revision, head }));
};

const compareKept = (checking: Checking, revision: number): void => {
  const { frontier, kept, report } = checking;
  for (let next = kept[checking.met]; next && next.size === frontier.size(); next = kept[checking.met]) {
    checking.met += 1;
    if (sameBytes(next.root, frontier.root())) checking.fitting += 1;
    else
      report(
        { stream: LOG, revision },
        `root of the external checkpoint of size ${next.size}`,
        hexText(next.root),
        hexText(frontier.root()),
      );
  }
};

const checkSigned = async (
  { frontier, keys, revoked, kept, signed, report }: Checking,
  { size, root, key, note }: DataOf<'CheckpointSigned'>,
  revision: number,
): Promise<void> => {
  const event = { stream: LOG, revision };
  const computed = hexText(frontier.root());
  if (size !== frontier.size())
    report(event, 'size of the checkpoint', String(frontier.size()), String(size));
  if (root !== computed) report(event, 'root of the checkpoint', computed, root);
  const read = parseNote(note);
  const checkpoint = read && parseCheckpoint(read.text);
  const by = keys.get(key);
  for (const one of kept) if (checkpoint && sameCheckpoint(one, checkpoint)) signed.add(one);
  if (!read || !checkpoint || hexText(checkpoint.root) !== root || checkpoint.size !== size)
    report(event, 'note of the checkpoint', `size ${size}, root ${root}`, note);
  else if (revoked.has(key)) report(event, 'key of the checkpoint', 'one that is not revoked', key);
  else if (checkpoint.origin !== by?.name)
    report(event, 'origin of the checkpoint', by?.name ?? 'a key of this ledger', checkpoint.origin);
  else if (!by || !(await noteIsSignedBy(read, by)))
    report(event, 'signature of the checkpoint', `one of ${key}`, by ? 'not good' : 'no key of this ledger');
};

const end = ({ frontier, kept, signed, met, fitting, last, report }: Checking): void => {
  for (const one of kept.slice(0, met))
    if (!signed.has(one) && fitting === kept.length)
      report(
        { stream: LOG, revision: last + 1 },
        'checkpoint',
        `the external one of size ${one.size}`,
        'none',
      );
  for (const { size } of kept.slice(met))
    report(
      { stream: LOG, revision: last },
      'size',
      `the external checkpoint of size ${size}`,
      `${frontier.size()} leaves`,
    );
};

const sameCheckpoint = (a: Checkpoint, b: Checkpoint): boolean =>
  a.size === b.size && a.time === b.time && sameBytes(a.root, b.root);
