/** Random lives through the ledger and through the oracle agree. */
import fc from 'fast-check';
import { test } from 'vitest';
import { openMemoryStore } from '../../src/eventstore/memory.ts';
import { shippedPriceBooks } from '../../src/ledger/system/shipped-price-books.ts';
import { runs } from '../support/proof.ts';
import { agrees } from './agreement.ts';
import { lifeArbitrary } from './lives.ts';

test('random account lives agree with the oracle, and replay', { timeout: 3_600_000 }, async () => {
  const numRuns = runs('random account lives against the oracle', 100, 10_000);
  const seed = Number(process.env['SUANPAN_SEED'] ?? 2026);
  const lives = lifeArbitrary(shippedPriceBooks());
  await fc.assert(
    fc.asyncProperty(lives, async (life) => void (await agrees(openMemoryStore(), life))),
    {
      numRuns,
      seed,
      interruptAfterTimeLimit: 3_000_000,
      ...(process.env['SUANPAN_NO_SHRINK'] ? { endOnFailure: true } : {}),
    },
  );
});
