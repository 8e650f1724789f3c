/**
 * A ledger whose end was lost after it was synced does not open as a shorter one without a word: its write-ahead log cut
 * or damaged at random places, its file replaced or gone.
 */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { randomFrom } from '../../src/demo/random.ts';
import { LedgerDamaged, LedgerShorter } from '../../src/eventstore/event-store.ts';
import { openSqliteStore, type SqliteStore } from '../../src/eventstore/sqlite/store.ts';
import { readWatermark, watermarkPath } from '../../src/eventstore/sqlite/watermark.ts';
import { walDamage } from '../../src/eventstore/sqlite/write-ahead-log.ts';
import { seal } from '../../src/integrity/seal-events.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runs } from '../support/proof.ts';

const EVENTS = 60;

const appendTo = async (store: SqliteStore, n: number): Promise<void> => {
  const stream = `s${n % 5}`;
  const { length, hash } = await store.head(stream);
  const text = JSON.stringify('x'.repeat(50 + 40 * (n % 30)));
  await store.append(stream, length, seal(stream, length, hash, [{ header: `{"n":${n}}`, data: text }]));
};

const markedAt = async (path: string, position: number): Promise<Buffer> => {
  while (readWatermark(path)?.position !== position) await new Promise((resolve) => setTimeout(resolve, 20));
  return readFileSync(watermarkPath(path));
};

/** A ledger as it lies on the disk while it is written: its file, its log, and its mark now and ten events ago. */
let image: { readonly db: Buffer; readonly wal: Buffer; readonly mark: Buffer; readonly before: Buffer };
/** The same after a clean close in its midst. */
let earlier: Buffer;
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'suanpan-end-'));
  const path = join(folder, 'ledger.db');
  for (const writesInThread of [true, false]) {
    const store = openSqliteStore(path, { writesInThread });
    const from = writesInThread ? 0 : 20;
    for (let n = from; n < EVENTS - 10 && !(writesInThread && n === 20); n++) await appendTo(store, n);
    if (writesInThread) {
      await store.close();
      earlier = readFileSync(path);
      continue;
    }
    const before = await markedAt(path, EVENTS - 10);
    for (let n = EVENTS - 10; n < EVENTS; n++) await appendTo(store, n);
    const mark = await markedAt(path, EVENTS);
    image = { db: readFileSync(path), wal: readFileSync(`${path}-wal`), mark, before };
    await store.close();
  }
  rmSync(folder, { recursive: true });
});

const laid = (wal: Uint8Array, mark: Uint8Array | null): string => {
  const path = join(temporaryFolder(), 'ledger.db');
  writeFileSync(path, image.db);
  writeFileSync(`${path}-wal`, wal);
  if (mark) writeFileSync(watermarkPath(path), mark);
  return path;
};

/** How many events a ledger opens with; null where it is refused. */
const opened = async (path: string, options: object = {}): Promise<number | null> => {
  try {
    const store = openSqliteStore(path, options);
    const events = await store.readAll({ after: null, limit: 1_000, records: true });
    expect(events.map(({ header }) => header)).toEqual(events.map((_, n) => `{"n":${n}}`));
    await store.close();
    return events.length;
  } catch (error) {
    if (error instanceof LedgerDamaged) return null;
    throw error;
  }
};

const damaged = (random: ReturnType<typeof randomFrom>): Buffer => {
  const wal = Buffer.from(image.wal);
  const at = random.between(0, wal.length - 1);
  return random.pick([
    () => wal.subarray(0, at),
    () => wal.fill(0, at, Math.min(wal.length, at + random.between(1, 5_000))),
    () => flipped(random),
  ])();
};

/** One bit of a frame is another one. */
const flipped = (random: ReturnType<typeof randomFrom>): Buffer => {
  const wal = Buffer.from(image.wal);
  const at = random.between(0, wal.length - 1);
  wal[at] = (wal[at] ?? 0) ^ (1 << random.between(0, 7));
  return wal;
};

describe('a ledger whose log was damaged after it was synced', () => {
  test('as it was is opened whole', async () => {
    expect(walDamage(`${laid(image.wal, null)}-wal`)).toBeNull();
    expect(await opened(laid(image.wal, image.mark))).toBe(EVENTS);
  });

  test('is whole or refused, by a writer and by a reader', async () => {
    const random = randomFrom(16);
    const answers = { whole: 0, refused: 0 };
    const rounds = runs('logs damaged after their sync', 24, 3_000);
    for (let round = 0; round < rounds; round++) {
      const found = await opened(laid(damaged(random), image.mark), { readOnly: random.perMille(300) });
      expect([EVENTS, null]).toContain(found);
      answers[found === null ? 'refused' : 'whole'] += 1;
    }
    expect(answers.refused).toBeGreaterThan(rounds / 3);
  });

  test('in one bit, and that nothing beside it knows of, lacks the last commit alone, or is refused', async () => {
    const random = randomFrom(17);
    const rounds = runs('logs damaged after their sync, without a mark', 24, 3_000);
    for (let round = 0; round < rounds; round++) {
      const found = await opened(laid(flipped(random), random.perMille(500) ? image.before : null));
      if (found !== null) expect(found).toBeGreaterThanOrEqual(EVENTS - 1);
    }
  });

  test('says what is missing, and goes on without it when told', async () => {
    const path = laid(image.wal.subarray(0, image.wal.length / 2), image.mark);
    expect(() => openSqliteStore(path)).toThrow(LedgerShorter);
    expect(() => openSqliteStore(path)).toThrow(/had reached event 60 by .* events are missing; put back/);
    const left = await opened(path, { acceptLoss: true });
    expect(left).toBeLessThan(EVENTS);
    expect(await opened(path)).toBe(left);
  });
});

describe('the file of a ledger', () => {
  test('that was closed cleanly may take the place of a later one, which is told', async () => {
    const path = laid(new Uint8Array(), image.mark);
    writeFileSync(path, earlier);
    const store = openSqliteStore(path);
    expect(store.opening.notice).toContain('40 events are missing');
    await store.close();
    const again = openSqliteStore(path);
    expect(again.opening.notice).toBeNull();
    await again.close();
  });

  test('that is gone is not made anew without a word', async () => {
    const path = laid(image.wal, image.mark);
    for (const end of ['', '-wal']) rmSync(`${path}${end}`);
    expect(() => openSqliteStore(path)).toThrow(LedgerShorter);
    expect(await opened(path, { acceptLoss: true })).toBe(0);
  });

  test('without its log, as it was copied while it was written, is refused', async () => {
    const path = laid(new Uint8Array(), image.mark);
    rmSync(`${path}-wal`);
    expect(() => openSqliteStore(path)).toThrow(LedgerShorter);
  });
});

test('a mark that a power cut tore leaves the one before it', () => {
  const path = laid(image.wal, image.mark);
  const both = [0, 192].map((at) => {
    const torn = Buffer.from(image.mark);
    torn.fill(0, at + 20, at + 192);
    writeFileSync(watermarkPath(path), torn);
    return readWatermark(path)?.position ?? 0;
  });
  expect(Math.max(...both)).toBe(EVENTS);
  expect(Math.min(...both)).toBeGreaterThan(0);
  writeFileSync(watermarkPath(path), 'nonsense');
  expect(readWatermark(path)).toBeNull();
  copyFileSync(path, watermarkPath(path));
  expect(readWatermark(path)).toBeNull();
});
