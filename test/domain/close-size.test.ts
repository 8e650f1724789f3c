/** What a close carries is never estimated as less than what is written. */
import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { accountToStore } from '../../src/codec/stored-account.ts';
import type { Pack } from '../../src/domain/account.ts';
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
