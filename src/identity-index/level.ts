/**
 * The identity index on disk: LevelDB in a folder of its own, owned by a worker thread so that deciding never waits for
 * its writes. Messages are handled in order, so every find sees every put before it. Nothing is synced before it is
 * closed: what a killed process had not written is past the watermark and is read again from its stream; after the
 * machine crashed the folder is rebuilt (unclean-shutdown.ts). After a write that failed it is opened again as soon as
 * that is possible, and every account is brought up again from its stream.
 */
import { Worker } from 'node:worker_threads';
import { StoreUnavailable } from '../eventstore/event-store.ts';
import { openFilter } from './bloom-filter.ts';
import { type IdentityIndex, IndexBehind, type Key, keyText, type Locator, RECORD_NUMBERS } from './port.ts';
import type { Put, Reply, Request } from './worker.ts';

/** Another process has the ledger open for writing. */
export class LedgerInUse extends Error {}

const WORKER = import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js';

/** So long a put may wait for others. */
const PUT_MS = 5;
/** So many numbers are sent without waiting. */
const MANY = 16_384;

const unavailable = (why: string): StoreUnavailable =>
  new StoreUnavailable(`nothing was recorded: the identity index failed (${why})`);

const failure = ({ why, message }: Extract<Reply, { type: 'failed' }>): Error => {
  if (why === 'in-use') return new LedgerInUse('another process has this ledger open for writing');
  return why === 'behind' ? new IndexBehind(`the identity index: ${message}`) : unavailable(message);
};

/** A key as the worker is asked for it. */
const asked = (key: Key): string | readonly [hi: number, lo: number] =>
  key.kind === 'record' ? [key.print.hi, key.print.lo] : keyText(key);

/** Opens (or makes) the index in a folder. Rejects with LedgerInUse when another process holds it. */
export const openLevelIndex = async (folder: string): Promise<IdentityIndex> => {
  const worker = new Worker(new URL(WORKER, import.meta.url), { workerData: { folder } });
  const filter = openFilter();
  const waiting = new Map<number, { resolve: (reply: Reply) => void; reject: (error: Error) => void }>();
  let asks = 0;
  let failed: Error | null = null;
  /** Until the keys on disk are in the filter, everything may be there. */
  let filled = false;

  const fail = (error: Error) => {
    failed = error;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on('exit', () => {
    if (!failed) fail(unavailable('its thread ended'));
  });
  worker.on('error', (error) => fail(unavailable(error instanceof Error ? error.message : String(error))));
  worker.on('message', (reply: Reply) => {
    if (reply.type === 'prints') {
      for (let i = 0; i + 2 < reply.prints.length; i += 3) {
        filter.addHashed(reply.prints[i] ?? 0, reply.prints[i + 1] ?? 0, reply.prints[i + 2] ?? 0);
      }
      filled = reply.last;
      return;
    }
    const one = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (reply.type === 'failed') one?.reject(failure(reply));
    else one?.resolve(reply);
  });

  /** Puts of some milliseconds go together, since a message wakes a thread; whatever is asked goes behind them. */
  let puts: Put[] = [];
  let parts: Uint32Array[] = [];
  let count = 0;
  const sendPuts = (): void => {
    if (puts.length === 0) return;
    const numbers = new Uint32Array(count);
    let at = 0;
    for (const part of parts) {
      numbers.set(part, at);
      at += part.length;
    }
    worker.postMessage({ type: 'put', puts, numbers } satisfies Request, [numbers.buffer]);
    [puts, parts, count] = [[], [], 0];
  };

  const ask = (request: Request): Promise<Reply> =>
    new Promise((resolve, reject) => {
      if (failed) throw failed;
      sendPuts();
      asks += 1;
      waiting.set(asks, { resolve, reject });
      worker.postMessage({ ...request, id: asks });
    });

  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    if (!failed) await ask({ type: 'close' }).catch(() => undefined);
    failed ??= new StoreUnavailable('the identity index is closed');
    await worker.terminate();
  };

  try {
    await ask({ type: 'open' });
  } catch (error) {
    await worker.terminate();
    throw error;
  }
  return {
    watermark: async (account) => {
      const reply = await ask({ type: 'watermark', account });
      return reply.type === 'watermark'
        ? { length: reply.length, head: reply.head }
        : { length: 0, head: null };
    },
    find: async (account, keys) => {
      const reply = await ask({ type: 'find', account, keys: keys.map(asked) });
      return reply.type === 'found'
        ? reply.places.map((place): Locator | undefined => place ?? undefined)
        : [];
    },
    // After a failed put the filter is unreliable: answer "maybe", and let `find` raise the error.
    maybe: (account, print) => failed !== null || !filled || filter.has(account, print),
    put: (account, length, head, entries) => {
      if (failed) return;
      const numbers = new Uint32Array(entries.length * RECORD_NUMBERS);
      const texts: { readonly key: string; readonly revision: number }[] = [];
      let used = 0;
      for (const { key, revision, ordinal } of entries) {
        if (key.kind !== 'record') {
          texts.push({ key: keyText(key), revision });
          continue;
        }
        filter.add(account, key.print);
        numbers[used] = key.print.hi;
        numbers[used + 1] = key.print.lo;
        numbers[used + 2] = revision;
        numbers[used + 3] = ordinal;
        used += RECORD_NUMBERS;
      }
      puts.push({ account, length, head, records: used / RECORD_NUMBERS, texts });
      parts.push(used === numbers.length ? numbers : numbers.subarray(0, used));
      count += used;
      if (count >= MANY) sendPuts();
      else if (puts.length === 1) setTimeout(sendPuts, PUT_MS);
    },
    forget: async (account) => void (await ask({ type: 'forget', account })),
    flush: async () => void (await ask({ type: 'flush' })),
    close: () => {
      closing ??= close();
      return closing;
    },
  };
};
