/**
 * Damage to any file of the identity index: what is below an account's watermark afterwards is found. An index that
 * says otherwise lets a record be taken twice.
 */
import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { fingerprint } from '../../src/identity-index/fingerprint.ts';
import { openLevelIndex } from '../../src/identity-index/level.ts';
import { type IdentityIndex, IndexBehind, type IndexEntry, type Key } from '../../src/identity-index/port.ts';
import { isWhole } from '../../src/identity-index/unclean-shutdown.ts';
import { folderOfFile, temporaryFolder } from '../support/folder.ts';

const ACCOUNTS = ['a', 'b'] as const;
/** Sessions in the life of the folder, each of which adds events to every account. */
const SESSIONS = 3;
/** So many that a log has several of LevelDB's blocks: it goes on with the next where one is damaged. */
const EVENTS = 18;
const RECORDS = 50;

const keyOf = (revision: number, ordinal: number): Key => ({
  kind: 'record',
  print: fingerprint('/g', `${revision}-${ordinal}`),
});
const entriesAt = (revision: number): IndexEntry[] =>
  Array.from({ length: RECORDS }, (_, ordinal) => ({ key: keyOf(revision, ordinal), revision, ordinal }));

const filesFolder = folderOfFile();
/** A folder with tables of earlier sessions and the log of the last; and it as it was a session before. */
const whole = (): string => join(filesFolder(), 'index');
const earlier = (): string => join(filesFolder(), 'earlier');

beforeAll(async () => {
  for (let session = 0; session < SESSIONS; session++) {
    if (session === SESSIONS - 1) cpSync(whole(), earlier(), { recursive: true });
    const index = await openLevelIndex(whole());
    for (let event = 0; event < EVENTS; event++) {
      const revision = session * EVENTS + event;
      for (const account of ACCOUNTS) index.put(account, revision + 1, null, entriesAt(revision));
      await index.flush();
    }
    await index.close();
  }
});

/** A copy of the folder that is damaged. */
const copied = (damage: (folder: string) => void): string => {
  const folder = join(temporaryFolder(), 'index');
  cpSync(whole(), folder, { recursive: true });
  damage(folder);
  return folder;
};

/** Each account's watermark, and how many records below it are not found where they are. */
const heldIn = async (index: IdentityIndex): Promise<{ length: number; lacking: number }[]> =>
  Promise.all(
    ACCOUNTS.map(async (account) => {
      const { length } = await index.watermark(account);
      const entries = Array.from({ length }, (_, revision) => entriesAt(revision)).flat();
      const found = await index.find(
        account,
        entries.map(({ key }) => key),
      );
      const isThere = entries.map(
        ({ revision, ordinal }, i) => found[i]?.revision === revision && found[i]?.ordinal === ordinal,
      );
      return { length, lacking: isThere.filter((is) => !is).length };
    }),
  );

const patiently = async (index: IdentityIndex): Promise<{ length: number; lacking: number }[]> => {
  try {
    return await heldIn(index);
  } catch (error) {
    // As a ledger does, whose accounts ask for their watermarks again.
    if (error instanceof IndexBehind) return heldIn(index);
    throw error;
  }
};

const opened = async (folder: string): Promise<{ length: number; lacking: number }[]> => {
  const index = await openLevelIndex(folder);
  const held = await patiently(index);
  await index.close();
  return held;
};

const FULL = ACCOUNTS.map(() => ({ length: SESSIONS * EVENTS, lacking: 0 }));
const EMPTY = ACCOUNTS.map(() => ({ length: 0, lacking: 0 }));

const flipped = (path: string, at: (size: number) => number): void => {
  const bytes = readFileSync(path);
  const place = at(bytes.length);
  bytes[place] = (bytes[place] ?? 0) ^ 0x10;
  writeFileSync(path, bytes);
};

const DAMAGES: Readonly<Record<string, (path: string) => void>> = {
  removed: (path) => rmSync(path),
  emptied: (path) => writeFileSync(path, ''),
  'cut in half': (path) => {
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.subarray(0, bytes.length >> 1));
  },
  'cut by a byte': (path) => writeFileSync(path, readFileSync(path).subarray(0, -1)),
  'changed at its start': (path) => flipped(path, () => 0),
  'changed in the middle': (path) => flipped(path, (size) => size >> 1),
  'changed at its end': (path) => flipped(path, (size) => size - 1),
};

