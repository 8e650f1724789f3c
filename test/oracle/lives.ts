/** Random account lives that stay near the edges of the rules. The same seed gives the same lives. */
import fc from 'fast-check';
import type { PriceBook } from '../../src/domain/price-book.ts';
import { syntheticShelf, type Traits } from './books.ts';
import { firstInstant, instant, MINUTE, monthAt, monthPlus, printed } from './days.ts';
import {
  closeNext,
  drawAgreement,
  drawClose,
  drawCorrection,
  drawCredit,
  drawDeposit,
  drawPurchase,
  drawTurn,
  drawWait,
} from './draw-commands.ts';
import { drawUsage } from './draw-usage.ts';
import { openedAt } from './facts.ts';
import { fundsAt, openReasons } from './funds.ts';
import type { Life, PublishedBook } from './life.ts';
import {
  booksNow,
  type Chooser,
  chooser,
  type Draft,
  newDraft,
  type Step,
  type StepKind,
  say,
} from './tape.ts';

const MOST_LINES = 60;

const traits: fc.Arbitrary<Traits> = fc.record({
  mode: fc.constantFrom('volume', 'volume', 'graduated'),
  tierBy: fc.constantFrom('post_paid', 'post_paid_and_free', 'metered'),
  bounds: fc.constantFrom('upper', 'lower'),
  per: fc.constantFrom(1, 1, 1000, 10000),
  grant: fc.constantFrom('pack', 'voucher'),
  inFirstMonth: fc.constantFrom(true, true, false),
  startsAbove: fc.boolean(),
  narrow: fc.boolean(),
  lastPriced: fc.boolean(),
  freeze: fc.constantFrom('list', 'list', 'bill', 'none'),
  onFailure: fc.constantFrom('suspend', 'notify'),
  graceDays: fc.constantFrom(0, 0, 3),
  successor: fc.constantFrom('none', 'changed', 'filled'),
});

const WEIGHTS: { readonly [K in StepKind]: number } = {
  usage: 11,
  turn: 5,
  wait: 3,
  deposit: 3,
  buy: 4,
  correct: 5,
  agree: 1,
  credit: 2,
  prohibit: 1,
  close: 1,
  activate: 1,
  odd: 1,
};
const kinds = (Object.entries(WEIGHTS) as [StepKind, number][]).map(([kind, weight]) => ({
  weight,
  arbitrary: fc.constant(kind),
}));
const tape = fc.array(fc.noBias(fc.nat(1_000_003)), { minLength: 24, maxLength: 24 });
const step: fc.Arbitrary<Step> = fc.record({ kind: fc.oneof(...kinds), tape });

function drawProhibition(draft: Draft, c: Chooser): void {
  const open = openReasons(fundsAt(draft.world, draft.now)).includes('prohibited');
  if (open !== c.chance(6)) say(draft, { command: 'lift-suspension', reason: 'prohibited' });
  else say(draft, { command: 'suspend', reason: 'prohibited', note: 'looked into' });
}

/** Opened or activated again, or something that does not exist. */
function drawOdd(draft: Draft, c: Chooser): void {
  const kind = c.pick(['open', 'product', 'again'] as const);
  if (kind === 'open') say(draft, { command: 'open-account', name: 'A' });
  else if (kind === 'product') say(draft, { command: 'activate-service', product: 'nothing' });
  else drawActivation(draft, c);
}

function drawActivation(draft: Draft, c: Chooser): void {
  say(draft, { command: 'activate-service', product: c.any(booksNow(draft))?.product ?? 'nothing' });
}

const DRAW: { readonly [K in StepKind]: (draft: Draft, c: Chooser) => void } = {
  usage: drawUsage,
  turn: drawTurn,
  wait: drawWait,
  deposit: drawDeposit,
  buy: drawPurchase,
  correct: drawCorrection,
  agree: drawAgreement,
  credit: drawCredit,
  prohibit: drawProhibition,
  close: drawClose,
  activate: drawActivation,
  odd: drawOdd,
};

