/** What a close carries is never estimated as less than what is written. */
import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { accountToStore } from '../../src/codec/stored-account.ts';
import type { Account, Pack } from '../../src/domain/account.ts';
import { calendarOf } from '../../src/domain/calendar.ts';
import { carriedBytes } from '../../src/domain/close-size.ts';
import { evolve } from '../../src/domain/evolve.ts';

const calendar = calendarOf('Asia/Shanghai');
const START = Date.parse('2019-01-01T00:00:00+08:00');

const opened = evolve(null, { type: 'AccountOpened', at: START, data: { account: 'a' } } as never);
if (!opened) throw new Error('the account is opened');

const packs = fc
  .array(
    fc.record({
      product: fc.constantFrom('p', 'x'.repeat(64)),
      edition: fc.constantFrom('2019-01', 'e'.repeat(64)),
      pool: fc.constantFrom('p/p', `${'x'.repeat(64)}/${'y'.repeat(64)}`),
      size: fc.integer({ min: 1, max: 1_000_000_000_000 }),
      price: fc.constantFrom('1', '999999999999999.999999'),
      purchasedAt: fc.integer({ min: START, max: START + 40 * 86_400_000 }),
      void: fc.boolean(),
      times: fc.integer({ min: 1, max: 40 }),
    }),
    { maxLength: 40 },
  )
  .map((kinds) =>
    kinds.flatMap(({ times, ...kind }, k) =>
      Array.from({ length: times }, (_, i): Pack => {
        const left = (kind.size * 7 * (i + 1)) % (kind.size + 1);
        return { ...kind, pack: `pack-${k}-${i}`, left, expiresAt: kind.purchasedAt + 365 * 86_400_000 };
      }),
    ),
  );

test('packs bought together or one by one, of any names', () => {
  fc.assert(
    fc.property(packs, (held) => {
      const account = { ...opened, packs: held };
      const bill = held.map(({ pack, pool, size, price }) => ({ pack, pool, size, price }));
      const stored = accountToStore(account);
      const written = Buffer.byteLength(JSON.stringify([(stored as { packs: unknown }).packs, bill]));
      expect(carriedBytes(account, calendar)).toBeGreaterThanOrEqual(written);
    }),
    { numRuns: 100 },
  );
});

const one: Pack = {
  pack: 'pack-000001',
  product: 'p',
  edition: '2019-01',
  pool: 'p/p',
  size: 100,
  price: '1.00',
  purchasedAt: START,
  expiresAt: START + 365 * 86_400_000,
  left: 100,
  void: false,
};
const bytesOf = (more: Partial<Account>) => carriedBytes({ ...opened, ...more }, calendar);

test.each<readonly [string, Partial<Pack>]>([
  ['bought at another instant', { purchasedAt: START + 1 }],
  ['with another expiry', { expiresAt: START + 366 * 86_400_000 }],
  ['of another pool', { pool: 'p/q' }],
  ['of another size', { size: 101 }],
  ['at another price', { price: '2.00' }],
  ['of another edition', { edition: '2019-02' }],
  ['that is void', { void: true }],
])('a pack %s is a lot of its own; of one lot only its id and what is left are carried', (_, other) => {
  const second = { ...one, pack: 'pack-000002' };
  const [together, apart] = [
    [one, second],
    [one, { ...second, ...other }],
  ].map((held) => bytesOf({ packs: held })) as [number, number];
  expect(apart - together).toBeGreaterThan(80);
});

test('a pack is on the bill of the month of its purchase alone', () => {
  const open = bytesOf({ packs: [one] });
  const shut = bytesOf({ packs: [one], lastClosed: '2019-01' });
  expect(open - shut).toBeGreaterThan(JSON.stringify({ pack: one.pack, pool: one.pool }).length);
});

test('the months’ calls are carried', () => {
  const group = { product: 'p', meter: 'p/m', pool: 'p/p', free: 1, postPaid: 1, runs: [] };
  const months = { '2019-01': { groups: { 'p/p': group }, closed: null } };
  expect(bytesOf({ months }) - bytesOf({})).toBeGreaterThanOrEqual(JSON.stringify(group).length);
});
