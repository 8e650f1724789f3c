/**
 * The log of checkpoints against the events it covers, as a store is read from its beginning: every leaf is a hash that
 * its stream has, every checkpoint the root over the leaves before it, signed by a key of this ledger; and every
 * checkpoint that was kept elsewhere still fits.
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

/** How far a stream has come while the store is read. */
export type HeadOf = (stream: string) => { readonly length: number; readonly hash: string } | undefined;

export interface LogCheck {
  /** Takes an event of the log, or of the signing keys. */
  add(event: SystemEvent, revision: number): Promise<void>;
  /** What of the checkpoints kept elsewhere was not met; after the last event. */
  end(): void;
  /** Checkpoints met that were kept elsewhere. */
  met(): number;
}

/** Checks the log of a store against checkpoints that were kept elsewhere. */
export const openLogCheck = (
  store: EventStore,
  headOf: HeadOf,
  kept: readonly Checkpoint[],
  report: Report,
): LogCheck => {
  const frontier = openFrontier();
  const keys = new Map<string, VerifierKey>();
  const revoked = new Set<string>();
  const outside = [...kept].sort((a, b) => a.size - b.size);
  const signed = new Set<Checkpoint>();
  let met = 0;
  let fitting = 0;
  let last = -1;

  const compareKept = (revision: number): void => {
    for (let next = outside[met]; next && next.size === frontier.size(); next = outside[met]) {
      met += 1;
      if (sameBytes(next.root, frontier.root())) fitting += 1;
      else
        report(
          { stream: LOG, revision },
          `root of the checkpoint of size ${next.size} kept elsewhere`,
          hexText(next.root),
          hexText(frontier.root()),
        );
    }
  };

  const addLeaf = async (stream: string, revision: number, head: string): Promise<void> => {
    const now = headOf(stream);
    const found = now?.length === revision + 1 ? now.hash : await hashAt(store, stream, revision);
    if (found !== head)
      report({ stream, revision }, 'hash in the log of checkpoints', head, found ?? 'no such event');
    frontier.add(hashOfLeaf({ stream, revision, head }));
  };

  const checkSigned = async (
    { size, root, key, note }: Extract<SystemEvent, { type: 'CheckpointSigned' }>['data'],
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
      report(
        event,
        'signature of the checkpoint',
        `one of ${key}`,
        by ? 'not good' : 'no key of this ledger',
      );
  };

  return {
    met: () => fitting,
    add: async ({ type, data }, revision) => {
      if (type === 'SigningKeyAdded') {
        const key = parseVerifierKey(data.key);
        if (key) keys.set(data.key, key);
        else report({ stream: 'signing-keys', revision }, 'key', 'a verifier key', data.key);
      }
      if (type === 'SigningKeyRevoked') revoked.add(data.key);
      if (type === 'LeavesAdded') {
        if (data.from !== frontier.size())
          report(
            { stream: LOG, revision },
            'number of the first leaf',
            String(frontier.size()),
            String(data.from),
          );
        for (const [stream, at, head] of data.leaves) {
          await addLeaf(stream, at, head);
          compareKept(revision);
        }
      }
      if (type === 'CheckpointSigned') await checkSigned(data, revision);
      if (type === 'LeavesAdded' || type === 'CheckpointSigned') last = revision;
    },
    end: () => {
      for (const one of outside.slice(0, met))
        if (!signed.has(one) && fitting === outside.length)
          report(
            { stream: LOG, revision: last + 1 },
            'checkpoint',
            `the one of size ${one.size} kept elsewhere`,
            'none',
          );
      for (const { size } of outside.slice(met))
        report(
          { stream: LOG, revision: last },
          'size',
          `the checkpoint of size ${size} kept elsewhere`,
          `${frontier.size()} leaves`,
        );
    },
  };
};

const sameCheckpoint = (a: Checkpoint, b: Checkpoint): boolean =>
  a.size === b.size && a.time === b.time && sameBytes(a.root, b.root);