/** A life needs an account; now and then something comes before it, or no product, or no money. */
function begin(draft: Draft, c: Chooser): void {
  if (c.chance(12)) drawUsage(draft, c);
  if (c.chance(12)) say(draft, { command: 'deposit', amount: '1.00', reference: 'early' });
  say(draft, { command: 'open-account', name: 'A' });
  const products = [...new Set(booksNow(draft).map((book) => book.product))];
  if (!c.chance(8)) say(draft, { command: 'activate-service', product: c.any(products) ?? 'nothing' });
  if (!c.chance(3)) drawActivation(draft, c);
  if (!c.chance(4))
    say(draft, { command: 'deposit', amount: c.pick(['20.00', '60.00', '5000.00']), reference: 'd3' });
}

/** A suspended account refuses all usage: most lives get out of it again. */
function resume(draft: Draft, c: Chooser): void {
  if (openReasons(fundsAt(draft.world, draft.now)).includes('prohibited')) drawProhibition(draft, c);
  else drawDeposit(draft, c);
}

function build(
  shelf: readonly PublishedBook[],
  start: number,
  first: readonly number[],
  steps: readonly Step[],
): Life {
  const draft = newDraft(shelf, start);
  begin(draft, chooser(first));
  for (const { kind, tape: numbers } of steps) {
    if (draft.lines.length >= MOST_LINES) break;
    DRAW[kind](draft, chooser(numbers));
    if (openReasons(fundsAt(draft.world, draft.now)).length > 0 && chooser(numbers).chance(3))
      resume(draft, chooser(numbers));
    // Minutes pass between most steps, so that instants differ.
    const c = chooser([...numbers].reverse());
    if (!c.chance(4)) draft.now += c.pick([1, MINUTE, 61 * MINUTE]);
  }
  if (openedAt(draft.world) !== null && draft.lines.length < MOST_LINES) closeNext(draft, chooser(first));
  return { zone: 'Asia/Shanghai', books: shelf, lines: draft.lines };
}

/** Mid-month, just before a month's end, at a month's first instant, and 29 February. */
const starts = fc.constantFrom(
  '2019-01-01T00:00:00+08:00',
  '2019-03-31T23:58:00+08:00',
  '2019-11-12T09:30:00.250+08:00',
  '2020-02-29T12:00:00+08:00',
  '2020-02-27T23:59:59.999+08:00',
);
const shippedStarts = fc.constantFrom(
  '2019-11-12T09:30:00+08:00',
  '2020-02-28T23:00:00+08:00',
  '2019-12-31T23:58:00+08:00',
);

const drawn = { first: tape, steps: fc.array(step, { minLength: 10, maxLength: 48, size: 'max' }) };

const synthetic = fc
  .record({ ...drawn, start: starts, a: traits, b: traits })
  .map(({ first, steps, start, a, b }) => {
    const at = instant(start);
    const shelf = [...syntheticShelf('apple', monthAt(at), a), ...syntheticShelf('brook', monthAt(at), b)];
    const published = shelf.sort((x, y) => instant(x.at) - instant(y.at));
    return build(published, at, first, steps);
  });

function shippedLives(books: readonly PriceBook[]): fc.Arbitrary<Life> {
  const products = [...new Set(books.map((book) => book.product))];
  return fc
    .record({
      ...drawn,
      start: shippedStarts,
      some: fc.shuffledSubarray(products, { minLength: 1, maxLength: 2 }),
    })
    .map(({ first, steps, start, some }) => {
      const ordered = books.filter((book) => some.includes(book.product));
      const months = ordered.map((book) => book.effectiveFrom).sort();
      // All known before anything happens: publishing within a life is what the synthetic books are for.
      const at = printed(firstInstant(monthPlus(months[0] ?? '2019-01', -1)));
      const shelf = ordered
        .sort((x, y) => (x.effectiveFrom < y.effectiveFrom ? -1 : 1))
        .map((book) => ({ at, book }));
      return build(shelf, instant(start), first, steps);
    });
}

/** Lives on small synthetic books and, where shipped books are given, one in five on those. */
export function lifeArbitrary(shipped: readonly PriceBook[] = []): fc.Arbitrary<Life> {
  if (shipped.length === 0) return synthetic;
  return fc.oneof({ weight: 4, arbitrary: synthetic }, { weight: 1, arbitrary: shippedLives(shipped) });
}

export function sampleLives(seed: number, n: number, shipped: readonly PriceBook[] = []): Life[] {
  return fc.sample(lifeArbitrary(shipped), { seed, numRuns: n });
}
