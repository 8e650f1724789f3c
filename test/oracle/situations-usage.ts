/** The situations that show in records, packs and corrections. */
import { monthAt } from './days.ts';
import { type Bought, factsOf, type Recorded, type World } from './facts.ts';
import { fundsAt, suspendedAt } from './funds.ts';
import { movements } from './paying.ts';
import { findInterface } from './shelf.ts';
import type { Counter } from './situations.ts';

const sizeOf = <T>(list: readonly T[], test: (item: T) => boolean): number => list.filter(test).length;

/** Each use of a pack by a record, with both. */
function uses(world: World): { readonly record: Recorded; readonly pack: Bought }[] {
  const packs = factsOf(world, 'bought');
  return factsOf(world, 'recorded').flatMap((record) =>
    record.split.packs.flatMap((use) =>
      packs.filter((p) => p.ordinal === use.ordinal).map((pack) => ({ record, pack })),
    ),
  );
}

/** Calls that a downward correction gave back, each with its pack and the instant. */
function returns(world: World): { readonly at: number; readonly pack: Bought }[] {
  const packs = factsOf(world, 'bought');
  return factsOf(world, 'corrected').flatMap((fact) =>
    fact.split.packs
      .filter((use) => use.calls < 0)
      .flatMap((use) =>
        packs.filter((p) => p.ordinal === use.ordinal).map((pack) => ({ at: fact.at, pack })),
      ),
  );
}

const voidedAt = (world: World, ordinal: number): number =>
  factsOf(world, 'credited').find((fact) => fact.voids === ordinal)?.at ?? Number.POSITIVE_INFINITY;

export const closedAt = (world: World, month: string): number =>
  factsOf(world, 'closed').find((fact) => fact.month === month)?.at ?? Number.POSITIVE_INFINITY;

export const USAGE: { readonly [name: string]: Counter } = {
  'late usage': ({ world }) => sizeOf(factsOf(world, 'recorded'), (f) => f.late),
  'late usage on free calls left': ({ world }) =>
    sizeOf(factsOf(world, 'recorded'), (f) => f.late && f.split.free > 0),
  'late usage beside a usable pack': ({ world }) =>
    sizeOf(factsOf(world, 'recorded'), (f) => {
      const covers = (p: Bought) => p.covers.includes(f.reported.interface) && p.at <= f.reported.time;
      return f.late && f.split.postPaid > 0 && factsOf(world, 'bought').some(covers);
    }),
  'usage in any order': ({ world }) =>
    sizeOf(factsOf(world, 'recorded'), (f) =>
      factsOf(world, 'recorded').some((g) => g.at < f.at && g.reported.time > f.reported.time),
    ),
  'nothing recognised': ({ world }) => sizeOf(factsOf(world, 'recorded'), (f) => f.count === 0),
  'uncharged interface': ({ world }) =>
    sizeOf(factsOf(world, 'recorded'), (f) => f.reported.interface.endsWith('/other')),
  'free, pack and post-paid in one record': ({ world }) =>
    sizeOf(
      factsOf(world, 'recorded'),
      ({ split }) => split.free > 0 && split.packs.length > 0 && split.postPaid > 0,
    ),
  'two packs in one record': ({ world }) =>
    sizeOf(factsOf(world, 'recorded'), (f) => f.split.packs.length > 1),
  'own time before or after a suspension, reported within': ({ world }) =>
    sizeOf(factsOf(world, 'recorded'), (f) => suspendedAt(fundsAt(world, f.at), f.at)),
  'refused identity accepted later': ({ life, outcome }) => {
    const refused = new Set<string>();
    let seen = 0;
    for (const [i, line] of life.lines.entries()) {
      const answer = outcome.answers[i];
      if (!('usage' in line) || answer === undefined || 'ok' in answer) continue;
      for (const [j, report] of line.usage.entries()) {
        const key = `${report.source} ${report.id}`;
        if (answer[j] === 'accepted') seen += refused.has(key) ? 1 : 0;
        else refused.add(key);
      }
    }
    return seen;
  },
};

