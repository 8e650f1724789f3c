/** Batches of usage for a life in the making: identities, times and counts near every edge. */
import { DAY, firstInstant, MINUTE, monthAt, monthPlus, printed } from './days.ts';
import { factsOf, type Reported } from './facts.ts';
import type { UsageReport } from './life.ts';
import { callsOf } from './months.ts';
import { freeLeft, packNow } from './paying.ts';
import { findInterface } from './shelf.ts';
import { booksNow, type Chooser, type Draft, edges, say } from './tape.ts';

function anyTime(draft: Draft, c: Chooser): number {
  const { now } = draft;
  const closed = factsOf(draft.world, 'closed').map((fact) => fact.month);
  const late = c.any(closed);
  const month = monthAt(now);
  switch (c.pick(['now', 'earlier', 'edge', 'edge', 'late', 'month', 'ahead'] as const)) {
    case 'now':
      return now;
    case 'earlier':
      return Math.max(firstInstant(month), now - c.pick([1, MINUTE, DAY, 3 * DAY]));
    case 'edge':
      return c.any(edges(draft)) ?? now;
    case 'late':
      return late === undefined ? now : firstInstant(late) + c.pick([DAY, 9 * DAY, 27 * DAY, 1]);
    case 'month':
      return firstInstant(month) - c.pick([0, 1, DAY]);
    case 'ahead':
      return now + c.pick([1, 5 * MINUTE, 5 * MINUTE, 5 * MINUTE + 1, DAY]);
  }
}

/** Mostly after the first activation: what lies before is refused, which need not be seen that often. */
function timeOf(draft: Draft, c: Chooser): number {
  const time = anyTime(draft, c);
  const first = factsOf(draft.world, 'activated')[0]?.at ?? draft.now;
  return time >= first || c.chance(8) ? time : Math.max(first, draft.now - c.pick([0, MINUTE, DAY]));
}

/** Counts around the allowance, the packs and the tier bounds, also measured from where the month already is. */
function countOf(draft: Draft, c: Chooser, id: string, time: number): number {
  const { world, now } = draft;
  const month = monthAt(time);
  const found = findInterface(world, id, month, now);
  if (found === undefined || c.chance(4)) return c.pick([1, 2, 3, 6, 12]);
  const { book, entry } = found;
  const near: number[] = [book.allowance.calls];
  const reported: Reported = {
    source: '',
    id: '',
    interface: id,
    time,
    calls: 1,
    submitted: null,
    recognised: null,
  };
  const free = freeLeft(world, reported, now);
  const packs = factsOf(world, 'bought').filter((pack) => pack.covers.includes(id));
  const prepaid = packs.map((pack) => packNow(world, pack, now).remaining).reduce((a, b) => a + b, free);
  // All that is free, and all that is free or paid for already.
  near.push(free, prepaid, prepaid);
  for (const pack of book.pools.find((p) => p.id === entry.pool)?.packs ?? []) near.push(pack.size);
  const meter = book.meters.find((m) => m.id === entry.meter);
  if (meter !== undefined) {
    const calls = callsOf(world, meter.id, month, now);
    for (const { upTo } of meter.ladder.tiers) {
      if (upTo === null) continue;
      near.push(upTo, upTo - calls.postPaid, upTo - calls.postPaid - calls.free, upTo - calls.metered);
    }
    if (c.chance(6)) near.push((meter.ladder.tiers.at(-1)?.above ?? 0) + 50);
  }
  return Math.max(1, (c.any(near) ?? 1) + c.pick([-1, 0, 0, 1]));
}

function fresh(draft: Draft, c: Chooser): UsageReport {
  const books = booksNow(draft);
  const active = new Set(factsOf(draft.world, 'activated').map((fact) => fact.product));
  const likely = books.filter((book) => active.has(book.product));
  const book = c.any(likely.length === 0 || c.chance(12) ? books : likely);
  // A few interfaces of each product take most calls, so that months fill up.
  const choice = c.chance(3) ? book?.interfaces : book?.interfaces.slice(0, 2);
  const id = c.chance(25) ? `${book?.product}/nothing` : (c.any(choice ?? [])?.id ?? 'nothing/at-all');
  const time = timeOf(draft, c);
  const count = countOf(draft, c, id, time);
  const identity = {
    source: c.pick(['/gw/1', '/gw/1', '/gw/2']),
    id: `r${draft.sent.length + 1}`,
    interface: id,
  };
  const timed = { ...identity, time: printed(time) };
  const counts = findInterface(draft.world, id, monthAt(time), draft.now)?.entry.counts;
  if (counts === 'recognised') {
    const odd = c.chance(9);
    const recognised = odd ? c.pick([-1, count + 2, 0.5]) : c.pick([count, count, 0]);
    return { ...timed, submitted: count + 1, recognised };
  }
  return { ...timed, calls: c.chance(14) ? c.pick([0, -1, 1.5]) : count };
}

/** The same instant in other words: UTC, or with digits that are cut off. */
const inUtc = (time: string): string => new Date(Date.parse(time)).toISOString();
const finer = (time: string): string => time.replace(/(\.\d{3})(?=[Z+])/, '$1987');

function again(draft: Draft, c: Chooser, report: UsageReport): UsageReport {
  switch (c.pick(['same', 'utc', 'finer', 'other-source', 'count', 'time', 'interface'] as const)) {
    case 'same':
      return report;
    case 'utc':
      return { ...report, time: inUtc(report.time) };
    case 'finer':
      return { ...report, time: finer(report.time) };
    case 'other-source':
      return { ...report, source: '/gw/3' };
    case 'count':
      return 'calls' in report
        ? { ...report, calls: report.calls + 1 }
        : { ...report, submitted: report.submitted + 1 };
    case 'time':
      return { ...report, time: printed(Date.parse(report.time) - 1) };
    case 'interface':
      return {
        ...report,
        interface: c.any(booksNow(draft).flatMap((b) => b.interfaces))?.id ?? report.interface,
      };
  }
}

export function drawUsage(draft: Draft, c: Chooser): void {
  const batch: UsageReport[] = [];
  const size = c.pick([1, 2, 3, 5, 9]);
  for (let i = 0; i < size; i++) {
    const old = c.chance(6) ? c.any(draft.sent) : undefined;
    const resent = old === undefined && c.chance(15) ? c.any(draft.refused) : undefined;
    const report = resent ?? (old === undefined ? fresh(draft, c) : again(draft, c, old));
    batch.push(report);
    draft.sent.push(report);
    if (c.chance(20)) batch.push(report); // a retry within its own batch
  }
  const answer = say(draft, { usage: batch });
  if (!Array.isArray(answer)) return;
  const harmless = ['accepted', 'duplicate', 'conflict'];
  for (const [i, report] of batch.entries()) if (!harmless.includes(answer[i])) draft.refused.push(report);
}

/** Any month that the account has been through, for contract prices and closes. */
export function monthsSoFar(draft: Draft): string[] {
  const opened = factsOf(draft.world, 'opened')[0]?.at ?? draft.now;
  const out: string[] = [];
  for (let m = monthAt(opened); m <= monthAt(draft.now); m = monthPlus(m, 1)) out.push(m);
  return out;
}