/** Not of what the index holds: LevelDB's lock and its own notes. */
const NOT_DATA = ['LOCK', 'LOG', 'LOG.old'];
const isTable = (name: string): boolean => name.endsWith('.ldb');

describe('a closed index', () => {
  test('is as it was when nothing is changed', async () => {
    expect(readdirSync(whole()).filter(isTable).length).toBeGreaterThan(1);
    expect(await opened(copied(() => undefined))).toEqual(FULL);
  });

  test.each(Object.keys(DAMAGES))('with a file that is %s is whole or made anew', async (damage) => {
    for (const name of readdirSync(whole())) {
      const folder = copied((of) => {
        if (statSync(join(of, name)).size > 0) DAMAGES[damage]?.(join(of, name));
      });
      const held = await opened(folder);
      if (NOT_DATA.includes(name)) expect([name, held]).toEqual([name, FULL]);
      // A list that lost only the end of its last line is one.
      else if (name !== 'FILES') expect([name, held]).toEqual([name, EMPTY]);
      expect([name, held.map(({ lacking }) => lacking)]).toEqual([name, [0, 0]]);
    }
  });

  test('with single files of an earlier copy is made anew', async () => {
    const changes = (name: string): boolean => {
      const now = join(whole(), name);
      return !existsSync(now) || !readFileSync(join(earlier(), name)).equals(readFileSync(now));
    };
    const names = readdirSync(earlier()).filter((name) => !NOT_DATA.includes(name) && changes(name));
    expect(names.length).toBeGreaterThan(3);
    for (const name of names) {
      const folder = copied((of) => cpSync(join(earlier(), name), join(of, name)));
      expect([name, await opened(folder)]).toEqual([name, EMPTY]);
    }
    const all = copied((of) => cpSync(earlier(), of, { recursive: true }));
    expect(await opened(all)).toEqual(EMPTY);
  });

  test('with a table that was listed long after it was written, and then changed, is made anew', async () => {
    const folder = copied((of) => {
      const lines = readFileSync(join(of, 'FILES'), 'utf8').split('\n').filter(Boolean);
      const settled = lines.map((line) => {
        const [name = '', size, checksum] = line.split(' ');
        return `${name} ${size} ${checksum} ${statSync(join(of, name)).ctimeMs}\n`;
      });
      writeFileSync(join(of, 'FILES'), settled.join(''));
    });
    // The clock of a file system is coarse.
    await new Promise((resolve) => setTimeout(resolve, 50));
    flipped(join(folder, readdirSync(folder).find(isTable) ?? ''), (size) => size >> 1);
    expect(await opened(folder)).toEqual(EMPTY);
  });
});

/** Linux's id of this boot. */
const BOOT_ID = '/proc/sys/kernel/random/boot_id';

