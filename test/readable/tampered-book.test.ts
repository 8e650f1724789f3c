/** A price book that is not the one that was published is found and named, and what does not need it goes on. */
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeAll, describe, expect, test } from 'vitest';
import { openSqliteStore } from '../../src/eventstore/sqlite/store.ts';
import { served, usage } from '../support/api.ts';
import { commandLine, type Ran } from '../support/command-line.ts';
import { folderOfFile } from '../support/folder.ts';
import { givenLedger } from '../support/given.ts';

const folder = folderOfFile();
const COMPARE = 'face-recognition/compare';

/** Two accounts: one of the product whose book is tampered with, one of another. */
const made = async (path: string): Promise<void> => {
  const given = await givenLedger(['face-recognition'], { store: openSqliteStore(path) });
  await given.has('2019-01-01T00:00:00+08:00', 'open-account', { name: '' }, 'other');
  await given.has('2019-01-01T00:00:00+08:00', 'activate-service', { product: 'body-analysis' }, 'other');
  for (const account of ['acme', 'other'])
    await given.has('2019-01-02T00:00:00+08:00', 'deposit', { amount: '9000', reference: 'first' }, account);
  await given.meters('2019-01-05T08:00:00+08:00', COMPARE, 20_000);
  await given.meters('2019-01-05T08:00:00+08:00', 'body-analysis/attributes', 20_000, { account: 'other' });
  for (const account of ['acme', 'other'])
    await given.closes('2019-01', '2019-02-01T04:00:00+08:00', account);
  await given.ledger.close();
};

let sound: string;
let revision: number;
beforeAll(async () => {
  sound = join(folder(), 'sound.db');
  await made(sound);
  const db = new DatabaseSync(sound);
  const row = db
    .prepare(
      `SELECT e.revision FROM events e JOIN streams s ON s.id = e.stream
       WHERE s.name = 'catalogue' AND e.data LIKE '%"product":"face-recognition"%'`,
    )
    .get();
  revision = Number(row?.['revision']);
  db.close();
});

const AT = "stream = (SELECT id FROM streams WHERE name = 'catalogue') AND revision =";

/** Ways to spoil a book; `product`: whether it can still be told which one it is. */
const ways: readonly (readonly [what: string, set: string, product: boolean])[] = [
  ['one price changed', `data = replace(data, '"unitPrice":"0.0032"', '"unitPrice":"0.0031"')`, true],
  ['another digest', `data = replace(data, '"digest":"', '"digest":"0')`, true],
  ['a part of it missing', `data = replace(data, '"allowance":', '"allowed":')`, true],
  ['data that is no JSON', `data = '{"book":'`, false],
  ['data that says nothing', `data = '{}'`, false],
  ['a header that is no JSON', `header = 'x'`, true],
];

const spoilt = (name: string, set: string): string => {
  const path = join(folder(), `${name.replaceAll(' ', '-')}.db`);
  copyFileSync(sound, path);
  const db = new DatabaseSync(path);
  const { changes } = db.prepare(`UPDATE events SET ${set} WHERE ${AT} ${revision}`).run();
  expect(changes).toBe(1);
  db.close();
  return path;
};

const told = ({ stdout, stderr }: Ran): string => `${stdout}${stderr}`;
/** Foreseen, and no stack: exit 0, 1 or 2. */
const isForeseen = (ran: Ran): void => {
  expect([ran.status, told(ran)]).not.toEqual([70, expect.anything()]);
  expect(told(ran)).not.toMatch(/\n\s+at |internal error/);
};