export const PACKS: { readonly [name: string]: Counter } = {
  'pack: call at the instant of purchase': ({ world }) =>
    sizeOf(uses(world), (u) => u.record.reported.time === u.pack.at),
  'pack: call in the last millisecond': ({ world }) =>
    sizeOf(uses(world), (u) => u.record.reported.time === u.pack.expires - 1),
  'pack: call at the instant of expiry': ({ world }) =>
    sizeOf(factsOf(world, 'recorded'), (f) =>
      factsOf(world, 'bought').some((p) => p.expires === f.reported.time),
    ),
  'pack: used before expiry, reported after': ({ world }) =>
    sizeOf(uses(world), (u) => u.record.at >= u.pack.expires),
  'pack: bought on 29 February': ({ world }) =>
    sizeOf(
      factsOf(world, 'bought'),
      (p) => new Date(p.at + 28_800_000).toISOString().slice(5, 10) === '02-29',
    ),
  'pack: of an earlier edition pays for another pool': ({ world }) =>
    sizeOf(uses(world), ({ record, pack }) => {
      const time = record.reported.time;
      return (
        findInterface(world, record.reported.interface, monthAt(time), record.at)?.entry.pool !== pack.pool
      );
    }),
  'pack: used up': ({ outcome }) => sizeOf(outcome.packs, (p) => p.state === 'used_up'),
  'pack: expired': ({ outcome }) => sizeOf(outcome.packs, (p) => p.state === 'expired'),
  'pack: void': ({ outcome }) => sizeOf(outcome.packs, (p) => p.state === 'void'),
  'pack: usable': ({ outcome }) => sizeOf(outcome.packs, (p) => p.state === 'usable'),
  'pack: bought while suspended': ({ world }) =>
    sizeOf(factsOf(world, 'bought'), (p) => suspendedAt(fundsAt(world, p.at), p.at)),
  'pack: calls given back': ({ world }) => returns(world).length,
  'pack: calls given back after expiry': ({ world }) => sizeOf(returns(world), (r) => r.at >= r.pack.expires),
  'pack: calls given back when void': ({ world }) =>
    sizeOf(returns(world), (r) => r.at >= voidedAt(world, r.pack.ordinal)),
};

export const CORRECTIONS: { readonly [name: string]: Counter } = {
  'correction up': ({ world }) =>
    sizeOf(factsOf(world, 'corrected'), (f) => f.split.free > 0 || f.split.postPaid > 0),
  'correction up paid by a pack': ({ world }) =>
    sizeOf(factsOf(world, 'corrected'), (f) => f.split.packs.some((u) => u.calls > 0)),
  'correction down of post-paid': ({ world }) =>
    sizeOf(factsOf(world, 'corrected'), (f) => f.split.postPaid < 0),
  'correction down of free calls': ({ world }) =>
    sizeOf(factsOf(world, 'corrected'), (f) => f.split.free < 0),
  'correction to zero': ({ world }) => sizeOf(factsOf(world, 'corrected'), (f) => f.count === 0),
  'correction of a corrected record': ({ world }) =>
    sizeOf(factsOf(world, 'corrected'), (f) =>
      factsOf(world, 'corrected').some((g) => g !== f && g.id === f.id && g.source === f.source),
    ),
  'correction in a closed month': ({ world }) =>
    sizeOf(
      movements(world),
      ({ record, fact }) =>
        fact.kind === 'corrected' && fact.at >= closedAt(world, monthAt(record.reported.time)),
    ),
  'correction down in a closed month gives a pack back': ({ world }) =>
    sizeOf(movements(world), ({ record, fact }) => {
      const back = fact.kind === 'corrected' && fact.split.packs.some((use) => use.calls < 0);
      return back && fact.at >= closedAt(world, monthAt(record.reported.time));
    }),
};
