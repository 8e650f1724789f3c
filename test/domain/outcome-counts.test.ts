/** Outcomes of reported usage are counted, each once; one that is missing is a fault. */
import { expect, test } from 'vitest';
import { countOutcome, noOutcomes, OUTCOMES, outcomeAt } from '../../src/domain/outcome-counts.ts';
import { NO_ACCOUNT } from '../../src/domain/refused-record.ts';
import type { RecordOutcome } from '../../src/domain/usage.ts';

const HELD = { source: '/g', id: '1', interface: 'toy/m', time: 0, calls: 1, submitted: null };
const EACH: readonly RecordOutcome[] = [
  { outcome: 'accepted' },
  { outcome: 'duplicate' },
  { outcome: 'conflict', held: HELD },
  NO_ACCOUNT,
];

test('each outcome has a count of its own', () => {
  for (const [i, outcome] of EACH.entries()) {
    const counts = noOutcomes();
    countOutcome(counts, outcome);
    expect(counts).toEqual({ ...noOutcomes(), [OUTCOMES[i] ?? '']: 1 });
  }
});

test('a record without an outcome is not taken for one that was accepted', () => {
  expect(outcomeAt(EACH, 1)).toEqual({ outcome: 'duplicate' });
  expect(() => outcomeAt(EACH, EACH.length)).toThrow('record 4 of 4 outcomes has none');
});
