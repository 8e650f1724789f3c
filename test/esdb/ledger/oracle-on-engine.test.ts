/** Random accounts on an engine come to what the oracle says, as in memory. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { shippedPriceBooks } from '../../../src/ledger/system/shipped-price-books.ts';
import { agrees } from '../../oracle/agreement.ts';
import { sampleLives } from '../../oracle/lives.ts';
import { runs } from '../../support/proof.ts';
import { type Engine, engineStore, onEveryEngine } from '../engines.ts';

onEveryEngine('random account lives against the oracle', (open) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open();
  });
  afterAll(() => engine.close());

  test('agree, and replay', { timeout: 3_600_000 }, async () => {
    const count = runs('random account lives against the oracle', 6, 1_000);
    const answered = new Set<string>();
    let bills = 0;
    for (const life of sampleLives(2026, count, shippedPriceBooks())) {
      const outcome = await agrees(engineStore(engine.address()), life);
      bills += Object.keys(outcome.bills).length;
      for (const answer of outcome.answers.flat())
        answered.add(typeof answer === 'string' ? answer : answer.ok ? 'ok' : answer.code);
    }
    expect([...answered]).toEqual(expect.arrayContaining(['accepted', 'duplicate', 'ok']));
    expect(bills).toBeGreaterThan(count);
  });
});
