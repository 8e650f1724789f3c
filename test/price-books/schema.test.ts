/** The shape of a price book: what is refused, with the place named. */
import { describe, expect, test } from 'vitest';
import { priceBookSchema } from '../../src/domain/price-book-schema.ts';
import { bookInSteps, parseBook } from '../../src/input/price-book-input.ts';
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
/** Whether a value is taken when it is read entry by entry. */
const isTakenInSteps = (value: unknown): boolean => {
  const steps = bookInSteps(value, 100);
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value.ok;
};
/** Where and why a value is refused, `path: message`; empty when it is taken. Read in steps it is refused or taken too. */
const refusals = (value: unknown): string[] => {
  const parsed = priceBookSchema.safeParse(value);
  expect(isTakenInSteps(value), 'entry by entry').toBe(parsed.success);
  const read = parseBook(value);
  return read.ok ? [] : read.problems.map(({ path, message }) => `${path}: ${message}`);
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
    ['meters.0.ladder.per', 0],
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
  const [only = '', ...others] = found;
  expect(others).toEqual([]);
  expect(only.startsWith(`${path === '' ? '' : `${path}.`}extra: unknown; known are `), only).toBe(true);
});

describe('a text has its form from the first character to the last, and what that is is said', () => {
  const month = ['2019-01', '2019-09', '2019-10', '2019-12', '0000-01'];
  const noMonth = ['2019-00', '2019-13', '2019-1', '2019-011', '12019-01', '201-01', 'x019-01', '2019-0x'];
  const id = ['a/b', 'z0-9/a-z', '-/-'];
  const noId = ['', 'a', 'a/', '/b', 'A/b', 'a/B', 'a/b/c', 'a/b ', ' a/b', 'a_/b', 'a//b'];
  const decimal = ['0', '1', '10.50', '123456789012345.123456789012345'];
  const noDecimal = [
    ...['', '.5', '5.', '-1', '+1', '1e3', '1,5', '1 yuan', '¥1', '0x1', ' 1', '1.x'],
    ...['1234567890123456', '0.1234567890123456'],
  ];
  const time = ['00:00', '09:00', '10:00', '19:00', '20:00', '23:00'];
  const noTime = [
    '24:00',
    '30:00',
    '9:00',
    '09:60',
    '09:0',
    '09:000',
    'x9:00',
    '1x:00',
    '09:0x',
    '109:00',
    '-1:00',
  ];
  const onTheHour = (hours: { readonly from: string; readonly to: string }) => ({
    low: { below: '0.2', of: 'pool' },
    channels: [],
    onTheHour: hours,
  });
  const low = (below: string) => ({ low: { below, of: 'pool' }, channels: [] });

  type Form = readonly [
    path: string,
    said: string,
    right: readonly string[],
    wrong: readonly string[],
    /** Where the text is a part of something, that thing's place and the thing. */
    at: readonly [path: string, of: (text: string) => Json] | null,
  ];
  const forms: readonly Form[] = [
    [
      'product',
      'a product is lower-case letters, digits and hyphens',
      ['t', 'toy-9', 'x'.repeat(64)],
      ['', 'Toy', 'toy_9', 'to y', ' toy', 'toy ', 'x'.repeat(65)],
      null,
    ],
    [
      'edition',
      'an edition is 1 to 64 of A-Z a-z 0-9 . _ -',
      ['2019-01', 'aZ._-', 'x'.repeat(64)],
      ['', '2019/01', ' 2019', '2019 ', 'x'.repeat(65)],
      null,
    ],
    ['effectiveFrom', 'a month is YYYY-MM', month, noMonth, null],
    ['meters.0.freeUntil', 'a month is YYYY-MM', month, noMonth, null],
    ['interfaces.0.id', 'an id is product/name, lower case', id, noId, null],
    ['interfaces.0.pool', 'an id is product/name, lower case', id, noId, null],
    ['interfaces.0.meter', 'an id is product/name, lower case', id, noId, null],
    ['pools.0.id', 'an id is product/name, lower case', id, noId, null],
    ['pools.0.meter', 'an id is product/name, lower case', id, noId, null],
    ['meters.0.id', 'an id is product/name, lower case', id, noId, null],
    ['pools.0.packs.0.price', 'a price is decimal text, not negative', decimal, noDecimal, null],
    ['meters.0.ladder.tiers.0.unitPrice', 'a price is decimal text, not negative', decimal, noDecimal, null],
    [
      'freeze.rate',
      'a price is decimal text, not negative',
      decimal,
      noDecimal,
      ['freeze', (rate) => ({ rate, of: 'list', onFailure: 'notify' })],
    ],
    ['notices.low.below', 'a price is decimal text, not negative', decimal, noDecimal, ['notices', low]],
    [
      'notices.onTheHour.from',
      'a time is HH:MM',
      [...time.slice(0, -1), '09:59', '19:30'],
      noTime,
      ['notices', (from) => onTheHour({ from, to: '23:00' })],
    ],
    [
      'notices.onTheHour.to',
      'a time is HH:MM',
      [...time, '09:59', '19:30'],
      noTime,
      ['notices', (to) => onTheHour({ from: '00:00', to })],
    ],
  ];

  test.each(forms)('%s: %s', (path, said, right, wrong, at) => {
    const [place, of] = at ?? [path, (text: string): Json => text];
    for (const text of right) expect(refusals(changed(place, of(text))), text).toEqual([]);
    for (const text of wrong) expect(refusals(changed(place, of(text))), text).toContain(`${path}: ${said}`);
  });
});

