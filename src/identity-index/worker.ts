/** The thread that owns the identity index's LevelDB. Messages are processed in order. */
import { Buffer } from 'node:buffer';
import { parentPort, workerData } from 'node:worker_threads';
import { accountHash } from './bloom-filter.ts';
import { causeCode, isDamage } from './damage.ts';
import { toldOf, toldOfDamage } from './failure-text.ts';
import { type IndexDb, openIndex, reopenIndex } from './folder.ts';
import type { Prints, Put, Reply, Request } from './messages.ts';
import { RECORD_NUMBERS } from './port.ts';
import { markClosed, markDamaged } from './unclean-shutdown.ts';

type Asked = Request & { readonly id: number };

const { folder } = workerData as { folder: string };
const port = parentPort;
if (!port) throw new Error('the identity index runs in a worker thread');

const PRINTS_A_MESSAGE = 30_000;
const RECORD = 'r'.charCodeAt(0);
/** Of a record's key after its account: a zero, the kind, and eight bytes of fingerprint. */
const RECORD_TAIL = 10;

let db: IndexDb | null = null;
/** Why it is not open. */
let trouble = 'it is not open';
const opened = (): IndexDb => {
  if (!db) throw new Error(trouble);
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

/** Encodes a locator compactly: two bytes for the ordinal, the rest for the revision. */
const placeBytes = (revision: number, ordinal: number): Buffer => {
  const width = revision < 0x100 ? 1 : revision < 0x10000 ? 2 : revision < 0x1000000 ? 3 : 4;
  const bytes = Buffer.allocUnsafe(2 + width);
  bytes.writeUInt16BE(ordinal, 0);
  bytes.writeUIntBE(revision, 2, width);
  return bytes;
};

const placeOf = (bytes: Buffer | undefined): { revision: number; ordinal: number } | null =>
  bytes ? { ordinal: bytes.readUInt16BE(0), revision: bytes.readUIntBE(2, bytes.length - 2) } : null;

/** Whether every key on disk is in the filter. */
let isFilled = false;
const fill = async (): Promise<void> => {
  let prints = new Uint32Array(PRINTS_A_MESSAGE * 3);
  let count = 0;
  const send = (last: boolean) => {
    const part = prints.slice(0, count * 3);
    port.postMessage({ prints: part, last } satisfies Prints, [part.buffer]);
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
  isFilled = true;
};

/** Requests arrive immediately after a restart: the filter of a large index is built in the background. */
const FILL_AFTER_MS = 500;

/** Builds the filter in the background: until its last part is sent, every key may be present. */
const fillSoon = async (): Promise<void> => {
  const first = opened();
  const isEmpty = (await first.keys({ limit: 1 }).all()).length === 0;
  if (!isEmpty) await new Promise((resolve) => setTimeout(resolve, FILL_AFTER_MS));
  // A rebuilt index lacks what the streams have.
  if (db === first) await fill();
};

/** Until it is filled every key may be present, so a failed fill loses nothing; but it may have met damage. */
const filling = (filled: Promise<void>): void => {
  const from = db;
  filled.catch((error: unknown) => {
    tail = tail.then(async () => {
      if (db === from && isDamage(error)) await damaged();
    });
  });
};

type Entry = { readonly type: 'put'; readonly key: Buffer; readonly value: Buffer };

const addEntries = (
  batch: Entry[],
  { account: name, length, head, texts }: Put,
  numbers: Uint32Array,
): void => {
  const account = Buffer.from(name);
  for (const { key, revision } of texts)
    batch.push({ type: 'put', key: textKey(name, 't', key), value: placeBytes(revision, 0) });
  for (let i = 0; i + 3 < numbers.length; i += RECORD_NUMBERS) {
    const key = recordKey(account, numbers[i] ?? 0, numbers[i + 1] ?? 0);
    batch.push({ type: 'put', key, value: placeBytes(numbers[i + 2] ?? 0, numbers[i + 3] ?? 0) });
  }
  batch.push({ type: 'put', key: textKey(name, 'w', ''), value: Buffer.from(`${length} ${head ?? ''}`) });
};

const handle = async (asked: Asked): Promise<Reply | null> => {
  const { id } = asked;
  switch (asked.type) {
    case 'open':
      db = await openIndex(folder);
      return { type: 'done', id };
    case 'watermark': {
      const mark = await opened().get(textKey(asked.account, 'w', ''));
      known?.add(asked.account);
      const [length = '0', head = ''] = mark?.toString().split(' ') ?? [];
      return { type: 'watermark', id, length: Number(length), head: head || null };
    }
    case 'find': {
      if (known?.has(asked.account) === false)
        return { type: 'failed', id, message: 'a write of it was lost', why: 'behind' };
      const account = Buffer.from(asked.account);
      const keys = asked.keys.map((key) =>
        typeof key === 'string' ? textKey(asked.account, 't', key) : recordKey(account, ...key),
      );
      return { type: 'found', id, places: (await opened().getMany(keys)).map(placeOf) };
    }
    case 'put': {
      const batch: Entry[] = [];
      let at = 0;
      for (const put of asked.puts) {
        const numbers = asked.numbers.subarray(at, at + RECORD_NUMBERS * put.records);
        at += numbers.length;
        if (known?.has(put.account) ?? true) addEntries(batch, put, numbers);
      }
      if (batch.length > 0) await opened().batch(batch);
      return null;
    }
    case 'forget': {
      const [first, behind] = ['\u0000', '\u0001'].map((end) => Buffer.from(`${asked.account}${end}`));
      if (first && behind) await opened().clear({ gte: first, lt: behind });
      return { type: 'done', id };
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

/**
 * After a failed put: accounts whose watermark was requested since; null while no put failed. All other accounts are
 * stopped: a later watermark would cover the lost entries, and duplicates would be accepted. A caller that requests the
 * watermark re-indexes the events after it from the stream.
 */
let known: Set<string> | null = null;
/** Earliest time of the next attempt to reopen, in milliseconds. */
let reopenAt = 0;
const REOPEN_MS = 250;

/** The files are damaged: the index is rebuilt at the next request, or at the next start. */
const damaged = async (): Promise<void> => {
  markDamaged(folder);
  await lost();
};

/** After a failed write LevelDB continues as if it had succeeded; only reopening shows what is on disk. */
const lost = async (): Promise<void> => {
  known = new Set();
  const broken = db;
  db = null;
  await broken?.close().catch(() => undefined);
};

const openAgain = async (): Promise<void> => {
  if (db || known === null || performance.now() < reopenAt) return;
  reopenAt = performance.now() + REOPEN_MS;
  const { db: again, isAnew } = await reopenIndex(folder);
  db = again;
  // An empty folder would give an incomplete filter, which would report identities in the streams as certainly new.
  if (!isFilled && !isAnew) filling(fill());
};

const answer = async (asked: Asked): Promise<void> => {
  try {
    if (asked.type !== 'close' && asked.type !== 'open') await openAgain();
    const reply = await handle(asked);
    if (reply) port.postMessage(reply);
    if (asked.type === 'open') filling(fillSoon());
  } catch (error) {
    const isOpen = asked.type !== 'close' && asked.type !== 'open';
    const isDamaged = isOpen && isDamage(error);
    if (isDamaged) await damaged();
    // A log that a failed write left incomplete is not written on.
    else if (asked.type === 'put' || asked.type === 'forget') await lost();
    const message = isDamaged ? toldOfDamage(error) : toldOf(error);
    trouble = message;
    const isLocked = asked.type === 'open' && causeCode(error) === 'LEVEL_LOCKED';
    const why = isLocked ? 'in-use' : isDamaged ? 'behind' : 'broken';
    if (asked.type !== 'put')
      port.postMessage({ type: 'failed', id: asked.id, message, why } satisfies Reply);
  }
};
let tail: Promise<void> = Promise.resolve();
port.on('message', (asked: Asked) => {
  tail = tail.then(() => answer(asked));
});
