/** Random lives through the ledger and through the naive oracle: no difference in any answer, bill, balance or pack. */
import { expect, test } from 'vitest';
import { openMemoryStore } from '../../src/eventstore/memory.ts';
import { runs } from '../support/proof.ts';
import { lives } from './life.ts';

test('random account lives agree with the oracle, and replay', { timeout: 3_600_000 }, async () => {
  const count = runs('random account lives against the oracle', 300, 10_000);
  const met = await lives(count, openMemoryStore);
  for (const situation of [
    'usage accepted',
    'usage duplicate',
    'usage conflict',
    'usage suspended',
    'usage in_the_future',
    'close-month price_not_agreed',
    'close-month month_out_of_order',
    'buy-packs insufficient_funds',
    'credit pack_not_usable',
    'deposit reference_used',
    'correct-usage record_unknown',
    'a negative correction',
    'a price filled in later',
  ]) {
    expect(met.get(situation) ?? 0, situation).toBeGreaterThan(0);
  }
});
