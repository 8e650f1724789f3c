/** The thread that owns the identity index's LevelDB. Messages are handled one after the other, in their order. */
import { rm } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { ClassicLevel } from 'classic-level';
import { accountHash } from './filter.ts';

export type Request =
  | { readonly type: 'open' | 'flush' | 'close' }
  | { readonly type: 'watermark'; readonly account: string }
  | { readonly type: 'find'; readonly account: string; readonly keys: readonly string[] }
  /** Keys are joined by newlines; places hold revision and ordinal of each. */
  | {
      readonly type: 'put';
      readonly account: string;
      readonly length: number;
      readonly keys: string;
      readonly places: Uint32Array;
    };

export type Reply =
  | { readonly type: 'done'; readonly id: number }
  | { readonly type: 'watermark'; readonly id: number; readonly length: number }
  | {
      readonly type: 'found';
      readonly id: number;
      readonly places: ({ revision: number; ordinal: number } | null)[];
    }
  | { readonly type: 'failed'; readonly id: number; readonly message: string; readonly inUse: boolean }
  /** Triples of account hash and both halves of a fingerprint, for the filter. */
  | { readonly type: 'prints'; readonly prints: Uint32Array; readonly last: boolean };

type Asked = Request & { readonly id: number };

const { folder } = workerData as { folder: string };
const port = parentPort;
if (!port) throw new Error('the identity index runs in a worker thread');

const PRINTS_A_MESSAGE = 30_000;
const PRINT = /^r[0-9a-f]{16}$/;

const openDb = async (): Promise<ClassicLevel<string, string>> => {
  const options = { keyEncoding: 'utf8', valueEncoding: 'utf8', writeBufferSize: 16 * 1024 * 1024 } as const;
  const opened = new ClassicLevel<string, string>(folder, options);
  try {
    await opened.open();
    return opened;
  } catch (error) {
    const code = causeCode(error);
    if (code === 'LEVEL_LOCKED' || code === undefined) throw error;
    // A derived index that cannot be read is made anew from the streams.
    await rm(folder, { recursive: true, force: true });
    const again = new ClassicLevel<string, string>(folder, options);
    await again.open();
    return again;
  }
};

const causeCode = (error: unknown): string | undefined => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
};

let db: ClassicLevel<string, string> | null = null;
const opened = (): ClassicLevel<string, string> => {
  if (!db) throw new Error('the identity index is not open');
  return db;
};

const keyOf = (account: string, key: string): string => `${account}\u0000${key}`;

const fill = async (): Promise<void> => {
  let prints = new Uint32Array(PRINTS_A_MESSAGE * 3);
  let count = 0;
  const send = (last: boolean) => {
    const part = prints.slice(0, count * 3);
    port.postMessage({ type: 'prints', prints: part, last } satisfies Reply, [part.buffer]);
    prints = new Uint32Array(PRINTS_A_MESSAGE * 3);
    count = 0;
  };
  for await (const key of opened().keys()) {
    const cut = key.indexOf('\u0000');
    const rest = key.slice(cut + 1);
    if (!PRINT.test(rest)) continue;
    prints[3 * count] = accountHash(key.slice(0, cut));
    prints[3 * count + 1] = Number.parseInt(rest.slice(1, 9), 16);
    prints[3 * count + 2] = Number.parseInt(rest.slice(9), 16);
    count += 1;
    if (count === PRINTS_A_MESSAGE) send(false);
  }
  send(true);
};

const handle = async (asked: Asked): Promise<Reply | null> => {
  const { id } = asked;
  switch (asked.type) {
    case 'open':
      db = await openDb();
      return { type: 'done', id };
    case 'watermark': {
      const length = await opened().get(keyOf(asked.account, 'w'));
      return { type: 'watermark', id, length: length === undefined ? 0 : Number(length) };
    }
    case 'find': {
      const values = await opened().getMany(asked.keys.map((key) => keyOf(asked.account, key)));
      const places = values.map((value) => {
        if (value === undefined) return null;
        const [revision, ordinal] = value.split(' ');
        return { revision: Number(revision), ordinal: Number(ordinal) };
      });
      return { type: 'found', id, places };
    }
    case 'put': {
      const keys = asked.keys === '' ? [] : asked.keys.split('\n');
      const batch = keys.map((key, i) => ({
        type: 'put' as const,
        key: keyOf(asked.account, key),
        value: `${asked.places[2 * i]} ${asked.places[2 * i + 1]}`,
      }));
      batch.push({ type: 'put', key: keyOf(asked.account, 'w'), value: String(asked.length) });
      await opened().batch(batch);
      return null;
    }
    case 'flush':
      return { type: 'done', id };
    case 'close':
      await db?.close();
      db = null;
      return { type: 'done', id };
  }
};

let tail: Promise<void> = Promise.resolve();
port.on('message', (asked: Asked) => {
  tail = tail.then(async () => {
    try {
      const reply = await handle(asked);
      if (reply) port.postMessage(reply);
      // Beside what follows, not before it: until the last part is sent, everything may be held.
      if (asked.type === 'open') fill().catch(() => undefined);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const inUse = causeCode(error) === 'LEVEL_LOCKED';
      port.postMessage({ type: 'failed', id: asked.id, message, inUse } satisfies Reply);
    }
  });
});
