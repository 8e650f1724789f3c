/** A price book that is larger than one event may be: the check finds it, and publishing refuses it with the bound. */
import { Buffer } from 'node:buffer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BOOK_BYTES_MAX } from '../../src/domain/price-book-bounds.ts';
import { bookOf } from '../price-books/shipped-book.ts';
import { type ServedApi, served } from '../support/api.ts';

let api: ServedApi;
beforeAll(async () => {
  api = await served();
});
afterAll(() => api.stop());

/** The shipped book with many more interfaces, each with a long name. */
const largeBook = (interfaces: number) => {
  const book = JSON.parse(JSON.stringify(bookOf('face-recognition')));
  const [first] = book.interfaces;
  for (let i = 0; i < interfaces; i++)
    book.interfaces.push({
      ...first,
      id: `face-recognition/more-${i}`,
      name: { zh: '名'.repeat(200), en: `${i}` },
    });
  return { ...book, edition: '2030-01', effectiveFrom: '2030-01' };
};

const TOO_LARGE = `a book has at most ${BOOK_BYTES_MAX} bytes of JSON`;

test('it is found by the check, and not published', async () => {
  const book = largeBook(4_000);
  expect(JSON.stringify(book).length).toBeGreaterThan(1024 * 1024);
  const { body } = await api.ok('POST', '/price-books/lint', book);
  expect(body.problems).toEqual([{ path: 'body', message: TOO_LARGE }]);
  for (const path of [
    '/price-books/face-recognition/2030-01',
    '/price-books/face-recognition/2030-01?dryRun=true',
  ]) {
    const answer = await api.send('PUT', path, book);
    expect([answer.status, answer.body.code, answer.body.field]).toEqual([422, 'book_malformed', 'body']);
    expect(answer.body.detail).toContain(TOO_LARGE);
  }
  const published = await api.ok('PUT', '/price-books/face-recognition/2030-01', largeBook(1_000));
  expect(published.status).toBe(201);
});

/** A book whose JSON has so many bytes, made up by names of one byte a character. */
const bookOfBytes = (bytes: number) => {
  const book = { ...largeBook(1_200), edition: '2031-01', effectiveFrom: '2031-01' };
  const size = () => Buffer.byteLength(JSON.stringify(book));
  for (const one of book.interfaces) {
    const missing = bytes - size();
    if (missing === 0) return book;
    const { en } = one.name;
    one.name = { ...one.name, en: en.padEnd(Math.min(200, en.length + missing), 'x') };
  }
  throw new Error(`${size()} bytes are not ${bytes}`);
};

test('a book as large as one may be is published, a byte more is refused', async () => {
  const path = '/price-books/face-recognition/2031-01';
  const more = await api.send('PUT', path, bookOfBytes(BOOK_BYTES_MAX + 1));
  expect([more.status, more.body.code]).toEqual([422, 'book_malformed']);
  expect((await api.ok('PUT', path, bookOfBytes(BOOK_BYTES_MAX))).status).toBe(201);
});

test('what is wrong with it is found, whichever entry it is in', async () => {
  const book = largeBook(4_000);
  book.interfaces[3_999].meter = 'face-recognition/none';
  const { body } = await api.ok('POST', '/price-books/lint', book);
  expect(body.problems.map(({ path }: { path: string }) => path)).toEqual([
    'interfaces.3999.meter',
    'interfaces.3999.meter',
    'body',
  ]);
  const answer = await api.send('PUT', '/price-books/face-recognition/2030-01', book);
  expect([answer.status, answer.body.code, answer.body.field]).toEqual([
    422,
    'book_malformed',
    'interfaces.3999.meter',
  ]);
});
