/** An explanation as a tree for people: a bill's sums, lines, packs, days and events; a suspension's chain. */

import type { CorrectionExplained } from '../audit/explain/corrections.ts';
import type { DayExplained, Explanation, LineExplained } from '../audit/explain/explain-bill.ts';
import type { Step } from '../audit/explain/money-steps.ts';
import type { RecordExplained } from '../audit/explain/records.ts';
import type { StandingExplained, SuspensionExplained } from '../audit/explain/suspensions.ts';
import type { TotalsExplained } from '../audit/explain/totals.ts';
import type { Calendar } from '../domain/calendar.ts';
import { styled } from './style.ts';
import { counted, table } from './table.ts';
import { type Branch, leaves, treeLines } from './text-tree.ts';
import { zoned } from './zoned.ts';

/** The lines of a bill's explanation, optionally of one day. */
export const explanationText = (explained: Explanation, day?: string): string[] =>
  treeLines({
    text: styled(
      'bold',
      `${explained.account} ${explained.month}: due ${explained.due}, total ${explained.total}`,
    ),
    under: [
      sums(explained.totals),
      ...explained.lines.map((line) => lineTree(line, day)),
      ...explained.corrections.map(correction),
      {
        text: `rests on events ${explained.events.from} to ${explained.events.to} of ${explained.stream}; issued by event ${explained.events.closed}`,
        under: leaves(
          explained.priceBooks.map(
            ({ product, edition, digest }) => `price book ${product} ${edition} ${digest}`,
          ),
        ),
      },
    ],
  });

const sums = ({ due, packs, total, unfrozen, frozen }: TotalsExplained): Branch => ({
  text: 'sums',
  under: [
    { text: `due ${due.formula}${by(due.events)}` },
    { text: `packs bought ${packs.formula}${by(packs.events)}` },
    { text: `total ${total.formula}` },
    { text: `unfrozen: ${unfrozen.formula}${by(unfrozen.events)}` },
    {
      text: `to be frozen ${frozen.formula}, ${frozen.outcome}${by(frozen.events)}`,
      under: frozen.byProduct.map(({ product, amount, basis, policy, meters }) => ({
        text: `${product}: ${basis} → ${amount} (${policy.rate} × ${policy.of}; a failure: ${policy.onFailure})`,
        under: leaves(meters.map(({ meter, cost }) => `${meter}: ${cost}`)),
      })),
    },
  ],
});

const lineTree = (line: LineExplained, day: string | undefined): Branch => {
  const { metered, free, packs, postPaid } = line.quantities;
  const days = line.days.filter((row) => day === undefined || row.day === day);
  const paid = line.held.filter(({ place }) => place !== null);
  const others = line.held.filter(({ place }) => place === null);
  return {
    text: `${styled('bold', line.meter)}: ${line.formula}`,
    under: [
      {
        text: `${counted(metered)} metered = ${counted(free)} free + ${counted(packs)} packs + ${counted(postPaid)} post-paid`,
        under: line.pools.map((pool) => ({ text: `${pool.pool ?? 'no pool'}: ${split(pool)}` })),
      },
      { text: `tier: ${line.why}`, under: leaves(line.tier.because) },
      ...paid.map((pack) => ({
        text: `paid by ${pack.pack}: ${counted(pack.paid)}, ${place(pack.place)}: ${pack.why}${by(pack.events)}`,
      })),
      ...others.map((pack) => ({
        text: `not by ${pack.pack} of ${pack.pool} (${pack.reason}): ${pack.why}${by(pack.events)}`,
      })),
      ...(line.heldMore === undefined ? [] : [{ text: `not by ${counted(line.heldMore)} more packs` }]),
      { text: 'days', under: leaves(dayRows(days)) },
      { text: `events ${numbers(line.events)}` },
    ],
  };
};

const split = ({ free, packs, postPaid }: { free: number; packs: number; postPaid: number }): string =>
  `${counted(free)} free + ${counted(packs)} packs + ${counted(postPaid)} post-paid`;

const place = (n: number | null): string => `place ${n ?? '-'} in the order of deduction`;

const dayRows = (days: readonly DayExplained[]): string[] =>
  table(
    days.map((row) => [
      row.day,
      row.interface,
      counted(row.calls),
      `= ${split(row)}`,
      `events ${numbers(row.events)}`,
    ]),
    [2],
  );

const correction = (corrected: CorrectionExplained): Branch => ({
  text: `correction of ${corrected.month} ${corrected.meter}: ${corrected.calls} calls, ${corrected.amount} (${corrected.reason})`,
  under: [
    ...leaves(corrected.why),
    ...corrected.facts.map(({ event, says }) => ({ text: `event ${event}: ${says}` })),
  ],
});

const SHOWN = 20;
const numbers = (events: readonly number[]): string =>
  `${events.slice(0, SHOWN).join(' ')}${events.length > SHOWN ? ` … (${counted(events.length)})` : ''}`;
const by = (events: readonly number[]): string =>
  events.length === 0 ? '' : ` (event ${events.slice(0, SHOWN).join(', ')})`;

/** Records as rows, each with who paid. */
export const recordRows = (records: readonly RecordExplained[], calendar: Calendar): string[] =>
  table(
    records.map((one) => [
      `${one.event}-${one.index}`,
      zoned(calendar, one.time),
      one.interface,
      `${one.source} ${one.id}`,
      one.kind === 'record' ? counted(one.calls) : `corrected by ${one.calls}`,
      paidBy(one),
    ]),
    [4],
  );

const paidBy = ({ paid: { free, packs, postPaid } }: RecordExplained): string =>
  [
    ...(free === 0 ? [] : [`free ${counted(free)}`]),
    ...packs.map(({ pack, calls }) => `${pack} ${counted(calls)}`),
    ...(postPaid === 0 ? [] : [`post-paid ${counted(postPaid)}`]),
  ].join(', ') || 'nobody: not charged';

/** The lines of why an account was suspended at an instant, or was not. */
export const standingText = (standing: StandingExplained, calendar: Calendar): string[] =>
  treeLines({
    text: styled(
      'bold',
      `${standing.account} at ${zoned(calendar, standing.at)}: ${standing.suspended ? 'suspended' : 'active'}`,
    ),
    under: [
      {
        text: `balance ${standing.balance.total}, available ${standing.balance.available}, frozen ${standing.balance.frozen}`,
      },
      ...(standing.suspended
        ? standing.suspensions.map((one) => suspension(one, calendar))
        : leaves(standing.because)),
      ...(standing.last ? [suspension(standing.last, calendar)] : []),
    ],
  });

const suspension = (
  { reason, since, until, why, led, ended }: SuspensionExplained,
  calendar: Calendar,
): Branch => ({
  text: `${reason} from ${zoned(calendar, since)} ${until === null ? 'on' : `until ${zoned(calendar, until)}`}: ${why}`,
  under: [
    ...led.map((one) => step(one, calendar)),
    ...(ended.length === 0
      ? [{ text: 'not ended' }]
      : [{ text: 'ended by', under: ended.map((one) => step(one, calendar)) }]),
  ],
});

const step = ({ event, at, says, before, after, actor, reason }: Step, calendar: Calendar): Branch => ({
  text:
    `event ${event} at ${zoned(calendar, at)}: ${says}` +
    (before.total === after.total ? '' : `: balance ${before.total} → ${after.total}`) +
    (actor === undefined ? '' : `; by ${actor}`) +
    (reason === undefined ? '' : `; because ${reason}`),
});
