/** A price book that is larger than an append: it can be checked, and is refused by name where it is to be published. */
import { afterAll, beforeAll, expect, test } from 'vitest';
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

test('it can be checked, but not published', async () => {
  const book = largeBook(4_000);
  expect(JSON.stringify(book).length).toBeGreaterThan(1024 * 1024);
  const { body } = await api.ok('POST', '/price-books/lint', book);
  expect(body.problems).toEqual([]);
  for (const path of [
    '/price-books/face-recognition/2030-01',
    '/price-books/face-recognition/2030-01?dryRun=true',
  ]) {
    const answer = await api.send('PUT', path, book);
    expect([answer.status, answer.body.code, answer.body.stream]).toEqual([
      422,
      'append_too_large',
      'catalogue',
    ]);
  }
  const published = await api.ok('PUT', '/price-books/face-recognition/2030-01', largeBook(1_000));
  expect(published.status).toBe(201);
});

test('what is wrong with it is found, whichever entry it is in', async () => {
  const book = largeBook(4_000);
  book.interfaces[3_999].meter = 'face-recognition/none';
  const { body } = await api.ok('POST', '/price-books/lint', book);
  expect(body.problems.map(({ path }: { path: string }) => path)).toEqual([
    'interfaces.3999.meter',
    'interfaces.3999.meter',
  ]);
  const answer = await api.send('PUT', '/price-books/face-recognition/2030-01', book);
  expect([answer.status, answer.body.code, answer.body.field]).toEqual([
    422,
    'book_malformed',
    'interfaces.3999.meter',
  ]);
});
