/** The shape of a price book: what is refused, with the place named. */
import { describe, expect, test } from 'vitest';
import { priceBookSchema } from '../../src/domain/price-book-schema.ts';
import { bookOf } from './shipped-book.ts';
import { soundBook } from './sound-book.ts';

type Json = string | number | boolean | null | undefined | Json[] | { [key: string]: Json };

/** The sound book with the value at a path changed; undefined removes it. */
const changed = (path: string, value: Json): unknown => {
  const book = JSON.parse(JSON.stringify(soundBook));
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const place = keys.reduce((at, key) => at[key], book);
  if (value === undefined) delete place[last];
  else place[last] = value;
  return book;
};
/** Where and why a value is refused, `path: message`; empty when it is taken. */
const refusals = (value: unknown): string[] => {
  const parsed = priceBookSchema.safeParse(value);
  return parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
};

test('the sound book is taken as it is', () => {
  expect(priceBookSchema.parse(JSON.parse(JSON.stringify(soundBook)))).toEqual(soundBook);
});

describe('a wrong value is refused with its path', () => {
  const TIER = 'meters.0.ladder.tiers.0';
  const wrong: readonly (readonly [path: string, value: Json])[] = [
    ['product', 'Toy'],
    ['edition', ''],
    ['effectiveFrom', '2019-13'],
    ['name', 'Toy'],
    ['name.zh', ''],
    ['source', undefined],
    ['interfaces', []],
    ['interfaces.0.id', 'toy'],
    ['interfaces.0.pool', undefined],
    ['interfaces.0.meter', 'Toy/m'],
    ['interfaces.0.counts', 'images'],
    ['interfaces.0.unit', 'call'],
    ['pools.0.packs.0.size', 0],
    ['pools.0.packs.0.size', 1.5],
    ['pools.0.packs.0.price', -1],
    ['pools.0.packs.0.price', '-1.00'],
    ['meters.0.freeUntil', '2019'],
    ['meters.0.ladder.mode', 'tiered'],
    ['meters.0.ladder.tierBy', 'packs'],
    ['meters.0.ladder.bounds', 'both'],
    ['meters.0.ladder.per', 100],
    ['meters.0.ladder.tiers', []],
    [`${TIER}.above`, -1],
    [`${TIER}.above`, 2 ** 53],
    [`${TIER}.upTo`, '100'],
    [`${TIER}.upTo`, undefined],
    [`${TIER}.unitPrice`, 0.15],
    [`${TIER}.unitPrice`, '-0.15'],
    [`${TIER}.unitPrice`, '1e-3'],
    [`${TIER}.unitPrice`, '.15'],
    ['allowance.calls', -5],
    ['allowance.grant', 'coupon'],
    ['allowance.inFirstMonth', 'yes'],
    ['freeze', undefined],
    ['freeze', { rate: 1.2, of: 'list', onFailure: 'notify' }],
    ['arrears.graceDays', -1],
    ['notices', { low: { below: '0.15', of: 'pools' }, channels: [] }],
    ['notes', [{ zh: '注' }]],
  ];
  test.each(wrong)('%s = %j', (path, value) => {
    const found = refusals(changed(path, value));
    expect(found.length).toBeGreaterThan(0);
    for (const refusal of found) expect(refusal).toMatch(new RegExp(`^${path.replaceAll('.', '\\.')}[.:]`));
  });
});

test.each([
  '',
  'name',
  'interfaces.0',
  'pools.0',
  'pools.0.packs.0',
  'meters.0',
  'meters.0.ladder',
  'allowance',
])('an unknown member in "%s" is refused by name', (path) => {
  const found = refusals(changed(path === '' ? 'extra' : `${path}.extra`, 1));
  expect(found).toEqual([`${path}: Unrecognized key: "extra"`]);
});

test('what a hand gets wrong is said in words', () => {
  expect(refusals(changed('effectiveFrom', '2019-1'))).toEqual(['effectiveFrom: a month is YYYY-MM']);
  expect(refusals(changed('pools.0.id', 'A/b'))).toEqual(['pools.0.id: an id is product/name, lower case']);
  expect(refusals(changed('pools.0.packs.0.price', '1 yuan'))).toEqual([
    'pools.0.packs.0.price: a price is decimal text, not negative',
  ]);
});

test('hours that hold no full hour are refused', () => {
  const notices = (from: string, to: string) => ({
    low: { below: '0.2', of: 'pool' },
    channels: ['in_app'],
    onTheHour: { from, to },
  });
  expect(refusals(changed('notices', notices('10:00', '22:00')))).toEqual([]);
  expect(refusals(changed('notices', notices('10:10', '10:50')))).toEqual([
    'notices.onTheHour: no full hour lies between from and to',
  ]);
  expect(refusals(changed('notices', notices('10:00', '24:00')))).toEqual([
    'notices.onTheHour.to: a time is HH:MM',
  ]);
});

test('a unit price keeps its printed digits', () => {
  const meter = bookOf('ocr').meters.find(({ id }) => id === 'ocr/vat-invoice');
  expect(meter?.ladder.tiers.map(({ unitPrice }) => unitPrice)).toEqual(['0.50', '0.35', '0.20', null]);
});

test.each([null, [], 'book', 1, undefined])('%j is no price book', (value) => {
  expect(refusals(value).length).toBeGreaterThan(0);
});
