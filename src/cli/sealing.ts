/** Checkpoints from the command line: of a ledger opened for reading, or for writing where one must be signed. */
import { openSealer, type Sealer } from '../checkpoint/sealer.ts';

import { serverKey } from '../ledger/server-key.ts';
import { DEFAULT_STORE, whereOf } from '../ledger/where.ts';
import type { EventStore } from '../store/event-store.ts';
import { type Context, dataOf, storeOf } from './command.ts';

/** Runs work with the sealer of a store that is open; checkpoints also go where SUANPAN_CHECKPOINT_FILE says. */
export const sealing = async <T>(
  context: Context,
  store: EventStore,
  work: (sealer: Sealer) => Promise<T>,
): Promise<T> => {
  const sealer = openSealer({ store, ...placesOf(context), now: Date.now });
  try {
    return await work(sealer);
  } finally {
    await sealer.close();
  }
};

/** The server's key of the ledger that a command is about. */
export const keyOf = (context: Context): Buffer => placesOf(context).serverKey;

const placesOf = (context: Context) => {
  const where = whereOf(storeOf(context, DEFAULT_STORE), dataOf());
  const isKept = where.kind !== 'memory';
  return {
    path: where.base === null ? ':memory:' : `${where.base}.tree`,
    serverKey: serverKey((isKept && process.env['SUANPAN_SECRET']) || null, where),
    file: (isKept && process.env['SUANPAN_CHECKPOINT_FILE']) || null,
  };
};
