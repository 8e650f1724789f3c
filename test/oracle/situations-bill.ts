/** The situations that show in bills, in the money and in suspensions. */
import type { Ladder } from '../../src/domain/price-book.ts';
import { yuan } from './amounts.ts';
import { type Closed, factsOf, type World } from './facts.ts';
import { type Funds, fundsAt } from './funds.ts';
import type { OracleBill, OracleLine } from './life.ts';
import { findMeter } from './shelf.ts';
import type { Told } from './situations.ts';

interface Billed {
  readonly bill: OracleBill;
  readonly month: string;
  readonly line: OracleLine;
  readonly ladder: Ladder;
}

/** Every issued line with the list ladder of its month. */
function billedLines(world: World): Billed[] {
  return factsOf(world, 'closed').flatMap(({ bill, month, at }) =>
    bill.lines.flatMap((line) => {
      const meter = findMeter(world, line.meter, month, at)?.meters.find((m) => m.id === line.meter);
      return meter === undefined ? [] : [{ bill, month, line, ladder: meter.ladder }];
    }),
  );
}

const positive = (text: string): boolean => yuan(text) > 0n;

const byLine: { readonly [name: string]: (billed: Billed) => boolean } = {
  'line: no tier reached': ({ line }) => line.tier === null && line.bands === undefined,
  'line: post-paid below the first tier': ({ line, ladder }) =>
    line.tier === null && line.postPaid > 0 && (ladder.tiers[0]?.above ?? 0) > 0,
  'line: voucher': ({ line }) => positive(line.voucher),
  'line: rounded': ({ line }) => yuan(line.exact) !== yuan(line.amount),
  'line: rounded up at half a cent': ({ line }) => (yuan(line.exact) * 1000n) % yuan('10') === yuan('5'),
  'line: free, packs and post-paid': ({ line }) => line.free > 0 && line.packs > 0 && line.postPaid > 0,
  'line: graduated over bands': ({ line }) => (line.bands?.length ?? 0) > 1,
  'line: graduated voucher': ({ line }) => line.bands !== undefined && positive(line.voucher),
  'line: exactly at a tier bound': ({ line, ladder }) =>
    ladder.tiers.some((tier) =>
      [line.postPaid, line.postPaid + line.free, line.metered].includes(tier.upTo ?? 0),
    ),
  'line: lower bounds': ({ line, ladder }) => ladder.bounds === 'lower' && positive(line.amount),
  'line: per 1000': ({ line, ladder }) => ladder.per === 1000 && positive(line.amount),
  'line: per 10000': ({ line, ladder }) => ladder.per === 10000 && positive(line.amount),
  'line: tier by post-paid and free': ({ line, ladder }) =>
    ladder.tierBy === 'post_paid_and_free' && line.tier !== null,
  'line: tier by everything metered': ({ line, ladder }) => ladder.tierBy === 'metered' && line.packs > 0,
  'line: last tier': ({ line }) => line.tier?.upTo === null || line.bands?.at(-1)?.upTo === null,
  'line: contract price': ({ line, ladder }) =>
    line.unitPrice !== null && !ladder.tiers.some((tier) => tier.unitPrice === line.unitPrice),
  'line: interface without a pool': ({ line }) => line.meter.endsWith('/beta'),
  'line: unpriced tier without post-paid calls': ({ line }) => line.tier !== null && line.unitPrice === null,
};

const byBill: { readonly [name: string]: (closed: Closed) => boolean } = {
  'bill: empty': ({ bill }) => bill.lines.length === 0 && bill.corrections.length === 0,
  'bill: packs bought': ({ bill }) => bill.packPurchases > 0,
  'bill: credits shown': ({ bill }) => bill.credits.length > 0,
  'bill: correction up': ({ bill }) => bill.corrections.some((c) => yuan(c.amount) > 0n),
  'bill: correction down': ({ bill }) => bill.corrections.some((c) => yuan(c.amount) < 0n),
  'bill: correction of calls alone': ({ bill }) => bill.corrections.some((c) => yuan(c.amount) === 0n),
  'bill: correction of the price alone': ({ bill }) => bill.corrections.some((c) => c.calls === 0),
  'bill: negative due': ({ due }) => due < 0n,
  'bill: unfrozen': ({ unfrozen }) => unfrozen > 0n,
  'bill: two products to freeze': ({ bill }) => bill.frozen.byProduct.length > 1,
};

/** What the money looked like after each fact and at the last instant. */
function history(world: World): { readonly before: Funds; readonly after: Funds; readonly kind: string }[] {
  return world.facts.map((fact, i) => ({
    kind: fact.kind,
    before: fundsAt({ ...world, facts: world.facts.slice(0, i) }, fact.at),
    after: fundsAt({ ...world, facts: world.facts.slice(0, i + 1) }, fact.at),
  }));
}

function moneySituations(world: World): [string, number][] {
  const steps = history(world).filter((step) => !['recorded', 'corrected', 'agreed'].includes(step.kind));
  const end = fundsAt(world, world.facts.at(-1)?.at ?? 0);
  const count = (test: (step: (typeof steps)[number]) => boolean): number => steps.filter(test).length;
  const suspended = (reason: string): number => end.suspensions.filter((s) => s.reason === reason).length;
  const closes = factsOf(world, 'closed').map((fact) => fact.at);
  const late = end.suspensions.filter((s) => s.reason === 'arrears' && !closes.includes(s.since));
  return [
    ['money: freeze made at the close', count((s) => s.kind === 'closed' && s.after.frozen > 0n)],
    ['money: freeze failed', count((s) => s.kind === 'closed' && s.after.pending !== null)],
    [
      'money: freeze failed without suspension',
      count((s) => s.after.pending !== null && s.after.suspensions.length === 0),
    ],
    [
      'money: failed freeze made at a deposit',
      count((s) => s.kind === 'deposited' && s.after.frozen > s.before.frozen),
    ],
    [
      'money: failed freeze made at a credit',
      count((s) => s.kind === 'credited' && s.after.frozen > s.before.frozen),
    ],
    [
      'money: deposit too small for the freeze',
      count((s) => s.kind === 'deposited' && s.after.pending !== null),
    ],
    ['money: failed freeze dropped', count((s) => s.kind === 'closed' && s.before.pending !== null)],
    [
      'money: arrears paid within the grace',
      count((s) => s.before.arrearsDue !== null && s.after.total >= 0n),
    ],
    ['money: arrears paid short', count((s) => s.kind === 'deposited' && s.after.total < 0n)],
    [
      'money: arrears ended by a close',
      count((s) => s.kind === 'closed' && s.before.total < 0n && s.after.total >= 0n),
    ],
    ['suspended: arrears', suspended('arrears')],
    ['suspended: arrears after grace', late.length],
    ['suspended: freeze failed', suspended('freeze_failed')],
    ['suspended: prohibited', suspended('prohibited')],
    [
      'suspended: two reasons at once',
      count((s) => s.after.suspensions.filter((x) => x.lifted === null).length > 1),
    ],
    ['suspended: resumed', end.suspensions.filter((s) => s.lifted !== null).length],
  ];
}

export function billSituations({ world }: Told): [string, number][] {
  const lines = billedLines(world);
  const closed = factsOf(world, 'closed');
  return [
    ...Object.entries(byLine).map(([name, test]): [string, number] => [name, lines.filter(test).length]),
    ...Object.entries(byBill).map(([name, test]): [string, number] => [name, closed.filter(test).length]),
    ...moneySituations(world),
  ];
}
