/** A hundred hostile bodies: each is made when its turn comes, and is as large as its route lets it be. */
import { brotliCompressSync, constants, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { ROUTES } from '../../src/api/routes/all.ts';
import { nameOf } from '../load.ts';
import { hostileBooks, soundBook } from './books.ts';
import * as text from './json-texts.ts';
import { MIB, type RecordParts, records } from './json-texts.ts';

export interface Hostile {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly type: string;
  /** Whose key: one that may meter, one that may for one account alone, the operator's, a wrong one, none. */
  readonly key: 'meter' | 'bound' | 'read' | 'admin' | 'wrong' | 'none';
  readonly encoding?: string;
  readonly body: () => string | Buffer;
}

/** Accounts that are open: the first for years, the others since the day before. */
export const ACCOUNTS = 1_000;
const MOST = 20_000;
const JSON_TYPE = 'application/json';
const LINES = 'application/x-ndjson';
const BATCH = 'application/cloudevents-batch+json';

const usage = (name: string, body: Hostile['body'], more: Partial<Hostile> = {}): Hostile => ({
  ...{ name, method: 'POST', path: '/usage', type: JSON_TYPE, key: 'meter', body },
  ...more,
});
const lines = (name: string, body: Hostile['body']): Hostile =>
  usage(`lines: ${name}`, body, { type: LINES });
const listed = (parts: readonly string[]): string => `[${parts.join(',')}]`;

/** Records by what is hostile in them. */
const RECORDS: Readonly<Record<string, (i: number) => RecordParts>> = {
  'one account': () => ({ account: nameOf(1) }),
  'one identity': () => ({ account: nameOf(1), id: 'the-same' }),
  'known accounts': (i) => ({ account: nameOf(1 + (i % (ACCOUNTS - 1))) }),
  'unknown accounts': (i) => ({ account: `nobody-${i}` }),
  'one unknown account': () => ({ account: 'nobody' }),
  'thousands of days': (i) => ({ account: nameOf(0), time: DAY(i % 1_800) }),
  'hours of years': (i) => ({ account: nameOf(0), time: DAY((i * 97) / 24 / 20) }),
  future: (i) => ({ account: nameOf(1), time: `20${30 + (i % 60)}-01-01T00:00:00Z` }),
  'unknown interfaces': (i) => ({ account: nameOf(1), interface: `face-recognition/none-${i}` }),
  'unknown products': (i) => ({ account: nameOf(1), interface: `none-${i}/none` }),
  'many sources': (i) => ({ account: nameOf(1), source: `/gateway/${i}` }),
  'long identities': (i) => ({ account: nameOf(1), id: `${i}-${'é'.repeat(90)}` }),
  'ids of escapes': (i) => ({ account: nameOf(1), id: `${i}-${'\\u00e9'.repeat(40)}` }),
  'times that are none': (i) => ({ account: nameOf(1), time: `2024-13-${i}` }),
  'no account ids': (i) => ({ account: `${i}/${'x'.repeat(100)}` }),
};
const DAY = (days: number): string =>
  new Date(Date.parse('2019-01-10T00:00:00Z') + days * 86_400_000).toISOString();

const JUNK: Readonly<Record<string, string>> = {
  numbers: '1',
  nulls: 'null',
  'empty lists': '[]',
  'empty objects': '{}',
  'empty texts': '""',
  'numbers of many digits': text.longNumber(300),
  'numbers beyond doubles': '1e400',
  'members twice': text.sameName(300),
};

const BIG: Readonly<Record<string, (size: number) => string>> = {
  'nested lists': text.nested,
  'nested objects': text.nestedObjects,
  'one wide object': text.wide,
  'one member again and again': text.sameName,
  'escapes alone': text.escapes,
  'quotes alone': text.quotes,
  'backslashes alone': text.backslashes,
  'one long text': text.longText,
  'one long number': text.longNumber,
  blanks: (size) => ' '.repeat(size),
};

const of = <Value>(
  all: Readonly<Record<string, Value>>,
  make: (name: string, value: Value) => Hostile,
): Hostile[] => Object.entries(all).map(([name, value]) => make(name, value));

const compressed = (name: string, body: () => string, type = JSON_TYPE): Hostile[] =>
  Object.entries({
    gzip: gzipSync,
    deflate: deflateSync,
    zstd: zstdCompressSync,
    br: (bytes: Buffer) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
  }).map(([encoding, pack]) =>
    usage(`${encoding}: ${name}`, () => pack(Buffer.from(body())), { encoding, type }),
  );

const PARTS: Readonly<Record<string, string>> = {
  account: nameOf(0),
  month: '2023-05',
  dispute: `${nameOf(0)}:1`,
  product: 'face-recognition',
  edition: '2030-01',
};

/** What each route that writes makes of a body that is not for it. */
const everyRoute: Hostile[] = ROUTES.filter(
  ({ method, path }) => method !== 'GET' && path !== '/usage',
).flatMap(({ method, path }) => {
  const named = path.replace(/:(\w+)/g, (_all, part: string) => PARTS[part] ?? 'none');
  const to = (name: string, body: () => string): Hostile => ({
    ...{ name: `${method} ${path}: ${name}`, method, path: named, type: JSON_TYPE, key: 'admin', body },
  });
  return [
    to('one wide object', () => text.wide(10 * MIB - 100)),
    to('numbers', () => text.list(10 * MIB - 100, '1')),
  ];
});

const resolution = (count: number): string =>
  `{"outcome":"adjusted","note":"n","corrections":${listed(
    Array.from({ length: count }, (_, i) => `{"source":"/gateway/1","id":"c${i}","calls":0}`),
  )}}`;

export const HOSTILE: readonly Hostile[] = [
  ...of(JUNK, (name, one) => usage(`list of ${name}, 4 MB`, () => text.list(4 * MIB, one))),
  usage('list of numbers, 10 MB', () => text.list(10 * MIB - 10, '1')),
  ...of(JUNK, (name, one) => usage(`20,000 ${name}`, () => listed(new Array(MOST).fill(one)))),
  ...of(BIG, (name, make) => usage(`${name}, 10 MB`, () => make(10 * MIB - 100))),
  ...of(BIG, (name, make) => usage(`list of ${name}, 60 kB each`, () => text.list(9 * MIB, make(60_000)))),
  ...of(RECORDS, (name, parts) => usage(`20,000 records: ${name}`, () => listed(records(MOST, parts)))),
  usage(
    '20,000 records of others’ accounts, key of one',
    () => listed(records(MOST, RECORDS['known accounts'])),
    { key: 'bound' },
  ),
  usage('20,000 records with blanks', () => listed(records(MOST).map((one) => one.replaceAll('":', '": ')))),
  usage('records of 60 kB', () => listed(records(150, () => ({ more: `,"more":${text.wide(60_000)}` })))),
  usage('CloudEvents batch of 20,000', () => listed(records(MOST, RECORDS['known accounts'])), {
    type: BATCH,
  }),
  ...of(JUNK, (name, one) => lines(`${name}, 4 MB`, () => text.filled(4 * MIB, one, '\n'))),
  lines('numbers, 10 MB', () => text.filled(10 * MIB, '1', '\n')),
  lines('empty ones, 10 MB', () => '\n'.repeat(10 * MIB)),
  lines('words, 4 MB', () => text.filled(4 * MIB, 'junk', '\n')),
  lines('not UTF-8, 4 MB', () => Buffer.from(text.filled(4 * MIB, 'caf\u00e9', '\n'), 'latin1')),
  lines('no end, 10 MB', () => 'x'.repeat(10 * MIB)),
  lines('junk all different, 4 MB', () => text.filled(4 * MIB, (i) => `{"id":"${i}"}`, '\n')),
  ...of(RECORDS, (name, parts) => lines(`20,000 records: ${name}`, () => records(MOST, parts).join('\n'))),
  ...compressed('numbers, 10 MB', () => text.list(10 * MIB - 10, '1')),
  ...compressed('20,000 records', () => listed(records(MOST, RECORDS['known accounts']))),
  ...compressed('lines of blanks, 60 MB', () => ' \n'.repeat(30 * MIB), LINES),
  ...hostileBooks().map(
    ([name, body]): Hostile => ({
      ...{
        name: `lint: ${name}`,
        method: 'POST',
        path: '/price-books/lint',
        type: JSON_TYPE,
        key: 'read',
        body,
      },
    }),
  ),
  ...everyRoute,
  ...[300, 5_000].map(
    (count): Hostile => ({
      ...usage(`publish: a sound book of ${count} of everything`, () => soundBook(count)),
      ...{ method: 'PUT', path: '/price-books/face-recognition/2030-01', key: 'admin' },
    }),
  ),
  {
    ...usage('resolution of 1,000 corrections', () => resolution(1_000)),
    path: `/disputes/${PARTS['dispute']}/resolution`,
    key: 'admin',
  },
  {
    ...usage('resolution of 20,000 corrections', () => resolution(20_000)),
    path: `/disputes/${PARTS['dispute']}/resolution`,
    key: 'admin',
  },
  usage('no key, numbers, 10 MB', () => text.list(10 * MIB - 10, '1'), { key: 'none' }),
  usage('a wrong key, numbers, 10 MB', () => text.list(10 * MIB - 10, '1'), { key: 'wrong' }),
  usage('no key, 30 MB', () => text.longText(30 * MIB), { key: 'none' }),
];
