/**
 * What is derived on this machine from an engine's ledger holds of that ledger as it was read. A folder may be used for
 * another one by mistake, or for a copy, and an engine may be restored to an earlier state: then all of it is made anew.
 */
import { rmSync } from 'node:fs';
import type { Anchor } from '../store/directory.ts';
import type { EventStore } from '../store/event-store.ts';
import { hexOf } from '../store/sealing.ts';

/** Whether the event up to which everything was derived is still where it was. */
export const stillHolds = async (
  store: Pick<EventStore, 'read'>,
  { stream, revision, position, hash }: Anchor,
): Promise<boolean> => {
  const [event] = await store.read(stream, {
    from: revision,
    limit: 1,
    direction: 'forwards',
    records: false,
  });
  return event?.position === position && hexOf(event.hash) === hexOf(hash);
};

const KINDS = ['views', 'heads', 'index', 'snapshots', 'outbox', 'tree'];

/** Deletes what is derived; none of it may be open. */
export const forgetDerived = (base: string): void => {
  for (const kind of KINDS)
    for (const end of ['', '-wal', '-shm']) rmSync(`${base}.${kind}${end}`, { recursive: true, force: true });
};
