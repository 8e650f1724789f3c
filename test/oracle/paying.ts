/** Who pays for a call (sections 3 to 5, 10): what is left is counted again from all facts each time. */
import { monthAt } from './days.ts';
import {
  activatedAt,
  type Bought,
  type Corrected,
  closeOf,
  factsOf,
  type Recorded,
  type Split,
  type World,
} from './facts.ts';
import type { OraclePack } from './life.ts';
import { findInterface } from './shelf.ts';

export const NOBODY: Split = { free: 0, packs: [], postPaid: 0 };
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

export function recordOf(world: World, source: string, id: string): Recorded | undefined {
  return factsOf(world, 'recorded').find(
    (fact) => fact.reported.source === source && fact.reported.id === id,
  );
}

/** The count that holds: the last correction's, else the reported one. */
export function countNow(world: World, record: Recorded): number {
  let count = record.count;
  for (const fact of factsOf(world, 'corrected')) {
    if (fact.source === record.reported.source && fact.id === record.reported.id) count = fact.count;
  }
  return count;
}

/** Records and corrections in the order of recording, each with the record it is about. */
export function movements(
  world: World,
): { readonly record: Recorded; readonly fact: Recorded | Corrected }[] {
  const out: { record: Recorded; fact: Recorded | Corrected }[] = [];
  for (const fact of world.facts) {
    if (fact.kind === 'recorded') out.push({ record: fact, fact });
    if (fact.kind !== 'corrected') continue;
    const record = recordOf(world, fact.source, fact.id);
    if (record !== undefined) out.push({ record, fact });
  }
  return out;
}

/** A pool, or for an interface without one the interface itself: what a downward correction may take from. */
function sharing(world: World, id: string, month: string, now: number): string {
  return findInterface(world, id, month, now)?.entry.pool ?? id;
}

function sharedMovements(world: World, record: Recorded['reported'], now: number): Split[] {
  const month = monthAt(record.time);
  const group = sharing(world, record.interface, month, now);
  return movements(world)
    .filter((m) => monthAt(m.record.reported.time) === month)
    .filter((m) => sharing(world, m.record.reported.interface, month, now) === group)
    .map((m) => m.fact.split);
}

/** Free calls of the record's pool that its month still has. */
export function freeLeft(world: World, record: Recorded['reported'], now: number): number {
  const month = monthAt(record.time);
  const found = findInterface(world, record.interface, month, now);
  if (found === undefined || found.entry.pool === null) return 0;
  const activated = activatedAt(world, found.book.product);
  if (activated === null) return 0;
  const { calls, inFirstMonth } = found.book.allowance;
  if (!inFirstMonth && monthAt(activated) === month) return 0;
  return Math.max(0, calls - sum(sharedMovements(world, record, now).map((split) => split.free)));
}

function packCallsUsed(world: World, ordinal: number): number {
  const uses = [...factsOf(world, 'recorded'), ...factsOf(world, 'corrected')].flatMap(
    (fact) => fact.split.packs,
  );
  return sum(uses.filter((use) => use.ordinal === ordinal).map((use) => use.calls));
}

export function isVoid(world: World, ordinal: number): boolean {
  return factsOf(world, 'credited').some((fact) => fact.voids === ordinal);
}

/** Calls not used by anyone, whether forfeited by now or not. */
function unused(world: World, pack: Bought): number {
  return isVoid(world, pack.ordinal) ? 0 : pack.size - packCallsUsed(world, pack.ordinal);
}

export function packNow(world: World, pack: Bought, now: number): OraclePack {
  const left = unused(world, pack);
  const over = now >= pack.expires;
  const state = isVoid(world, pack.ordinal) ? 'void' : left === 0 ? 'used_up' : over ? 'expired' : 'usable';
  const { ordinal, pool, size } = pack;
  return { ordinal, pool, size, remaining: over ? 0 : left, forfeited: over ? left : 0, state };
}

/** First to expire, then first bought, then the smaller, then by id: ids rise with the order of purchase. */
function packsFor(world: World, record: Recorded['reported']): Bought[] {
  return factsOf(world, 'bought')
    .filter((p) => p.covers.includes(record.interface) && p.at <= record.time && record.time < p.expires)
    .filter((p) => unused(world, p) > 0)
    .sort((a, b) => a.expires - b.expires || a.at - b.at || a.size - b.size || a.ordinal - b.ordinal);
}

/** Free, then packs, then post-paid; in a closed month no packs (section 10). */
export function payFor(world: World, record: Recorded['reported'], calls: number, now: number): Split {
  const month = monthAt(record.time);
  // Not charged at all: neither pool nor meter.
  if (findInterface(world, record.interface, month, now)?.entry.meter === null) return NOBODY;
  const free = Math.min(calls, freeLeft(world, record, now));
  let rest = calls - free;
  const packs: { ordinal: number; calls: number }[] = [];
  for (const pack of closeOf(world, month) === undefined ? packsFor(world, record) : []) {
    const taken = Math.min(rest, unused(world, pack));
    if (taken > 0) packs.push({ ordinal: pack.ordinal, calls: taken });
    rest -= taken;
  }
  return { free, packs, postPaid: rest };
}

/** Takes calls off the end of a list of pack uses, the last used first, and says which. */
function takeLast(
  uses: { ordinal: number; calls: number }[],
  calls: number,
): { ordinal: number; calls: number }[] {
  const taken: { ordinal: number; calls: number }[] = [];
  let rest = calls;
  for (let last = uses.at(-1); rest > 0 && last !== undefined; last = uses.at(-1)) {
    const part = Math.min(rest, last.calls);
    taken.push({ ordinal: last.ordinal, calls: part });
    rest -= part;
    last.calls -= part;
    if (last.calls === 0) uses.pop();
  }
  return taken;
}

/** Post-paid first, then packs from the last used back, then free, whichever record they belonged to (section 10). */
export function giveBack(world: World, record: Recorded['reported'], calls: number, now: number): Split {
  if (findInterface(world, record.interface, monthAt(record.time), now)?.entry.meter === null) return NOBODY;
  const splits = sharedMovements(world, record, now);
  const postPaid = Math.min(calls, sum(splits.map((split) => split.postPaid)));
  const uses: { ordinal: number; calls: number }[] = [];
  for (const use of splits.flatMap((split) => split.packs)) {
    // An earlier correction took from the end as well, so only how many it took matters.
    if (use.calls < 0) takeLast(uses, -use.calls);
    else uses.push({ ...use });
  }
  const returned = takeLast(uses, calls - postPaid);
  const free = calls - postPaid - sum(returned.map((use) => use.calls));
  const packs = returned.map((use) => ({ ordinal: use.ordinal, calls: -use.calls }));
  return { free: 0 - free, packs, postPaid: 0 - postPaid };
}
