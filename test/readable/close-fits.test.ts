/** An account is never let grow beyond what one append can carry through its closes and expiries. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { named, soundBook, withLadder } from '../price-books/sound-book.ts';
import { type ServedApi, served } from '../support/api.ts';

const PRODUCT = 'x'.repeat(64);
const POOL = `${PRODUCT}/${'p'.repeat(64)}`;
/** Six bytes in JSON for each of its characters. */
const REASON = '\u0001'.repeat(500);

let api: ServedApi;
let number = 0;
const next = () => ({ 'idempotency-key': `key-${++number}` });

/** Sends until it is refused, at most so often; resolves to how often it was not, and the refusal's code. */
const untilRefused = async (most: number, send: () => ReturnType<ServedApi['send']>) => {
  for (let times = 0; times < most; times++) {
    const { status, body } = await send();
    if (status >= 300) return [times, body.code] as const;
  }
  return [most, null] as const;
};

const buy = (account: string, quantity: number) =>
  api.send('POST', `/accounts/${account}/packs`, { pool: POOL, size: 1, quantity }, next());
const credit = (account: string) =>
  api.send('POST', `/accounts/${account}/credits`, {
    amount: '1.00',
    reference: `${++number}`,
    reason: REASON,
  });

beforeAll(async () => {
  api = await served({ SUANPAN_BOOKS: 'none' });
  await api.ok('PUT', `/price-books/${PRODUCT}/2019-01`, bookOf());
  for (const account of ['packs', 'credits', 'both', 'other']) {
    await api.ok('POST', '/accounts', { account, name: account });
    await api.ok('POST', `/accounts/${account}/services`, { product: PRODUCT });
    await api.ok('POST', `/accounts/${account}/deposits`, { amount: '999999.00', reference: 'first' });
  }
});
afterAll(() => api.stop());

test('packs, credits and both are refused before their close would not fit, and then it does', async () => {
  expect(await untilRefused(4, () => buy('packs', 1000))).toEqual([1, 'quantity_too_large']);
  expect((await buy('packs', 200)).status).toBe(201);
  for (let day = 2; day < 5; day++) {
    await api.ok('PUT', '/clock', { now: `2019-01-0${day}T00:00:00+08:00` });
    await buy('packs', 1000);
    await buy('both', 500);
  }
  const [credits, code] = await untilRefused(600, () => credit('credits'));
  expect(code).toBe('quantity_too_large');
  expect(credits).toBeGreaterThan(80);
  expect((await untilRefused(600, () => credit('both')))[1]).toBe('quantity_too_large');
  await api.ok('PUT', '/clock', { now: '2019-02-02T00:00:00+08:00' });
  for (const account of ['packs', 'credits', 'both', 'other'])
    expect((await api.ok('GET', `/accounts/${account}/bills`)).body.items.length, account).toBe(1);
  // What stood on a bill makes room.
  expect((await credit('credits')).status).toBe(201);
  await api.ok('PUT', '/clock', { now: '2020-02-02T00:00:00+08:00' });
  const packs = (await api.ok('GET', '/accounts/packs/packs?limit=1000')).body.items;
  expect(new Set(packs.map(({ state }: { state: string }) => state))).toEqual(new Set(['expired']));
});

/** A pool with the longest name there may be, told of by every channel. */
function bookOf() {
  const { interfaces, pools, meters, ...book } = soundBook;
  const [one] = interfaces;
  return {
    ...book,
    product: PRODUCT,
    interfaces: [{ ...one, id: `${PRODUCT}/one`, pool: POOL, meter: `${PRODUCT}/m` }],
    pools: [{ ...named(POOL), meter: `${PRODUCT}/m`, packs: [{ size: 1, price: '0.01' }] }],
    meters: [withLadder({}, `${PRODUCT}/m`)],
    notices: {
      low: { below: '0.15', of: 'pool' },
      channels: ['in_app', 'email', 'sms', 'wechat'],
    },
  };
}
