/** The oracle's random lives on an engine: an account comes to the same there as in memory, answer by answer. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lives } from '../oracle/life.ts';
import { runs } from '../support/proof.ts';
import { type Engine, engineStore, onEveryEngine } from './engines.ts';

onEveryEngine('random account lives against the oracle', (open) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open();
  });
  afterAll(() => engine.close());

  test('agree, and replay', { timeout: 3_600_000 }, async () => {
    const count = runs('random account lives against the oracle', 15, 1_000);
    const met = await lives(count, () => engineStore(engine.address()));
    for (const situation of ['usage accepted', 'usage duplicate', 'a bill', 'buy-packs ok', 'deposit ok'])
      expect(met.get(situation) ?? 0, situation).toBeGreaterThan(0);
  });
});
