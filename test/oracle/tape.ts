/** A step of a life as drawn: what kind, and a tape of numbers that its choices are read from. */
import { firstInstant, instant, monthAt, monthPlus, printed } from './days.ts';
import { factsOf, type World } from './facts.ts';
import { fundsAt } from './funds.ts';
import type { LifeLine, LineAnswer, PublishedBook, UsageReport } from './life.ts';
import { emptyWorld } from './oracle.ts';
import { tell } from './telling.ts';

export type StepKind =
  | 'usage'
  | 'turn'
  | 'wait'
  | 'deposit'
  | 'buy'
  | 'correct'
  | 'agree'
  | 'credit'
  | 'prohibit'
  | 'close'
  | 'activate'
  | 'odd';
export interface Step {
  readonly kind: StepKind;
  readonly tape: readonly number[];
}

/** Chooses from lists, one number of the tape a choice; the tape starts again when it ends. */
export interface Chooser {
  readonly pick: <T>(list: readonly [T, ...T[]]) => T;
  readonly any: <T>(list: readonly T[]) => T | undefined;
  readonly chance: (oneIn: number) => boolean;
}

export function chooser(tape: readonly number[]): Chooser {
  let position = 0;
  const next = (): number => {
    const round = Math.floor(position / Math.max(1, tape.length));
    const value = (tape[position % tape.length] ?? 0) + round * 7;
    position += 1;
    return value;
  };
  const any = <T>(list: readonly T[]): T | undefined =>
    list.length === 0 ? undefined : list[next() % list.length];
  return { any, pick: (list) => any(list) ?? list[0], chance: (oneIn) => next() % oneIn === oneIn - 1 };
}

/** A life in the making: its lines so far, the clock, and the oracle's world, which says where the edges are. */
export interface Draft {
  readonly shelf: readonly PublishedBook[];
  readonly world: World;
  readonly lines: LifeLine[];
  readonly refused: UsageReport[];
  readonly sent: UsageReport[];
  now: number;
}

export function newDraft(shelf: readonly PublishedBook[], start: number): Draft {
  return { shelf, world: emptyWorld(shelf), lines: [], refused: [], sent: [], now: start };
}

type Untimed<T> = T extends { readonly at: string } ? Omit<T, 'at'> : never;

/** Puts a line into the life at the draft's clock; the oracle answers it. */
export function say(draft: Draft, line: Untimed<LifeLine>): LineAnswer {
  const timed: LifeLine = { at: printed(draft.now), ...line };
  const answer = tell(draft.world, timed);
  draft.lines.push(timed);
  return answer;
}

export function nextToClose(draft: Draft): string {
  const opened = factsOf(draft.world, 'opened')[0]?.at ?? draft.now;
  return monthPlus(monthAt(opened), factsOf(draft.world, 'closed').length);
}

/** Instants at which something begins or ends: the edges are they and the millisecond before. */
export function edges(draft: Draft): number[] {
  const { world, now } = draft;
  const funds = fundsAt(world, now);
  const edge: number[] = [now, firstInstant(monthAt(now)), firstInstant(monthPlus(monthAt(now), -1))];
  for (const fact of factsOf(world, 'activated')) edge.push(fact.at);
  for (const fact of factsOf(world, 'bought')) edge.push(fact.at, fact.expires);
  for (const s of funds.suspensions) edge.push(s.since, s.lifted ?? now);
  return [...new Set(edge.flatMap((at) => [at, at - 1]))].filter((at) => at <= now);
}

/** The last instants of publishing and the month of a draft, for whoever needs the books by now. */
export function booksNow(draft: Draft): PublishedBook['book'][] {
  return draft.shelf.filter((b) => instant(b.at) <= draft.now).map((b) => b.book);
}
