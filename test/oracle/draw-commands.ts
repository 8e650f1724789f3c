/** Commands for a life in the making: amounts, packs, prices and months near every edge. */
import type { Ladder } from '../../src/domain/price-book.ts';
import { money, yuan } from './amounts.ts';
import { tiers } from './books.ts';
import { DAY, firstInstant, MINUTE, monthAt, monthPlus } from './days.ts';
import { monthsSoFar } from './draw-usage.ts';
import { factsOf } from './facts.ts';
import { fundsAt } from './funds.ts';
import { metersUsed, priceMeter } from './months.ts';
import { countNow, isVoid, packNow } from './paying.ts';
import { booksNow, type Chooser, type Draft, nextToClose, say } from './tape.ts';

const CENT = yuan('0.01');

/** Enough, a cent too little, or just something: for arrears, for a pending freeze, for the dearest pack. */
function amountOf(draft: Draft, c: Chooser): string {
  const funds = fundsAt(draft.world, draft.now);
  const available = funds.total - funds.frozen;
  const wanted = [yuan('1'), yuan('6.05'), yuan(c.pick(['40', '300', '90000']))];
  if (funds.total < 0n) wanted.push(-funds.total, -funds.total - CENT, -funds.total);
  if (funds.pending !== null)
    wanted.push(funds.pending.amount - available, funds.pending.amount - available - CENT);
  return money(c.any(wanted.filter((amount) => amount > 0n)) ?? CENT);
}

export function drawDeposit(draft: Draft, c: Chooser): void {
  const before = c.any(draft.lines.filter((line) => 'command' in line && line.command === 'deposit'));
  if (before !== undefined && 'command' in before && before.command === 'deposit' && c.chance(5)) {
    const amount = c.chance(2) ? before.amount : money(yuan(before.amount) + CENT);
    say(draft, { command: 'deposit', amount, reference: before.reference });
    return;
  }
  say(draft, { command: 'deposit', amount: amountOf(draft, c), reference: `d${draft.lines.length}` });
}

export function drawCredit(draft: Draft, c: Chooser): void {
  const before = c.any(draft.lines.filter((line) => 'command' in line && line.command === 'credit'));
  if (before !== undefined && 'command' in before && before.command === 'credit' && c.chance(5)) {
    const { at: _, ...same } = before;
    say(draft, c.chance(2) ? same : { ...same, amount: money(yuan(before.amount) + CENT) });
    return;
  }
  const base = {
    command: 'credit' as const,
    amount: amountOf(draft, c),
    reason: `goodwill ${draft.lines.length}`,
  };
  // Deposits and credits keep their references apart: the same one may serve both.
  const reference = c.chance(4) ? 'd3' : `c${draft.lines.length}`;
  const bought = factsOf(draft.world, 'bought');
  const begun = bought.filter((each) => {
    const { state, remaining } = packNow(draft.world, each, draft.now);
    return state === 'usable' && remaining < each.size;
  });
  const pack = c.chance(2) ? c.any(begun.length > 0 && c.chance(2) ? begun : bought) : undefined;
  if (pack === undefined) say(draft, { ...base, reference });
  else say(draft, { ...base, reference: `c${draft.lines.length}`, packOrdinal: pack.ordinal });
}

export function drawPurchase(draft: Draft, c: Chooser): void {
  const active = new Set(factsOf(draft.world, 'activated').map((fact) => fact.product));
  const books = booksNow(draft);
  const likely = books.filter((book) => active.has(book.product));
  const pools = (c.chance(10) || likely.length === 0 ? books : likely).flatMap((book) => book.pools);
  const pool = c.any(c.chance(3) ? pools : pools.slice(0, 2));
  if (pool === undefined || c.chance(25)) {
    say(draft, { command: 'buy-packs', pool: 'nothing/pool', size: 7, quantity: 1 });
    return;
  }
  const size = c.chance(12) ? 8 : (c.any(pool.packs)?.size ?? 7);
  say(draft, { command: 'buy-packs', pool: pool.id, size, quantity: c.pick([1, 1, 2, 3]) });
}

