/** What becomes of one line of a life: refused, or a fact at the end of the list. */

import { countedIn } from '../support/counted-interface.ts';
import { yuan } from './amounts.ts';
import { closing } from './closing.ts';
import { instant, MINUTE, monthAt, yearLater } from './days.ts';
import { activatedAt, closeOf, type Fact, factsOf, openedAt, type Reported, type World } from './facts.ts';
import { fundsAt, openReasons, suspendedAt } from './funds.ts';
import type { Command, LifeLine, LineAnswer, UsageReport } from './life.ts';
import { countNow, giveBack, isVoid, packNow, payFor, recordOf } from './paying.ts';
import { findInterface, findPool, meterEverPublished } from './shelf.ts';

type Of<N extends Command['command']> = Extract<Command, { command: N }>;

function reportOf(report: UsageReport): Reported {
  const { source, id } = report;
  const images = 'submitted' in report ? report : null;
  return {
    source,
    id,
    interface: report.interface,
    time: instant(report.time),
    calls: 'calls' in report ? report.calls : null,
    submitted: images?.submitted ?? null,
    recognised: images?.recognised ?? null,
  };
}

const whole = (n: number | null): n is number => n !== null && Number.isSafeInteger(n);

/** What the record counts, or null where it is invalid for its interface. */
function counted(report: Reported, counts: 'calls' | 'recognised'): number | null {
  const { calls, submitted, recognised } = report;
  if (counts === 'calls') return whole(calls) && calls > 0 ? calls : null;
  if (!whole(submitted) || !whole(recognised)) return null;
  return 0 <= recognised && recognised <= submitted ? recognised : null;
}

/** The checks of a record in their order of precedence; what is accepted is recorded with who pays (sections 3, 10). */
function tellRecord(world: World, raw: UsageReport, now: number): string {
  if (openedAt(world) === null) return 'account_unknown';
  const report = reportOf(raw);
  const before = recordOf(world, report.source, report.id);
  if (before !== undefined) {
    return JSON.stringify(before.reported) === JSON.stringify(report) ? 'duplicate' : 'conflict';
  }
  const month = monthAt(report.time);
  const found = findInterface(world, report.interface, month, now);
  if (found === undefined) return 'interface_unknown';
  const activated = activatedAt(world, found.book.product);
  if (activated === null || report.time < activated) return 'not_activated';
  const count = counted(report, found.entry.counts);
  if (count === null) return 'invalid_record';
  if (report.time > now + 5 * MINUTE) return 'in_the_future';
  if (suspendedAt(fundsAt(world, now), report.time)) return 'suspended';
  const split = payFor(world, report, count, now);
  const late = closeOf(world, month) !== undefined;
  world.facts.push({ kind: 'recorded', at: now, reported: report, count, late, split });
  return 'accepted';
}

/** A fact, a refusal's code, or null where nothing happens twice. */
type Decision = Fact | readonly Fact[] | string | null;

function paidIn(
  world: World,
  kind: 'deposited' | 'credited',
  reference: string,
  amount: bigint,
): 'new' | 'same' | 'other' {
  const before = factsOf(world, kind).find((fact) => fact.reference === reference);
  return before === undefined ? 'new' : before.amount === amount ? 'same' : 'other';
}

function buy(world: World, c: Of<'buy-packs'>, now: number): Decision {
  const book = findPool(world, c.pool, monthAt(now), now);
  if (book === undefined) return 'pool_unknown';
  const offer = book.pools.find((pool) => pool.id === c.pool)?.packs.find((pack) => pack.size === c.size);
  if (offer === undefined) return 'pack_not_sold';
  if (activatedAt(world, book.product) === null) return 'not_activated';
  const price = yuan(offer.price);
  const funds = fundsAt(world, now);
  if (funds.total - funds.frozen < price * BigInt(c.quantity)) return 'insufficient_funds';
  const covers = countedIn(book)
    .filter((i) => i.pool === c.pool)
    .map((i) => i.id);
  const first = factsOf(world, 'bought').length + 1;
  const expires = yearLater(now);
  return Array.from({ length: c.quantity }, (_, i): Fact => {
    return {
      kind: 'bought',
      at: now,
      ordinal: first + i,
      pool: c.pool,
      size: c.size,
      price,
      expires,
      covers,
    };
  });
}

function correct(world: World, c: Of<'correct-usage'>, now: number): Decision {
  const record = recordOf(world, c.source, c.record);
  if (record === undefined) return 'record_unknown';
  const { submitted } = record.reported;
  if (submitted !== null && c.calls > submitted) return 'invalid_request';
  const change = c.calls - countNow(world, record);
  if (change === 0) return null;
  const split =
    change > 0 ? payFor(world, record.reported, change, now) : giveBack(world, record.reported, -change, now);
  return { kind: 'corrected', at: now, source: c.source, id: c.record, count: c.calls, split };
}

function credit(world: World, c: Of<'credit'>, now: number): Decision {
  const amount = yuan(c.amount);
  const known = paidIn(world, 'credited', c.reference, amount);
  if (known !== 'new') return known === 'same' ? null : 'reference_used';
  const voids = c.packOrdinal ?? null;
  if (voids !== null) {
    const pack = factsOf(world, 'bought').find((fact) => fact.ordinal === voids);
    if (pack === undefined) return 'pack_unknown';
    if (isVoid(world, voids) || packNow(world, pack, now).state !== 'usable') return 'pack_not_usable';
  }
  return { kind: 'credited', at: now, amount, reference: c.reference, reason: c.reason, voids };
}

function decide(world: World, c: Command, now: number): Decision {
  if (c.command === 'open-account') return openedAt(world) === null ? { kind: 'opened', at: now } : null;
  if (openedAt(world) === null) return 'account_unknown';
  switch (c.command) {
    case 'activate-service':
      if (!world.books.some((b) => b.at <= now && b.book.product === c.product)) return 'service_unknown';
      return activatedAt(world, c.product) === null
        ? { kind: 'activated', at: now, product: c.product }
        : null;
    case 'deposit': {
      const amount = yuan(c.amount);
      const known = paidIn(world, 'deposited', c.reference, amount);
      if (known !== 'new') return known === 'same' ? null : 'reference_used';
      return { kind: 'deposited', at: now, amount, reference: c.reference };
    }
    case 'buy-packs':
      return buy(world, c, now);
    case 'agree-price':
      if (!meterEverPublished(world, c.meter, now)) return 'meter_unknown';
      return {
        kind: 'agreed',
        at: now,
        meter: c.meter,
        from: c.from,
        until: c.until ?? null,
        ladder: c.ladder,
      };
    case 'correct-usage':
      return correct(world, c, now);
    case 'close-month':
      return closing(world, c.month, now);
    case 'suspend':
      return openReasons(fundsAt(world, now)).includes('prohibited') ? null : { kind: 'prohibited', at: now };
    case 'lift-suspension':
      return openReasons(fundsAt(world, now)).includes('prohibited') ? { kind: 'allowed', at: now } : null;
    case 'credit':
      return credit(world, c, now);
  }
}

export function tell(world: World, line: LifeLine): LineAnswer {
  const now = instant(line.at);
  if ('usage' in line) return line.usage.map((report) => tellRecord(world, report, now));
  const decision = decide(world, line, now);
  if (typeof decision === 'string') return { ok: false, code: decision };
  if (decision !== null) world.facts.push(...[decision].flat());
  return { ok: true };
}
