/**
 * The books against the pages in both directions: every interface that a page names stands in its book with the pool,
 * meter, category and unit of its row, and a book has nothing that its page does not, but for what rules.md names.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { PriceBook } from '../../src/domain/price-book.ts';
import { countedIn } from '../support/counted-interface.ts';
import { pageTables } from './page-tables.ts';
import { bookOf } from './shipped-book.ts';

const folder =
  process.env['SUANPAN_SEEDS'] ??
  join(fileURLToPath(new URL('../../..', import.meta.url)), 'shared', 'seeds');
const present = existsSync(folder);
if (!present) console.log(`skipped: the price pages are not at ${folder} (set SUANPAN_SEEDS)`);

const page = (file: string): string => readFileSync(join(folder, file), 'utf8');
const linked = (text: string): string[] => [...text.matchAll(/\[([^\]]*)\]\(/g)].map(([, name = '']) => name);
const between = (text: string, from: string, to: string): string => text.split(from)[1]?.split(to)[0] ?? '';

interface Place {
  readonly category?: string | undefined;
  readonly unit: string | undefined;
  readonly pool: string | null;
  readonly meter: string | null;
}
type Places = Readonly<Record<string, Place>>;

const placesIn = (book: PriceBook): Places => {
  const nameOf = (part: 'pools' | 'meters', id: string | null) =>
    id === null ? null : (book[part].find((one) => one.id === id)?.name.zh ?? `missing ${id}`);
  return Object.fromEntries(
    countedIn(book).map(({ name, category, unit, pool, meter }) => [
      name.zh,
      { category: category?.zh, unit: unit?.zh, pool: nameOf('pools', pool), meter: nameOf('meters', meter) },
    ]),
  );
};

/** The unit that a row of prices prints: `0.0032元/次`, once `0.10元次`; all of a row's cells print the same. */
const unitOf = (cells: readonly string[]): string | undefined => {
  const units = new Set(cells.flatMap((cell) => /元\s*\/?\s*(次|张)/.exec(cell)?.[1] ?? []));
  expect(units.size, cells.join(' ')).toBe(1);
  return [...units][0];
};

/** A row that is interface, pool and meter at once, or `members` of it. */
const row = (name: string, cells: readonly string[], members: readonly string[] = [name]): Places =>
  Object.fromEntries(
    members.map((member) => [
      member,
      {
        ...(member === name ? {} : { category: name }),
        unit: unitOf(cells),
        pool: name,
        meter: name,
      },
    ]),
  );

const uncharged = (category: string): Places => ({
  [`${category}（其他）`]: { category, unit: '次', pool: null, meter: null },
});

const expectPlaces = (book: PriceBook, places: Places): void => {
  expect(placesIn(book)).toEqual(places);
  expect(book.interfaces.length).toBe(Object.keys(places).length);
  for (const part of ['pool', 'meter'] as const) {
    const named = new Set(Object.values(places).flatMap((place) => place[part] ?? []));
    expect(book[`${part}s`].map(({ name }) => name.zh).sort(), `${part}s`).toEqual([...named].sort());
  }
};

describe.skipIf(!present)('a book has what its page names, and nothing else', () => {
  test('image analysis: one priced interface, and the beta ones of the first note', () => {
    const text = page('000_afadf1d7539618c0.txt');
    const [, posts = []] = pageTables(text);
    const beta = linked(between(text, '图像分析产品（含', '）在2019年12月1日前'));
    expect(beta.length).toBe(7);
    const unit = unitOf(posts.slice(1).map(([, cell = '']) => cell));
    expectPlaces(bookOf('image-analysis'), {
      旧版图像标签: { unit, pool: '图像分析', meter: '图像分析' },
      ...Object.fromEntries(beta.map((name) => [name, { unit: '次', pool: null, meter: name }])),
    });
  });

  test('face recognition', () => {
    const [, posts = []] = pageTables(page('001_905db6ac0e5f600a.txt'));
    const rows = posts.slice(1).map(([name = '', one = '', ...cells]) => row(name, cells, [one]));
    expectPlaces(bookOf('face-recognition'), Object.assign({}, ...rows, uncharged('个体信息管理')));
  });

  test('body analysis: members of two rows are named below the tables', () => {
    const text = page('002_9d0616e4a2367c16.txt');
    const [, posts = [], segmentation = []] = pageTables(text);
    const members: Readonly<Record<string, readonly string[]>> = {
      人体检测: linked(between(text, '合并计入人体检测，即', '两个接口')),
      人体库管理: linked(between(text, '其中仅', '两个子接口')),
    };
    for (const names of Object.values(members)) expect(names.length).toBe(2);
    const rows = [...posts.slice(1), ...segmentation.slice(1)].map(([name = '', ...cells]) =>
      row(name, cells, members[name]),
    );
    expectPlaces(bookOf('body-analysis'), Object.assign({}, ...rows, uncharged('人体库管理')));
  });

  test('ocr, first edition: a row with a slash is two interfaces', () => {
    const [posts = []] = pageTables(page('003_d5f33209d8fee367.txt'));
    const rows = posts
      .slice(1)
      .flatMap(([name = '', ...cells]) =>
        name.split('/').map((one): Places => ({ [one]: { unit: unitOf(cells), pool: name, meter: name } })),
      );
    expectPlaces(bookOf('ocr'), Object.assign({}, ...rows));
  });

  test('ocr, second edition: the pool of the pre-paid table, the meter of the post-paid one', () => {
    const [packs = [], posts = []] = pageTables(page('004_8ea4b1bf4167737b.txt'));
    const pools = new Map(packs.slice(1).map(([, name = '', pool = '']) => [name, pool]));
    expect(pools.size).toBe(posts.length - 1);
    const rows = posts.slice(1).map(
      ([category = '', name = '', meter = '', ...cells]): Places => ({
        [name]: { category, unit: unitOf(cells), pool: pools.get(name) ?? null, meter },
      }),
    );
    const places: Places = Object.assign({}, ...rows);
    const ruled = { '通用印刷体识别（API 2017）': places['通用印刷体识别'] };
    expectPlaces(bookOf('ocr', '2020-01'), Object.assign({}, places, ruled));
  });
});