describe.each(ways)('a book with %s', (name, set, product) => {
  const run = async (...words: string[]): Promise<Ran> => {
    const ran = await commandLine(words);
    isForeseen(ran);
    return ran;
  };
  let path: string;
  let flag: string[];
  beforeAll(() => {
    path = spoilt(name, set);
    flag = ['--store', `sqlite:${path}`];
  });

  test('is found by verify --store, with stream and revision', async () => {
    const ran = await run('verify', '--store', `sqlite:${path}`);
    expect(ran.status).toBe(1);
    expect(told(ran)).toContain(`event ${revision} of catalogue`);
  });

  test('stops no reading that does not need it', async () => {
    for (const words of [
      ['account', 'acme'],
      ['account', 'other'],
      ['bill', 'acme', '2019-01'],
      ['bill', 'other', '2019-01'],
    ])
      expect([words, (await run(...words, ...flag)).status]).toEqual([words, 0]);
    const overview = await run('overview', ...flag);
    expect([overview.status, overview.stdout]).toEqual([0, expect.stringContaining('2019-01')]);
  });

  test('is named by what needs it, and only that', async () => {
    const needing = await run('replay', 'acme', '2019-01', ...flag);
    expect([needing.status, told(needing)]).toEqual([
      1,
      expect.stringContaining(`event ${revision} of catalogue`),
    ]);
    const other = await run('replay', 'other', '2019-01', ...flag);
    if (product) expect(other.status).toBe(0);
    else expect([other.status, told(other)]).toEqual([1, expect.stringContaining('of catalogue')]);
    const all = await run('replay', '--all', ...flag);
    expect([all.status, told(all)]).toEqual([1, expect.stringMatching(/acme: .*price_book_unreadable/)]);
    for (const words of [
      ['explain', 'acme', '2019-01'],
      ['estimate', 'acme', '2019-02'],
      ['close-month', '2019-02', '--at', '2019-03-01T04:00:00+08:00'],
    ]) {
      const ran = await run(...words, ...flag);
      if (ran.status !== 0) expect(told(ran)).toContain(`event ${revision} of catalogue`);
    }
    const listed = await run('quarantine', ...flag);
    expect([listed.status, listed.stdout]).toEqual([
      1,
      expect.stringContaining(`event ${revision} of catalogue`),
    ]);
    await run('price-book', 'show', ...flag);
  });

  test('gets into no bundle: each has every book, and none is written that does not verify', async () => {
    for (const account of ['acme', 'other']) {
      const file = join(folder(), `${account}.suanpan`);
      const ran = await run('bundle', account, '2019-01', '-o', file, ...flag);
      expect([ran.status, told(ran)]).toEqual([1, expect.stringContaining(`event ${revision} of catalogue`)]);
      expect(existsSync(file)).toBe(false);
    }
  });

  test('gets into no export: a file that cannot be loaded is not written', async () => {
    const file = join(folder(), `${name}.ndjson`);
    const ran = await run('export', file, ...flag);
    expect([ran.status, told(ran)]).toEqual([1, expect.stringContaining(`event ${revision} of catalogue`)]);
    expect(existsSync(file)).toBe(false);
  });
});

test('a server is not ready, names the event, and goes on with other products', async () => {
  const path = spoilt('of a server', ways[0]?.[1] ?? '');
  // A ledger of files lives by the clock that its server is given first.
  const api = await served({ SUANPAN_STORE: `sqlite:${path}`, SUANPAN_CLOCK: '2019-02-02T00:00:00+08:00' });
  try {
    const ready = await fetch(`${api.base}/readyz`);
    expect([ready.status, await ready.text()]).toEqual([
      503,
      expect.stringContaining(`event ${revision} of catalogue`),
    ]);
    const report = (id: string, subject: string, name: string) => ({
      ...usage(id, { subject, time: '2019-02-01T08:00:00+08:00' }),
      data: { interface: name, calls: 1 },
    });
    const { body } = await api.ok('POST', '/usage', [
      report('a', 'acme', COMPARE),
      report('b', 'other', 'body-analysis/attributes'),
    ]);
    expect(body).toMatchObject({
      accepted: 1,
      refused: 1,
      results: [{ index: 0, code: 'price_book_unreadable' }],
    });
    expect((await api.ok('GET', '/accounts/acme/refused-usage')).body.items).toMatchObject([
      { code: 'price_book_unreadable' },
    ]);
    await api.ok('POST', '/accounts/acme/deposits', { amount: '1.00', reference: 'paid' });
    await api.ok('GET', '/accounts/other/estimate');
    const bundle = await api.send('GET', '/accounts/other/bills/2019-01/bundle');
    expect([bundle.status, bundle.body.code]).toEqual([500, 'stream_unreadable']);
    await api.ok('GET', '/accounts/acme/bills/2019-01');
    for (const path of [
      '/accounts/acme/estimate',
      '/accounts/acme/bills/2019-01/replay',
      '/price-books/face-recognition/2019-01',
    ]) {
      const answer = await api.send('GET', path);
      expect([path, answer.status, answer.body.code, answer.body.revision]).toEqual([
        path,
        500,
        'price_book_unreadable',
        revision,
      ]);
    }
    expect((await api.ok('GET', '/price-books')).body.items.length).toBeGreaterThan(2);
  } finally {
    await api.stop();
  }
});
