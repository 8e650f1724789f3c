/** The thread that owns the identity index's LevelDB. Messages are handled one after the other, in their order. */
import { Buffer } from 'node:buffer';
import { rm } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { ClassicLevel } from 'classic-level';
import { accountHash } from './filter.ts';
import { isWhole, markClosed, markOpen } from './open-mark.ts';

export type Request =
  | { readonly type: 'open' | 'flush' | 'close' }
  | { readonly type: 'watermark'; readonly account: string }
  /** A record's key is the two halves of its fingerprint. */
  | {
      readonly type: 'find';
      readonly account: string;
      readonly keys: readonly (string | readonly [hi: number, lo: number])[];
    }
  | { readonly type: 'put'; readonly puts: readonly Put[] };

export interface Put {
  readonly account: string;
  /** Events of the account's stream that are indexed with it. */
  readonly length: number;
  /** Four by four: both halves of the fingerprint, revision, ordinal. */
  readonly records: Uint32Array;
  readonly texts: readonly { readonly key: string; readonly revision: number }[];
}

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
const RECORD = 'r'.charCodeAt(0);
/** Of a record's key after its account: a zero, the kind, and eight bytes of fingerprint. */
const RECORD_TAIL = 10;

const openDb = async (): Promise<ClassicLevel<Buffer, Buffer>> => {
  let opened: ClassicLevel<Buffer, Buffer> | null = null;
  try {
    opened = await openFolder();
  } catch (error) {
    const code = causeCode(error);
    if (code === 'LEVEL_LOCKED' || code === undefined) throw error;
  }
  // A derived index that cannot be read, or may have holes, is made anew from the streams.
  if (!opened || !isWhole(folder)) {
    await opened?.close();
    await rm(folder, { recursive: true, force: true });
    opened = await openFolder();
  }
  markOpen(folder);
  return opened;
};

const openFolder = async (): Promise<ClassicLevel<Buffer, Buffer>> => {
  const opened = new ClassicLevel<Buffer, Buffer>(folder, {
    keyEncoding: 'buffer',
    valueEncoding: 'buffer',
    writeBufferSize: 16 * 1024 * 1024,
  });
  await opened.open();
  return opened;
};

const causeCode = (error: unknown): string | undefined => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
};

let db: ClassicLevel<Buffer, Buffer> | null = null;
const opened = (): ClassicLevel<Buffer, Buffer> => {
  if (!db) throw new Error('the identity index is not open');
  return db;
};

const textKey = (account: string, kind: 'w' | 't', text: string): Buffer =>
  Buffer.from(`${account}\u0000${kind}${text}`);

const recordKey = (account: Buffer, hi: number, lo: number): Buffer => {
  const key = Buffer.allocUnsafe(account.length + RECORD_TAIL);
  account.copy(key);
  key[account.length] = 0;
  key[account.length + 1] = RECORD;
  key.writeUInt32BE(hi, account.length + 2);
  key.writeUInt32BE(lo, account.length + 6);
  return key;
};

/** A locator in as few bytes as its numbers need: ordinals take two, revisions the rest. */
const placeBytes = (revision: number, ordinal: number): Buffer => {
  const width = revision < 0x100 ? 1 : revision < 0x10000 ? 2 : revision < 0x1000000 ? 3 : 4;
  const bytes = Buffer.allocUnsafe(2 + width);
  bytes.writeUInt16BE(ordinal, 0);
  bytes.writeUIntBE(revision, 2, width);
  return bytes;
};

const placeOf = (bytes: Buffer | undefined): { revision: number; ordinal: number } | null =>
  bytes ? { ordinal: bytes.readUInt16BE(0), revision: bytes.readUIntBE(2, bytes.length - 2) } : null;

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
    const cut = key.indexOf(0);
    if (key.length !== cut + RECORD_TAIL || key[cut + 1] !== RECORD) continue;
    prints[3 * count] = accountHash(key.toString('utf8', 0, cut));
    prints[3 * count + 1] = key.readUInt32BE(cut + 2);
    prints[3 * count + 2] = key.readUInt32BE(cut + 6);
    count += 1;
    if (count === PRINTS_A_MESSAGE) send(false);
  }
  send(true);
};

type Entry = { readonly type: 'put'; readonly key: Buffer; readonly value: Buffer };

const addEntries = (batch: Entry[], { account: name, length, records, texts }: Put): void => {
  const account = Buffer.from(name);
  for (const { key, revision } of texts)
    batch.push({ type: 'put', key: textKey(name, 't', key), value: placeBytes(revision, 0) });
  for (let i = 0; i + 3 < records.length; i += 4) {
    const key = recordKey(account, records[i] ?? 0, records[i + 1] ?? 0);
    batch.push({ type: 'put', key, value: placeBytes(records[i + 2] ?? 0, records[i + 3] ?? 0) });
  }
  batch.push({ type: 'put', key: textKey(name, 'w', ''), value: Buffer.from(String(length)) });
};

const handle = async (asked: Asked): Promise<Reply | null> => {
  const { id } = asked;
  switch (asked.type) {
    case 'open':
      db = await openDb();
      return { type: 'done', id };
    case 'watermark': {
      const length = await opened().get(textKey(asked.account, 'w', ''));
      return { type: 'watermark', id, length: length === undefined ? 0 : Number(length.toString()) };
    }
    case 'find': {
      const account = Buffer.from(asked.account);
      const keys = asked.keys.map((key) =>
        typeof key === 'string' ? textKey(asked.account, 't', key) : recordKey(account, ...key),
      );
      return { type: 'found', id, places: (await opened().getMany(keys)).map(placeOf) };
    }
    case 'put': {
      const batch: Entry[] = [];
      for (const put of asked.puts) addEntries(batch, put);
      await opened().batch(batch);
      return null;
    }
    case 'flush':
      return { type: 'done', id };
    case 'close':
      await db?.close();
      if (db) markClosed(folder);
      db = null;
      return { type: 'done', id };
  }
};

let tail: Promise<void> = Promise.resolve();
/**
 * Why a put could not be written. Nothing is answered or written after it: a later put would move the watermark past
 * what is lost, and what is lost would be taken for new. The next opening reads it again from the streams.
 */
let lost: string | null = null;
port.on('message', (asked: Asked) => {
  tail = tail.then(async () => {
    try {
      if (lost !== null && asked.type !== 'close') throw new Error(lost);
      const reply = await handle(asked);
      if (reply) port.postMessage(reply);
      // Beside what follows, not before it: until the last part is sent, everything may be held.
      if (asked.type === 'open') fill().catch(() => undefined);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const inUse = causeCode(error) === 'LEVEL_LOCKED';
      if (asked.type === 'put') lost ??= message;
      port.postMessage({ type: 'failed', id: asked.id, message, inUse } satisfies Reply);
    }
  });
});
