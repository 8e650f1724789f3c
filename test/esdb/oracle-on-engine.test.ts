/** The oracle's random accounts on an engine give the same answers and state as in memory. */
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
