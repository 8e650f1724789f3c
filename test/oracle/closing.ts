/** One close: the bill, the re-rating of earlier months and what is to be frozen (sections 7, 8, 10). */
import { money, shareInCents, yuan } from './amounts.ts';
import { firstInstant, monthAt, monthPlus } from './days.ts';
import { type Closed, closeOf, factsOf, openedAt, type World } from './facts.ts';
import { fundsAt } from './funds.ts';
import type { OracleBill, OracleCorrection } from './life.ts';
import { metersUsed, type Priced, priceMeter } from './months.ts';
import { edition, products } from './shelf.ts';

const total = (amounts: readonly bigint[]): bigint => amounts.reduce((a, b) => a + b, 0n);

/** What a closed month's meter has been billed for so far: its bill and earlier corrections. */
function billedSoFar(world: World, month: string, meter: string): { calls: number; amount: bigint } {
  let calls = 0;
  let amount = 0n;
  for (const fact of factsOf(world, 'closed')) {
    const lines = fact.month === month ? fact.bill.lines.filter((line) => line.meter === meter) : [];
    for (const line of lines) {
      calls += line.metered;
      amount += yuan(line.amount);
    }
    for (const line of fact.bill.corrections.filter((c) => c.month === month && c.meter === meter)) {
      calls += line.calls;
      amount += yuan(line.amount);
    }
  }
  return { calls, amount };
}

function metersBilled(world: World, month: string): string[] {
  return factsOf(world, 'closed').flatMap((fact) => [
    ...(fact.month === month ? fact.bill.lines.map((line) => line.meter) : []),
    ...fact.bill.corrections.filter((c) => c.month === month).map((c) => c.meter),
  ]);
}

/** One correction line per closed month and meter whose calls or amount are not what was billed. */
function corrections(world: World, now: number): OracleCorrection[] | 'unpriced' {
  const out: OracleCorrection[] = [];
  const months = factsOf(world, 'closed').map((fact) => fact.month);
  for (const month of months.sort()) {
    for (const meter of [
      ...new Set([...metersUsed(world, month, now), ...metersBilled(world, month)]),
    ].sort()) {
      const priced = priceMeter(world, meter, month, now);
      if (priced !== null && 'quantity' in priced) return 'unpriced';
      const billed = billedSoFar(world, month, meter);
      const calls = (priced?.line.metered ?? 0) - billed.calls;
      const amount = (priced?.amount ?? 0n) - billed.amount;
      if (calls !== 0 || amount !== 0n) out.push({ month, meter, calls, amount: money(amount) });
    }
  }
  return out;
}

/** Per product what its edition of the month freezes, rounded once; what is zero is left out. */
function freezes(world: World, month: string, priced: readonly Priced[], now: number) {
  const out: { product: string; amount: bigint; suspends: boolean }[] = [];
  for (const product of products(world, now).sort()) {
    const policy = edition(world, product, month, now)?.freeze ?? null;
    if (policy === null) continue;
    const own = priced.filter((p) => p.product === product);
    const basis = total(own.map((p) => (policy.of === 'list' ? p.listCost : p.amount)));
    const amount = shareInCents(basis, policy.rate);
    if (amount > 0n) out.push({ product, amount, suspends: policy.onFailure === 'suspend' });
  }
  return out;
}

/** The longest grace of the activated products, by the editions of the month closed. */
function grace(world: World, month: string, now: number): number {
  const days = factsOf(world, 'activated').map(
    (a) => edition(world, a.product, month, now)?.arrears.graceDays ?? 0,
  );
  return Math.max(0, ...days);
}

/** Credits are shown on the next bill that is issued. */
function creditsSinceLastBill(world: World): OracleBill['credits'] {
  const last = world.facts.findLastIndex((fact) => fact.kind === 'closed');
  return world.facts
    .slice(last + 1)
    .filter((fact) => fact.kind === 'credited')
    .map((fact) => ({ amount: money(fact.amount), reason: fact.reason }));
}

/** The fact of closing, or the code of its refusal, or null where the month is closed already. */
export function closing(world: World, month: string, now: number): Closed | string | null {
  const opened = openedAt(world);
  if (opened === null) return 'account_unknown';
  if (closeOf(world, month) !== undefined) return null;
  if (now < firstInstant(monthPlus(month, 1))) return 'month_not_over';
  if (month !== monthPlus(monthAt(opened), factsOf(world, 'closed').length)) return 'month_out_of_order';
  const corrected = corrections(world, now);
  if (corrected === 'unpriced') return 'price_not_agreed';
  const priced: Priced[] = [];
  for (const meter of metersUsed(world, month, now)) {
    const one = priceMeter(world, meter, month, now);
    if (one !== null && 'quantity' in one) return 'price_not_agreed';
    if (one !== null) priced.push(one);
  }
  const bought = factsOf(world, 'bought').filter((pack) => monthAt(pack.at) === month);
  const packsTotal = total(bought.map((pack) => pack.price));
  const due = total([...priced.map((p) => p.amount), ...corrected.map((c) => yuan(c.amount))]);
  const unfrozen = fundsAt(world, now).frozen;
  const byProduct = freezes(world, month, priced, now);
  const toFreeze = total(byProduct.map((f) => f.amount));
  const bill: OracleBill = {
    lines: priced.map((p) => p.line),
    packPurchases: bought.length,
    packsTotal: money(packsTotal),
    corrections: corrected,
    credits: creditsSinceLastBill(world),
    due: money(due),
    total: money(due + packsTotal),
    unfrozen: money(unfrozen),
    frozen: {
      total: money(toFreeze),
      byProduct: byProduct.map((f) => ({ product: f.product, amount: money(f.amount) })),
    },
  };
  const freezeSuspends = byProduct.some((f) => f.suspends);
  return {
    kind: 'closed',
    at: now,
    month,
    bill,
    due,
    unfrozen,
    toFreeze,
    freezeSuspends,
    graceDays: grace(world, month, now),
  };
}
