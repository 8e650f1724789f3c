/** Names that every object knows are names like any other: no product, no interface, no pool until a book has them. */
import { describe, expect, test } from 'vitest';
import type { PriceBook } from '../../src/domain/price-book.ts';
import { shippedPriceBooks } from '../../src/ledger/system/shipped-price-books.ts';
import { jan } from '../support/days.ts';
import { givenLedger } from '../support/given.ts';

const AT = jan(2);

describe.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('%s', (name) => {
  test('is unknown', async () => {
    const given = await givenLedger(['face-recognition']);
    expect(await given.meters(AT, `${name}/x`, 1)).toMatchObject({
      outcome: 'refused',
      code: 'interface_unknown',
    });
    expect(await given.meters(AT, name, 1)).toMatchObject({ outcome: 'refused', code: 'interface_unknown' });
    expect(await given.refused(AT, 'activate-service', { product: name })).toBe('service_unknown');
    const pack = { pool: `${name}/x`, size: 1, quantity: 1 };
    expect(await given.refused(AT, 'buy-packs', pack)).toBe('pool_unknown');
    expect(await given.meters(AT, 'face-recognition/compare', 1)).toMatchObject({ outcome: 'accepted' });
  });
});

test('a product called constructor is not active until it is activated', async () => {
  const face = shippedPriceBooks().find(({ product }) => product === 'face-recognition');
  const book = JSON.parse(JSON.stringify(face).replaceAll('face-recognition', 'constructor')) as PriceBook;
  const given = await givenLedger([], { books: [book] });
  expect(await given.meters(AT, 'constructor/compare', 1)).toMatchObject({
    outcome: 'refused',
    code: 'not_activated',
  });
  await given.has(AT, 'activate-service', { product: 'constructor' });
  expect(await given.meters(AT, 'constructor/compare', 1)).toMatchObject({ outcome: 'accepted' });
  await given.closes('2019-01');
});
