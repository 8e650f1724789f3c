/**
 * The identity index on disk: LevelDB in its own folder, owned by a worker thread so that decisions never wait for its
 * writes. Messages are handled in order, so every find sees every earlier put. Nothing is synced before it is closed:
 * what a killed process had not written is past the watermark and is read again from its stream; after a machine crash
 * (unclean-shutdown.ts), and where a file is lost or damaged (closed-files.ts), the folder is rebuilt. After a failure
 * it is reopened as soon as possible, and every account is indexed again from its stream.
 */
import { type CalledThread, startThread } from '../async/worker-rpc.ts';
import { StoreUnavailable } from '../eventstore/event-store.ts';
import { type Filter, openFilter } from './bloom-filter.ts';
import type { Prints, Reply, Request } from './messages.ts';
import { type IdentityIndex, IndexBehind, type Key, keyText, type Locator } from './port.ts';
import { emptyPuts, gather, packed, type WaitingPuts } from './waiting-puts.ts';

/** Another process has the ledger open for writing. */
export class LedgerInUse extends Error {}

/** Maximum milliseconds that a put is delayed for batching. */
const PUT_MS = 5;
/** Maximum numbers sent without delay. */
const MANY = 16_384;

const unavailable = (why: string): StoreUnavailable =>
  new StoreUnavailable(`nothing was recorded: the identity index failed (${why})`);

const failureOf = (reply: Reply): Error | null => {
  if (reply.type !== 'failed') return null;
  const { why, message } = reply;
  if (why === 'in-use') return new LedgerInUse('another process has this ledger open for writing');
  return why === 'behind' ? new IndexBehind(`the identity index: ${message}`) : unavailable(message);
};

/** A key in the worker's format. */
const asked = (key: Key): string | readonly [hi: number, lo: number] =>
  key.kind === 'record' ? [key.print.hi, key.print.lo] : keyText(key);

/** The index as it is open here. */
interface Level {
  readonly thread: CalledThread<Request, Reply>;
  readonly filter: Filter;
  /** Until the keys on disk are in the filter, every key may be present. */
  isFilled: boolean;
  puts: WaitingPuts;
}

const addPrints = (filter: Filter, prints: Uint32Array): void => {
  for (let i = 0; i + 2 < prints.length; i += 3)
    filter.addHashed(prints[i] ?? 0, prints[i + 1] ?? 0, prints[i + 2] ?? 0);
};

/** Puts within some milliseconds are batched, since each message wakes a thread; requests are sent after them. */
const sendPuts = (level: Level): void => {
  if (level.puts.puts.length === 0) return;
  const numbers = packed(level.puts);
  level.thread.tell({ type: 'put', puts: level.puts.puts, numbers } satisfies Request, [numbers.buffer]);
  level.puts = emptyPuts();
};

const ask = (level: Level, request: Request): Promise<Reply> => {
  sendPuts(level);
  return level.thread.ask(request);
};

const closed = async (level: Level): Promise<void> => {
  if (!level.thread.failed()) await ask(level, { type: 'close' }).catch(() => undefined);
  level.thread.fail(new StoreUnavailable('the identity index is closed'));
  await level.thread.terminate();
};

/** Opens or creates the index in a folder. Rejects with LedgerInUse if another process holds it. */
export const openLevelIndex = async (folder: string): Promise<IdentityIndex> => {
  const filter = openFilter();
  const thread = startThread<Request, Reply, Prints>(import.meta.url, './worker', {
    data: { folder },
    failureOf,
    ended: (why) => unavailable(`its thread ended: ${why}`),
    told: ({ prints, last }) => {
      addPrints(filter, prints);
      level.isFilled = last;
    },
  });
  const level: Level = { thread, filter, isFilled: false, puts: emptyPuts() };
  try {
    await ask(level, { type: 'open' });
  } catch (error) {
    await thread.terminate();
    throw error;
  }
  return indexOver(level);
};

const indexOver = (level: Level): IdentityIndex => {
  const { thread, filter } = level;
  let closing: Promise<void> | null = null;
  return {
    watermark: async (account) => {
      const reply = await ask(level, { type: 'watermark', account });
      return reply.type === 'watermark'
        ? { length: reply.length, head: reply.head }
        : { length: 0, head: null };
    },
    find: async (account, keys) => {
      const reply = await ask(level, { type: 'find', account, keys: keys.map(asked) });
      return reply.type === 'found'
        ? reply.places.map((place): Locator | undefined => place ?? undefined)
        : [];
    },
    // After a failed put the filter is unreliable: answer "maybe", and let `find` raise the error.
    maybe: (account, print) => thread.failed() !== null || !level.isFilled || filter.has(account, print),
    put: (account, length, head, entries) => {
      if (thread.failed()) return;
      gather(level.puts, filter, account, length, head, entries);
      if (level.puts.count >= MANY) sendPuts(level);
      else if (level.puts.puts.length === 1) setTimeout(sendPuts, PUT_MS, level);
    },
    forget: async (account) => void (await ask(level, { type: 'forget', account })),
    flush: async () => void (await ask(level, { type: 'flush' })),
    close: () => {
      closing ??= closed(level);
      return closing;
    },
  };
};