describe('what may be chosen is all of this', () => {
  const freeze = { rate: '1', of: 'list', onFailure: 'notify' };
  const low = { below: '0.1', of: 'pool' };
  const itself = (value: Json): Json => value;
  const choices: readonly (readonly [
    path: string,
    values: Json[],
    at: string | null,
    of: (value: Json) => Json,
  ])[] = [
    ['interfaces.0.counts', ['calls', 'recognised'], null, itself],
    ['meters.0.ladder.mode', ['volume', 'graduated'], null, itself],
    ['meters.0.ladder.tierBy', ['post_paid', 'post_paid_and_free', 'metered'], null, itself],
    ['meters.0.ladder.bounds', ['upper', 'lower'], null, itself],
    ['allowance.grant', ['pack', 'voucher'], null, itself],
    ['freeze.of', ['list', 'bill'], 'freeze', (of) => ({ ...freeze, of })],
    ['freeze.onFailure', ['suspend', 'notify'], 'freeze', (onFailure) => ({ ...freeze, onFailure })],
    ['notices.low.of', ['pool', 'last_pack'], 'notices', (of) => ({ low: { ...low, of }, channels: [] })],
    [
      'notices.channels.0',
      ['in_app', 'email', 'sms', 'wechat'],
      'notices',
      (channel) => ({ low, channels: [channel] }),
    ],
  ];
  test.each(choices)('%s: %j', (path, values, at, of) => {
    for (const value of values) expect(refusals(changed(at ?? path, of(value))), String(value)).toEqual([]);
    for (const value of ['', 10, null])
      expect(refusals(changed(at ?? path, of(value)))[0], String(value)).toMatch(`${path}: Invalid`);
  });
});

test('a count is an integer, and from what it counts is said', () => {
  const counts: readonly (readonly [path: string, least: number, most?: number])[] = [
    ['meters.0.ladder.tiers.0.above', 0],
    ['meters.0.ladder.tiers.0.upTo', 0],
    ['pools.0.packs.0.size', 1],
    ['allowance.calls', 0],
    ['arrears.graceDays', 0, 3650],
  ];
  for (const [path, least, most = Number.MAX_SAFE_INTEGER] of counts) {
    for (const right of [least, most]) expect(refusals(changed(path, right)), path).toEqual([]);
    for (const wrong of [least - 1, least + 0.5, most + 1])
      expect(refusals(changed(path, wrong)), path).not.toEqual([]);
  }
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
  for (const [from, to] of [
    ['10:30', '10:00'],
    ['22:00', '10:00'],
  ] as const)
    expect(refusals(changed('notices', notices(from, to)))).toEqual([
      'notices.onTheHour: no full hour lies between from and to',
    ]);
  expect(refusals(changed('notices', notices('10:30', '11:00')))).toEqual([]);
  expect(refusals(changed('notices', notices('10:00', '10:00')))).toEqual([]);
  expect(refusals(changed('notices', notices('10:00', '10:30')))).toEqual([]);
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
