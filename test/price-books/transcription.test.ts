/** Every row of every price table of the five pages against the books, read by program from the pages themselves. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { PriceBook } from '../../src/domain/price-book.ts';
import { shippedPriceBooks } from '../../src/ledger/system/shipped-price-books.ts';
import { countedIn } from '../support/counted-interface.ts';
import { pageTables } from './page-tables.ts';

const folder =
  process.env['SUANPAN_SEEDS'] ??
  join(fileURLToPath(new URL('../../..', import.meta.url)), 'shared', 'seeds');
const present = existsSync(folder);
if (!present) console.log(`skipped: the price pages are not at ${folder} (set SUANPAN_SEEDS)`);

const bookOf = (product: string, edition = '2019-01'): PriceBook => {
  const book = shippedPriceBooks().find((b) => b.product === product && b.edition === edition);
  if (!book) throw new Error(`no book ${product} ${edition}`);
  return book;
};
const page = (file: string) => pageTables(readFileSync(join(folder, file), 'utf8'));

/** `3,100元` → 3100; `0.0032元/次` → its text; 联系商务 → null. */
const yuan = (cell: string): string | null => {
  if (cell.includes('联系商务') || cell.includes('请联系商务')) return null;
  const number = /[\d.]+/.exec(cell.replaceAll(',', ''))?.[0];
  if (number === undefined) throw new Error(`${cell} is no price`);
  return number;
};
/** `100万次` → 1000000. */
const quantity = (text: string): number => {
  const [, number = '', unit] = /([\d.]+)\s*(万|亿)?/.exec(text.replaceAll(',', '')) ?? [];
  return Number(number) * (unit === '万' ? 1e4 : unit === '亿' ? 1e8 : 1);
};
/** The bounds of a column head: `300万 < 调用量 ≤ 1500万`, `1500万以上`, `调用量 > 1500万`, `100万<调用量`. */
const bounds = (head: string): [above: number, upTo: number | null] => {
  const plain = head.replaceAll('＜', '<').replaceAll(' ', '');
  const numbers = [...plain.matchAll(/[\d.]+(?:万|亿)?/g)].map(([n]) => quantity(n));
  return [numbers[0] ?? Number.NaN, plain.includes('≤') ? (numbers[1] ?? Number.NaN) : null];
};

const checkLadder = (book: PriceBook, name: string, heads: readonly string[], cells: readonly string[]) => {
  const meter = book.meters.find((m) => m.name.zh === name);
  expect(meter, `${book.product} ${name}`).toBeDefined();
  const printed = heads.map((head, i) => {
    const [above, upTo] = bounds(head);
    return { above, upTo, unitPrice: yuan(cells[i] ?? '') };
  });
  expect(meter?.ladder.tiers, name).toEqual(printed);
};
const checkPacks = (book: PriceBook, name: string, heads: readonly string[], cells: readonly string[]) => {
  const pool = book.pools.find((p) => p.name.zh === name);
  expect(pool, `${book.product} ${name}`).toBeDefined();
  const printed = heads.map((head, i) => ({ size: quantity(head), price: `${yuan(cells[i] ?? '')}.00` }));
  expect(pool?.packs, name).toEqual(printed);
};

describe.skipIf(!present)('the price books against the price pages', () => {
  test('image analysis', () => {
    const book = bookOf('image-analysis');
    const tables = page('000_afadf1d7539618c0.txt');
    const [packHead = [], pack = []] = tables[0] ?? [];
    checkPacks(book, pack[0] ?? '', packHead.slice(1), pack.slice(1));
    const rows = (tables[1] ?? []).slice(1);
    checkLadder(
      book,
      '图像分析',
      rows.map((r) => r[0] ?? ''),
      rows.map((r) => r[1] ?? ''),
    );
    expect(rows.every((r) => r[1]?.endsWith('元/张'))).toBe(true);
    expect(countedIn(book).find((i) => i.pool)?.unit?.zh).toBe('张');
  });

  test('face recognition', () => {
    const book = bookOf('face-recognition');
    const [packs = [], posts = []] = page('001_905db6ac0e5f600a.txt');
    const spelled = (name: string) => (name === '人脸检测' ? '人脸检测与分析' : name);
    for (const [name = '', ...cells] of packs.slice(1))
      checkPacks(book, spelled(name), packs[0]?.slice(1) ?? [], cells);
    const priced = posts.slice(1).filter((row) => row.length >= 5);
    for (const row of priced) checkLadder(book, row[0] ?? '', posts[0]?.slice(2) ?? [], row.slice(2));
    const interfaces = priced.map((row) => row[1] ?? '');
    const charged = countedIn(book)
      .filter((i) => i.meter !== null)
      .map((i) => i.name.zh);
    expect(charged.sort()).toEqual(
      [...interfaces, '增加人脸'].filter((n, i, all) => all.indexOf(n) === i).sort(),
    );
    expect(book.pools.filter((p) => p.packs.length === 0).map((p) => p.name.zh)).toEqual(['多脸检索']);
    expect(book.pools.length).toBe(new Set(priced.map((row) => row[0])).size);
  });

  test('body analysis', () => {
    const book = bookOf('body-analysis');
    const [packs = [], posts = [], segmentation = []] = page('002_9d0616e4a2367c16.txt');
    for (const [name = '', ...cells] of packs.slice(1))
      checkPacks(book, name, packs[0]?.slice(1) ?? [], cells);
    for (const table of [posts, segmentation]) {
      for (const [name = '', ...cells] of table.slice(1))
        checkLadder(book, name, table[0]?.slice(1) ?? [], cells);
    }
    expect(book.meters.length).toBe(posts.length - 1 + segmentation.length - 1);
    expect(book.pools.length).toBe(packs.length - 1);
  });

  test('ocr, first edition', () => {
    const book = bookOf('ocr');
    const [posts = [], packs = []] = page('003_d5f33209d8fee367.txt');
    for (const [name = '', ...cells] of posts.slice(1))
      checkLadder(book, name, posts[0]?.slice(1) ?? [], cells);
    for (const [name = '', ...cells] of packs.slice(1))
      checkPacks(book, name, packs[0]?.slice(1) ?? [], cells);
    expect(book.meters.length).toBe(posts.length - 1);
    expect(book.pools.filter((p) => p.packs.length === 0).map((p) => p.name.zh)).toEqual(['增值税发票']);
  });

  test('ocr, second edition: every interface, its category, pack and post-paid row', () => {
    const book = bookOf('ocr', '2020-01');
    const [packs = [], posts = []] = page('004_8ea4b1bf4167737b.txt');
    const seen = new Set<string>();
    for (const [category, name = '', pool = '', ...cells] of packs.slice(1)) {
      const one = countedIn(book).find((i) => i.name.zh === name);
      expect(one?.category?.zh, name).toBe(category);
      expect(book.pools.find((p) => p.id === one?.pool)?.name.zh, name).toBe(pool);
      checkPacks(book, pool, packs[0]?.slice(3) ?? [], cells);
      seen.add(name);
    }
    for (const [, name = '', meter = '', ...cells] of posts.slice(1)) {
      const one = countedIn(book).find((i) => i.name.zh === name);
      expect(book.meters.find((m) => m.id === one?.meter)?.name.zh, name).toBe(meter);
      checkLadder(book, meter, posts[0]?.slice(3) ?? [], cells);
    }
    const own = book.interfaces.map((i) => i.name.zh).filter((n) => !seen.has(n));
    expect(own).toEqual(['通用印刷体识别（API 2017）']);
    expect(countedIn(book).every((i) => i.unit?.zh === '次')).toBe(true);
  });
});
