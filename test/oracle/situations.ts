/** Which situations of the rules a life has met: a generator that never meets one tests nothing there. */
import { instant } from './days.ts';
import { factsOf, type World } from './facts.ts';
import type { CommandLine, Life, LifeOutcome } from './life.ts';
import { tellLife } from './oracle.ts';
import { billSituations } from './situations-bill.ts';
import { CORRECTIONS, closedAt, PACKS, USAGE } from './situations-usage.ts';

export interface Told {
  readonly life: Life;
  readonly outcome: LifeOutcome;
  readonly world: World;
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
  const told: Told = { life, outcome, world };
  const seen = answerSituations(told);
  for (const table of [USAGE, PACKS, CORRECTIONS, COMMANDS]) {
    for (const [name, counter] of Object.entries(table)) seen.set(name, counter(told));
  }
  for (const [name, count] of billSituations(told)) seen.set(name, count);
  return seen;
}

/** What commands and records must have been answered, beside the situations that `rulesSeen` always names. */
export const ANSWERS: readonly string[] = `
  command:ok command:account_unknown command:service_unknown command:pool_unknown command:pack_not_sold
  command:not_activated command:insufficient_funds command:meter_unknown command:record_unknown
  command:month_not_over command:month_out_of_order command:price_not_agreed command:reference_used
  command:pack_not_usable command:invalid_request
  record:accepted record:duplicate record:conflict record:account_unknown record:interface_unknown
  record:not_activated record:invalid_record record:in_the_future record:suspended
`
  .trim()
  .split(/\s+/);
