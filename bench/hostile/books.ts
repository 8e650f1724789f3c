/** Price books that are none, or that are larger than any: for the check of a book, which a key that reads may call. */
import { readFileSync } from 'node:fs';
import * as text from './json-texts.ts';

/** What a body of JSON has at most, but for some room. */
const SIZE = 10 * 1024 * 1024 - 2_000;
const SHIPPED = new URL('../../price-books/face-recognition-2019-01.json', import.meta.url);

/** The shipped book with some of its parts replaced, each given as text. */
const bookWith = (parts: Readonly<Record<string, string>>): string => {
  const book = {
    ...JSON.parse(readFileSync(SHIPPED, 'utf8')),
    ...Object.fromEntries(Object.keys(parts).map((key) => [key, `<${key}>`])),
  };
  return Object.entries(parts).reduce(
    (all, [key, part]) => all.replace(`"<${key}>"`, () => part),
    JSON.stringify(book),
  );
};
const ID = 'face-recognition/detect';
const NAME = '{"zh":"名","en":"name"}';
const ladder = (mode: string, tiers: string): string =>
  `{"mode":"${mode}","tierBy":"post_paid","bounds":"upper","per":1,"tiers":${tiers}}`;
const meter = (id: string, own: string): string => `{"id":"${id}","name":${NAME},"ladder":${own}}`;
const tiers = (count: number, price: (i: number) => string): string =>
  `[${Array.from({ length: count }, (_, i) => `{"above":${i * 9},"upTo":${i + 1 === count ? null : (i + 1) * 9},"unitPrice":"${price(i)}"}`).join(',')}]`;
const falling = (i: number): string => `0.${9_999 - i}`;
const interfaceOf = (i: number): string =>
  `{"id":"face-recognition/i${i}","name":${NAME},"unit":${NAME},"pool":null,"meter":"face-recognition/m${i}","counts":"calls"}`;

/** A sound book of so many interfaces, pools and meters, with four packs and four tiers each. */
export const soundBook = (count: number): string => {
  const each = (one: (i: number) => string): string =>
    `[${Array.from({ length: count }, (_, i) => one(i)).join(',')}]`;
  const long = `{"zh":"${'名'.repeat(60)}","en":"${'n'.repeat(60)}"}`;
  return bookWith({
    edition: '"2030-01"',
    effectiveFrom: '"2030-01"',
    interfaces: each(
      (i) =>
        `{"id":"face-recognition/i${i}","name":${long},"unit":${long},"pool":"face-recognition/p${i}","meter":"face-recognition/m${i}","counts":"calls"}`,
    ),
    pools: each(
      (i) =>
        `{"id":"face-recognition/p${i}","name":${long},"meter":"face-recognition/m${i}","packs":[${[1, 2, 3, 4].map((k) => `{"size":${k},"price":"12345.67"}`).join(',')}]}`,
    ),
    meters: each((i) =>
      meter(
        `face-recognition/m${i}`,
        ladder(
          'volume',
          tiers(4, (k) => `0.00${k + 1}`),
        ),
      ),
    ),
  });
};

/** Each by its name; made when its turn comes. */
export const hostileBooks = (): readonly (readonly [string, () => string])[] => [
  ...[1_000, 4_000, 15_000].flatMap((count) =>
    ['volume', 'graduated'].map(
      (mode) =>
        [
          `a ${mode} ladder of ${count} tiers`,
          () => bookWith({ meters: `[${meter(ID, ladder(mode, tiers(count, falling)))}]` }),
        ] as const,
    ),
  ),
  [
    '15 ladders of 1,000 tiers',
    () =>
      bookWith({
        meters: `[${Array.from({ length: 15 }, (_, i) => meter(`face-recognition/m${i}`, ladder('volume', tiers(1_000, falling)))).join(',')}]`,
      }),
  ],
  ['a sound book of 5,000 of everything', () => soundBook(5_000)],
  ['meters that are numbers', () => bookWith({ meters: text.list(SIZE - 20_000, '1') })],
  ['meters of empty objects', () => bookWith({ meters: text.list(SIZE - 20_000, '{}') })],
  ['5,000 meters of empty objects', () => bookWith({ meters: `[${new Array(5_000).fill('{}').join(',')}]` })],
  [
    '5,000 interfaces of empty lists',
    () => bookWith({ interfaces: `[${new Array(5_000).fill('[]').join(',')}]` }),
  ],
  [
    '5,000 interfaces of nothing known',
    () =>
      bookWith({
        interfaces: `[${new Array(5_000).fill('{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6}').join(',')}]`,
      }),
  ],
  [
    '4,000 interfaces of unknown meters',
    () => bookWith({ interfaces: `[${Array.from({ length: 4_000 }, (_, i) => interfaceOf(i)).join(',')}]` }),
  ],
  [
    '5,000 interfaces of one id',
    () => bookWith({ interfaces: `[${new Array(5_000).fill(interfaceOf(1)).join(',')}]` }),
  ],
  [
    '20,000 packs of one size',
    () =>
      bookWith({
        pools: `[{"id":"${ID}","name":${NAME},"meter":"${ID}","packs":[${new Array(20_000).fill('{"size":1,"price":"1"}').join(',')}]}]`,
      }),
  ],
  [
    '5,000 tiers of letters',
    () =>
      bookWith({
        meters: `[${meter(ID, ladder('graduated', `[${new Array(20_000).fill('{"above":"a"}').join(',')}]`))}]`,
      }),
  ],
  ['numbers', () => text.list(SIZE, '1')],
  ['lists', () => text.list(SIZE, '[]')],
  ['one wide object', () => text.wide(SIZE)],
  ['one member again and again', () => text.sameName(SIZE)],
  ['escapes alone', () => text.escapes(SIZE)],
  ['quotes alone', () => text.quotes(SIZE)],
  ['nested lists', () => text.nested(SIZE)],
  ['one long number', () => text.longNumber(SIZE)],
  [
    'a name of megabytes',
    () => bookWith({ name: `{"zh":"${'名'.repeat(1_500_000)}","en":"${'n'.repeat(4_000_000)}"}` }),
  ],
  [
    '200 notes of 4 kB',
    () => bookWith({ notes: `[${new Array(200).fill(`{"zh":"z","en":"${'n'.repeat(4_000)}"}`).join(',')}]` }),
  ],
  ['notes of numbers', () => bookWith({ notes: text.list(SIZE - 20_000, '7') })],
];
