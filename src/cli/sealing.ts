/** Checkpoints from the command line: of a ledger opened for reading, or for writing where one must be signed. */
import { openSealer, type Sealer } from '../checkpoint/sealer.ts';
import { DEFAULT_STORE, fileOf } from '../ledger/open.ts';
import { serverKey } from '../ledger/server-key.ts';
import type { EventStore } from '../store/event-store.ts';
import { type Context, storeOf } from './command.ts';

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
  const store = storeOf(context, DEFAULT_STORE);
  if (store === 'memory:') return { path: ':memory:', serverKey: serverKey(null, null), file: null };
  const path = fileOf(store);
  return {
    path: `${path}.tree`,
    serverKey: serverKey(process.env['SUANPAN_SECRET'] || null, `${path}.key`),
    file: process.env['SUANPAN_CHECKPOINT_FILE'] || null,
  };
};