export function drawCorrection(draft: Draft, c: Chooser): void {
  const records = factsOf(draft.world, 'recorded');
  const byPacks = records.filter((fact) => fact.split.packs.length > 0);
  const voided = byPacks.filter((fact) => fact.split.packs.some((use) => isVoid(draft.world, use.ordinal)));
  const record =
    voided.length > 0 && c.chance(3)
      ? c.any(voided)
      : c.any(byPacks.length > 0 && c.chance(2) ? byPacks : records);
  const reason = 'counted again';
  if (record === undefined || c.chance(20)) {
    say(draft, { command: 'correct-usage', source: '/gw/1', record: 'never-sent', calls: 1, reason });
    return;
  }
  const { source, id, submitted } = record.reported;
  const count = countNow(draft.world, record);
  const to = c.pick([
    0,
    count - 1,
    count + 1,
    count,
    count + 7,
    count - 6,
    Math.floor(count / 2),
    2 * count + 3,
  ]);
  // Of images no more can be recognised than were submitted.
  const most = submitted === null ? Number.MAX_SAFE_INTEGER : submitted + (c.chance(8) ? 1 : 0);
  const calls = Math.min(Math.max(0, voided.includes(record) ? 0 : to), most);
  say(draft, { command: 'correct-usage', source, record: id, calls, reason });
}

function contractLadder(c: Chooser): Ladder {
  const per = c.pick([1, 1000, 10000] as const);
  const shape = {
    per,
    bounds: c.pick(['upper', 'lower'] as const),
    tiers: tiers(per, [0, c.pick([4, 10]), 50], true),
  };
  const tierBy = c.pick(['post_paid', 'post_paid_and_free', 'metered'] as const);
  return { mode: c.pick(['volume', 'volume', 'graduated'] as const), tierBy, ...shape };
}

export function drawAgreement(draft: Draft, c: Chooser): void {
  const meters = booksNow(draft).flatMap((book) => book.meters.map((meter) => meter.id));
  const from = monthPlus(c.any(monthsSoFar(draft)) ?? monthAt(draft.now), c.pick([0, 0, 1, -1]));
  const meter = c.chance(15)
    ? 'nothing/meter'
    : (c.any(c.chance(2) ? meters : meters.slice(0, 1)) ?? 'nothing/meter');
  const until = c.pick([null, null, 1, 2] as const);
  const base = { command: 'agree-price' as const, meter, from, ladder: contractLadder(c) };
  say(draft, until === null ? base : { ...base, until: monthPlus(from, until) });
}

/** Closes the next month; where a price is missing, mostly agrees one for it and closes again. */
export function closeNext(draft: Draft, c: Chooser): void {
  const month = nextToClose(draft);
  const answer = say(draft, { command: 'close-month', month });
  if ('code' in answer && answer.code === 'price_not_agreed' && !c.chance(3)) {
    for (const m of monthsSoFar(draft).filter((each) => each <= month)) {
      for (const meter of metersUsed(draft.world, m, draft.now)) {
        const priced = priceMeter(draft.world, meter, m, draft.now);
        if (priced === null || !('quantity' in priced)) continue;
        say(draft, {
          command: 'agree-price',
          meter,
          from: m,
          until: monthPlus(m, 1),
          ladder: contractLadder(c),
        });
      }
    }
    say(draft, { command: 'close-month', month });
  }
}

export function drawClose(draft: Draft, c: Chooser): void {
  const next = nextToClose(draft);
  const month = c.pick([
    next,
    monthPlus(next, -1),
    monthPlus(next, 1),
    monthAt(draft.now),
    monthPlus(next, -2),
  ]);
  if (month === next) closeNext(draft, c);
  else say(draft, { command: 'close-month', month });
}

/** To an edge: the month's end, a pack's expiry, the end of grace; or just on. */
export function drawWait(draft: Draft, c: Chooser): void {
  const { world, now } = draft;
  const due = fundsAt(world, now).arrearsDue;
  const expiries = factsOf(world, 'bought').filter(
    (p) => packNow(world, p, now).state === 'usable' && p.expires > now,
  );
  const boundary = firstInstant(monthPlus(monthAt(now), 1));
  const ahead = [now + c.pick([1, 7 * MINUTE]), now + c.pick([1, 5, 9]) * DAY, boundary, boundary - 1];
  if (due !== null) ahead.push(due, due - 1, due);
  const expiry = c.any(expiries)?.expires;
  if (expiry !== undefined && c.chance(2))
    ahead.push(expiry, expiry - 1, expiry, expiry + 1, expiry, expiry - 1);
  draft.now = Math.max(now, c.any(ahead) ?? now);
}

/** The month turns and, mostly, what is over is closed. */
export function drawTurn(draft: Draft, c: Chooser): void {
  draft.now = firstInstant(monthPlus(monthAt(draft.now), 1)) + c.pick([0, 240 * MINUTE, DAY, 2 * DAY]);
  for (let i = 0; i < 4 && nextToClose(draft) < monthAt(draft.now); i++) {
    if (c.chance(8)) return;
    closeNext(draft, c);
  }
}
