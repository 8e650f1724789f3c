/** price-books/price-book.schema.json lets editors check a book: it is current, and agrees with what parses books. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { priceBookSchemaText } from '../../scripts/price-book-schema-text.ts';
import { parseBook } from '../../src/input/price-book-input.ts';
import { ROOT } from '../docs/shell-blocks.ts';

const FOLDER = join(ROOT, 'price-books');
const NAME = 'price-book.schema.json';
const text = readFileSync(join(FOLDER, NAME), 'utf8');
const books = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.json') && file !== NAME,
);
const bookIn = (file: string) => JSON.parse(readFileSync(join(FOLDER, file), 'utf8'));

test('is current (npm run price-book-schema)', () => {
  expect(text).toBe(priceBookSchemaText());
});

test('says which JSON Schema it is', () => {
  expect(JSON.parse(text).$schema).toBe('https://json-schema.org/draft/2020-12/schema');
});

describe('read back by an independent reading of JSON Schema', () => {
  const schema = z.fromJSONSchema(JSON.parse(text));

  test.each(books)('%s is valid', (file) => {
    expect(schema.safeParse(bookIn(file)).error).toBeUndefined();
  });

  const chat = () => bookIn('examples/chat-model.json');
  test.each<[string, (book: ReturnType<typeof chat>) => void]>([
    ['an unknown member', (book) => Object.assign(book, { colour: 'red' })],
    ['an edition without a month', (book) => delete book.effectiveFrom],
    ['a price that is a number', (book) => Object.assign(book.pools[0].packs[0], { price: 20 })],
    ['a weight of a half', (book) => Object.assign(book.interfaces[0].charges[0].to.input, { weight: 0.5 })],
    ['a mode that is none', (book) => Object.assign(book.meters[0].ladder, { mode: 'tiered' })],
    [
      'an hour that is none',
      (book) => Object.assign(book.interfaces[0].charges[1].when.time, { to: '24:30' }),
    ],
    ['an example without a name', (book) => delete book.examples[0].name],
  ])('%s is invalid, as it is for the ledger', (_, change) => {
    const book = chat();
    change(book);
    expect(schema.safeParse(book).success).toBe(false);
    expect(parseBook(book).ok).toBe(false);
  });
});
