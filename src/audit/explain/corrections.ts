/** Explains correction lines: the events that led to each, and what the month was billed before and costs now. */
import type { Account } from '../../domain/account.ts';
import type { Bill, CorrectionLine } from '../../domain/bill.ts';
import type { Month } from '../../domain/calendar.ts';
import type { Catalogue } from '../../domain/catalogue.ts';
import type { AccountEvent, Tally } from '../../domain/events.ts';
import { minus, ZERO } from '../../domain/money.ts';
import { severalOf, severalOfMeter } from '../../domain/unit-words.ts';
import { talliesOf } from '../../domain/usage-sums.ts';
import type { ExplainedEvent } from './account-events.ts';

export interface CorrectionEvent {
  readonly event: number;
  readonly what: 'late_usage' | 'correction' | 'contract';
  /** Change of metered calls. */
  readonly calls: number;
  readonly says: string;
}

export interface CorrectionExplained extends CorrectionLine {
  readonly billed: { readonly calls: number; readonly amount: string };
  readonly now: { readonly calls: number; readonly amount: string };
  readonly facts: readonly CorrectionEvent[];
  /** The previous and the current edition of the month, if it changed. */
  readonly editions: { readonly before: string; readonly now: string } | null;
  readonly why: readonly string[];
}

export interface CorrectionsOf {
  readonly bill: Bill;
  /** As the previous close carried it forward; null: there was none. */
  readonly before: Account | null;
  /** As this close carried it forward. */
  readonly account: Account;
  readonly catalogue: Catalogue;
  readonly events: readonly ExplainedEvent[];
}

/**
 * Explains the correction lines of a bill. A month is re-rated at the next close after a change, so the relevant events are between the two.
 */
export const explainCorrections = (of: CorrectionsOf): CorrectionExplained[] => {
  const { bill, before, account, catalogue } = of;
  const leading = eventsByLine(of);
  return bill.corrections.map((line) => {
    const after = account.months[line.month]?.closed;
    const now = after?.billed[line.meter] ?? { calls: 0, amount: ZERO };
    const billed = { calls: now.calls - line.calls, amount: minus(now.amount, line.amount ?? ZERO) };
    const was = before?.months[line.month]?.closed?.editions[line.product];
    const is = after?.editions[line.product];
    const editions = was !== undefined && is !== undefined && was !== is ? { before: was, now: is } : null;
    const led = leading.get(keyOf(line)) ?? [];
    const units = severalOfMeter(catalogue, line, line.month);
    return {
      ...line,
      billed,
      now,
      facts: led,
      editions,
      why: [
        `${line.month} now costs ${now.amount} for ${now.calls} ${units}; ${billed.amount} for ${billed.calls} was billed so far`,
        ...(led.some(({ what }) => what === 'late_usage')
          ? [
              `late usage takes what was left of its month’s free ${units}, then is post-paid: packs are not touched`,
            ]
          : []),
        ...(editions ? [`edition ${editions.now} now rules the month, ${editions.before} rated it`] : []),
        'the issued bill never changes: the difference is billed here',
      ],
    };
  });
};

/** Events that led to each line, found in one pass. */
const eventsByLine = ({ bill, catalogue, events }: CorrectionsOf): ReadonlyMap<string, CorrectionEvent[]> => {
  const led = new Map<string, CorrectionEvent[]>(bill.corrections.map((line) => [keyOf(line), []]));
  const units = new Map(
    bill.corrections.map((line) => [keyOf(line), severalOfMeter(catalogue, line, line.month)]),
  );
  const lines = Map.groupBy(bill.corrections, ({ meter }) => meter);
  for (const { event, revision } of events) {
    if (event.type === 'ContractPriceAgreed') {
      const { meter, from, until, discount } = event.data;
      const what = discount === undefined ? 'a contract price' : `a discount (times ${discount})`;
      const says = `${what} from ${from} on was agreed`;
      for (const line of lines.get(meter) ?? [])
        if (covers(from, until, line.month))
          led.get(keyOf(line))?.push({ event: revision, what: 'contract', calls: 0, says });
      continue;
    }
    for (const [key, tallies] of Map.groupBy(talliesOf(event), (tally) => keyOf(tally)))
      led.get(key)?.push(changing(event, revision, tallies, units.get(key)));
  }
  return led;
};

const keyOf = ({ month, meter }: Pick<CorrectionLine, 'month' | 'meter'>): string => `${month} ${meter}`;

const changing = (
  event: AccountEvent,
  revision: number,
  tallies: readonly Tally[],
  units = severalOf(undefined),
): CorrectionEvent => {
  const free = tallies.reduce((sum, tally) => sum + tally.free, 0);
  const postPaid = tallies.reduce((sum, tally) => sum + tally.postPaid, 0);
  const packs = tallies.flatMap(({ runs }) => runs).reduce((sum, [, calls]) => sum + calls, 0);
  const waived = tallies.reduce((sum, tally) => sum + (tally.waived ?? 0), 0);
  const calls = free + packs + postPaid + waived;
  const given = waived === 0 ? '' : ` + ${waived} waived`;
  const split = `${calls} ${units} = ${free} free + ${packs} packs + ${postPaid} post-paid${given}`;
  if (event.type === 'UsageCorrected') {
    const { source, id, from, to, reason } = event.data;
    const says = `record ${id} of ${source} corrected from ${from} to ${to} (${reason}): ${split}`;
    return { event: revision, what: 'correction', calls, says };
  }
  return { event: revision, what: 'late_usage', calls, says: `late usage: ${split}` };
};

const covers = (from: Month, until: Month | null, month: Month): boolean =>
  from <= month && (until === null || month < until);