describe.skipIf(!existsSync(BOOT_ID))('an index whose process was killed', () => {
  /** As it was left: marked as open, and as the first process of the folder left it, without a list. */
  const killed = (damage: (folder: string) => void, { isListed = false } = {}): string =>
    copied((of) => {
      writeFileSync(join(of, 'OPEN'), readFileSync(BOOT_ID, 'utf8').trim());
      if (!isListed) rmSync(join(of, 'FILES'), { force: true });
      damage(of);
    });
  const largestTable = (of: string): string => {
    const sizes = readdirSync(of).filter(isTable);
    const size = (name: string): number => statSync(join(of, name)).size;
    return join(of, sizes.sort((a, b) => size(b) - size(a))[0] ?? '');
  };

  test('is whole; without any one of its files nothing below a watermark is lacking', async () => {
    expect(await opened(killed(() => undefined))).toEqual(FULL);
    for (const name of readdirSync(whole())) {
      const held = await opened(killed((of) => rmSync(join(of, name), { force: true })));
      expect([name, held.map(({ lacking }) => lacking)]).toEqual([name, [0, 0]]);
      if (['CURRENT', 'MANIFEST'].some((one) => name.startsWith(one)))
        expect([name, held]).toEqual([name, EMPTY]);
    }
  });

  const dataNames = (): string[] =>
    readdirSync(whole()).filter((name) => ![...NOT_DATA, 'FILES'].includes(name));
  /** Everything is found that a watermark covers, with the byte at some places of each file changed, or lost from there on. */
  const lackingAfter = async (damage: (path: string, at: number) => void, places: number): Promise<void> => {
    for (const name of dataNames()) {
      const { size } = statSync(join(whole(), name));
      for (let i = 0; i < places; i++) {
        const place = Math.floor((i * size) / places);
        const held = await opened(killed((of) => damage(join(of, name), place)));
        expect([name, place, held.map(({ lacking }) => lacking)]).toEqual([name, place, [0, 0]]);
      }
    }
  };

  test('with a byte of any file changed lacks nothing below a watermark', async () => {
    await lackingAfter((path, place) => flipped(path, () => place), 3);
  });

  test('that is cut anywhere in a file lacks nothing below a watermark', async () => {
    await lackingAfter((path, place) => truncateSync(path, place), 2);
  });

  /** Where the last record of the log begins: its length may be changed so that it seems torn. */
  const lastRecordAt = (log: string): number => {
    const bytes = readFileSync(log);
    let [at, last] = [0, 0];
    while (at < bytes.length) {
      last = at;
      at += 7 + bytes.readUInt16LE(at + 4);
      if (32_768 - (at % 32_768) < 7) at += 32_768 - (at % 32_768);
    }
    return last;
  };

  test('is not taken for whole with any byte changed', () => {
    const folder = killed(() => undefined);
    expect(isWhole(folder)).toBe(true);
    for (const name of dataNames()) {
      const path = join(folder, name);
      const bytes = readFileSync(path);
      const isLog = name.endsWith('.log');
      const end = isLog ? lastRecordAt(path) : bytes.length;
      const step = Math.max(1, Math.floor(end / 400));
      for (let place = 0; place < end; place += step) {
        flipped(path, () => place);
        expect([name, place, isWhole(folder)]).toEqual([name, place, false]);
        writeFileSync(path, bytes);
      }
    }
    expect(isWhole(folder)).toBe(true);
  });

  test('is not taken for whole without one of two logs, or with one that is cut between two writes', () => {
    const folder = killed(() => undefined);
    const log = dataNames().find((name) => name.endsWith('.log')) ?? '';
    const bytes = readFileSync(join(folder, log));
    // As if the process had gone on to a second log before it wrote the first to a table.
    const first = 7 + bytes.readUInt16LE(4);
    const second = join(folder, '999999.log');
    writeFileSync(join(folder, log), bytes.subarray(0, first));
    writeFileSync(second, bytes.subarray(first, 2 * first));
    expect(isWhole(folder)).toBe(true);
    writeFileSync(second, bytes.subarray(2 * first, 3 * first));
    expect(isWhole(folder)).toBe(false);
    writeFileSync(second, bytes.subarray(first, 2 * first));
    rmSync(join(folder, log));
    expect(isWhole(folder)).toBe(false);
  });

  test('is made anew where a table that was listed is changed', async () => {
    const folder = killed((of) => flipped(largestTable(of), (size) => size >> 1), { isListed: true });
    expect(await opened(folder)).toEqual(EMPTY);
  });

  /** As a disk changes bytes without a write: the listing knows the table by its time of change. */
  const rotten = (of: string): void => {
    const path = largestTable(of);
    writeFileSync(path, Buffer.alloc(statSync(path).size, 0xa5));
    const list = join(of, 'FILES');
    const lines = readFileSync(list, 'utf8').split('\n');
    const isOfIt = (line: string): boolean => line.startsWith(`${basename(path)} `);
    const known = (line: string): string =>
      [...line.split(' ').slice(0, 3), statSync(path).ctimeMs].join(' ');
    writeFileSync(list, lines.map((line) => (isOfIt(line) ? known(line) : line)).join('\n'));
  };

  test('with a table that changed by itself says so, and is built anew as soon as it is asked again', async () => {
    const folder = killed(rotten, { isListed: true });
    const index = await openLevelIndex(folder);
    const told = await heldIn(index).catch((error: unknown) => error);
    expect(told).toBeInstanceOf(IndexBehind);
    expect(String(told)).toMatch(/one of its files is damaged \(.*\); it is rebuilt .*: repeat the request/);
    expect(await heldIn(index)).toEqual(EMPTY);
    for (const account of ACCOUNTS) index.put(account, 1, null, entriesAt(0));
    expect((await heldIn(index)).map(({ length }) => length)).toEqual([1, 1]);
    await index.close();
    expect((await opened(folder)).map(({ length }) => length)).toEqual([1, 1]);
  });

  test('with a table that changed by itself is made anew by the next start, if not before', async () => {
    const folder = killed(rotten, { isListed: true });
    const index = await openLevelIndex(folder);
    await expect(heldIn(index)).rejects.toBeInstanceOf(IndexBehind);
    await index.close();
    expect(await opened(folder)).toEqual(EMPTY);
  });
});
