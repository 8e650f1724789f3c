/** Which situations of the rules a life has met: a generator that never meets one tests nothing there. */
import { instant, monthAt } from './days.ts';
import { type Bought, factsOf, type Recorded, type World } from './facts.ts';
import { fundsAt, suspendedAt } from './funds.ts';
import type { CommandLine, Life, LifeOutcome, OracleLine } from './life.ts';
import { tellLife } from './oracle.ts';
import { movements } from './paying.ts';
import { findInterface } from './shelf.ts';
import { billSituations } from './situations-bill.ts';

export interface Told {
  readonly life: Life;
  readonly outcome: LifeOutcome;
  readonly world: World;
  readonly lines: readonly OracleLine[];
}
export type Counter = (told: Told) => number;

const sizeOf = <T>(list: readonly T[], test: (item: T) => boolean): number => list.filter(test).length;

/** Commands that were accepted, with those that changed nothing. */
function granted(told: Told, command: CommandLine['command']): CommandLine[] {
  return told.life.lines.filter((line, i): line is CommandLine => {
    const answer = told.outcome.answers[i];
    return (
      'command' in line && line.command === command && answer !== undefined && 'ok' in answer && answer.ok
    );
  });
}

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

const closedAt = (world: World, month: string): number =>
  factsOf(world, 'closed').find((fact) => fact.month === month)?.at ?? Number.POSITIVE_INFINITY;

const USAGE: { readonly [name: string]: Counter } = {
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

const PACKS: { readonly [name: string]: Counter } = {
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

const CORRECTIONS: { readonly [name: string]: Counter } = {
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

const COMMANDS: { readonly [name: string]: Counter } = {
  'closed again': (told) => granted(told, 'close-month').length - factsOf(told.world, 'closed').length,
  'deposit repeated': (told) => granted(told, 'deposit').length - factsOf(told.world, 'deposited').length,
  'credit repeated': (told) => granted(told, 'credit').length - factsOf(told.world, 'credited').length,
  'deposit and credit of one reference': ({ world }) =>
    sizeOf(factsOf(world, 'credited'), (f) =>
      factsOf(world, 'deposited').some((d) => d.reference === f.reference),
    ),
  'contract price for a closed month': ({ world }) =>
    sizeOf(factsOf(world, 'agreed'), (f) => f.at >= closedAt(world, f.from)),
  'edition published within the life': ({ life, world }) => {
    const first = world.facts[0]?.at ?? 0;
    return sizeOf(life.books, (b) => instant(b.at) > first && instant(b.at) <= (world.facts.at(-1)?.at ?? 0));
  },
};

/** Every answer by its code: commands' refusals as they are, records' with `record:` before them. */
function answerSituations(told: Told): Map<string, number> {
  const seen = new Map<string, number>();
  const count = (name: string): void => void seen.set(name, (seen.get(name) ?? 0) + 1);
  for (const answer of told.outcome.answers) {
    if (!('ok' in answer)) for (const code of answer) count(`record:${code}`);
    else count(answer.ok ? 'command:ok' : `command:${answer.code}`);
  }
  return seen;
}

/** How often each situation occurred in a life. */
export function rulesSeen(life: Life): Map<string, number> {
  const { outcome, world } = tellLife(life);
  const told: Told = {
    life,
    outcome,
    world,
    lines: Object.values(outcome.bills).flatMap((bill) => bill.lines),
  };
  const seen = answerSituations(told);
  for (const table of [USAGE, PACKS, CORRECTIONS, COMMANDS]) {
    for (const [name, counter] of Object.entries(table)) seen.set(name, counter(told));
  }
  for (const [name, count] of billSituations(told)) seen.set(name, count);
  return seen;
}

/** All answers that lives must meet beside the situations that `rulesSeen` always names. */
export const ANSWERS: readonly string[] = [
  ...[
    'ok',
    'account_unknown',
    'service_unknown',
    'pool_unknown',
    'pack_not_sold',
    'not_activated',
    'insufficient_funds',
  ],
  ...[
    'meter_unknown',
    'record_unknown',
    'month_not_over',
    'month_out_of_order',
    'price_not_agreed',
    'reference_used',
  ],
  'pack_not_usable',
]
  .map((code) => `command:${code}`)
  .concat(
    [
      'accepted',
      'duplicate',
      'conflict',
      'account_unknown',
      'interface_unknown',
      'not_activated',
      'invalid_record',
    ]
      .concat('in_the_future', 'suspended')
      .map((code) => `record:${code}`),
  );
