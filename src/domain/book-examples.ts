/**
 * The examples of a price book, run when it is checked and when it is published (price-books.md, "Examples"): each is an
 * account that buys packs and reports usage in the month the book takes effect, and the bill of that month must be the
 * one that the example expects. The functions that decide an account's life decide it.
 */
import type { Account } from './account.ts';
import { type Calendar, type Instant, instantOf, instantText, type Month, nextMonth } from './calendar.ts';
import { type Catalogue, catalogueFrom, indexOf } from './catalogue.ts';
import { isMeasured } from './charging.ts';
import { type AccountCommand, decide } from './decide.ts';
import { draftBill } from './draft-bill.ts';
import type { AccountEvent } from './events.ts';
import { fold } from './evolve.ts';
import { meterUsage } from './meter-usage.ts';
import { exact } from './money.ts';
import type { BookExample, ExampleUsage, PriceBook } from './price-book.ts';
import type { Problem } from './price-book-bounds.ts';
import type { Refusal } from './refusals.ts';
import type { UsageRecord } from './usage.ts';

/** Limit on the packs that one example buys. */
const EXAMPLE_PACKS_MAX = 1_000;

/** An example that does not come out as it says. */
export interface ExampleProblem extends Problem {
  readonly example: string;
  readonly expected: string;
  readonly got: string;
}

/** An account's life in one example. */
interface Life {
  readonly calendar: Calendar;
  readonly catalogue: Catalogue;
  readonly month: Month;
  state: Account | null;
}

/** A step of an example is refused; the message says why. */
class Refused extends Error {}

/** All differences of a book's examples. A generator, so that the caller can do other work at each yield. */
export function* exampleProblemsInSteps(
  book: PriceBook,
  examples: readonly BookExample[],
  calendar: Calendar,
): Generator<undefined, ExampleProblem[]> {
  const problems: ExampleProblem[] = [];
  const month = book.effectiveFrom;
  // In force throughout: from the month before, in which the account is activated.
  const draft = { ...book, effectiveFrom: monthBefore(month) };
  const catalogue = catalogueFrom([{ book: draft, digest: '' }]);
  const names = new Set<string>();
  for (const [i, example] of examples.entries()) {
    yield;
    const { name } = example;
    const say = (expected: string, got: string) =>
      problems.push({
        path: `examples.${i}`,
        message: `${name}: expected ${expected}, got ${got}`,
        ...{ example: name, expected, got },
      });
    if (names.has(name)) say('a name of its own', 'one that stands here twice');
    names.add(name);
    try {
      const life: Life = { calendar, catalogue, month, state: null };
      yield* lived(life, example);
      yield* compared(life, example, say);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      say('a bill', error.message);
    }
  }
  return problems;
}

function* lived(life: Life, { given }: BookExample): Generator<undefined, void> {
  const { calendar, month, catalogue } = life;
  const begins = calendar.startOf(month);
  const opened = calendar.startOf(monthBefore(month));
  const product = catalogue.published[0]?.book.product ?? '';
  run(life, { name: 'open-account', account: 'example' }, opened);
  run(life, { name: 'activate-service', body: { product } }, opened, 'ServiceActivated');
  if (given.contract) run(life, { name: 'agree-price', body: { from: month, ...given.contract } }, opened);
  const packs = given.packs ?? [];
  const bought = packs.reduce((sum, { quantity = 1 }) => sum + quantity, 0);
  if (bought > EXAMPLE_PACKS_MAX) throw new Refused(`${bought} packs, of at most ${EXAMPLE_PACKS_MAX}`);
  if (bought > 0)
    run(life, { name: 'deposit', body: { amount: ENOUGH, reference: 'example' }, earlier: null }, begins);
  for (const { pool, size, quantity = 1 } of packs) {
    yield;
    run(life, { name: 'buy-packs', body: { pool, size, quantity } }, begins);
  }
  for (const [i, usage] of given.usage.entries()) {
    yield;
    report(life, usage, i);
  }
}

/** For any packs that an example may buy. */
const ENOUGH = '999999999999999';

/** `only`: the type of event that is applied, where a command may have more consequences than the example wants. */
const run = (life: Life, command: AccountCommand, at: Instant, only?: AccountEvent['type']): void => {
  const { calendar, catalogue } = life;
  const decision = decide(life.state, command, { at, calendar, catalogue, head: NOWHERE, sha256: () => '' });
  if (decision.outcome === 'refused') throw new Refused(said(decision.refusal));
  life.state = fold(
    life.state,
    decision.events.filter(({ type }) => only === undefined || type === only),
  );
};

const NOWHERE = { stream: '', from: 0, to: 0, head: '' };
const said = ({ code, detail }: Refusal): string => `${code}: ${detail}`;

const report = (life: Life, usage: ExampleUsage, i: number): void => {
  const { calendar, catalogue, month } = life;
  const time = usage.at === undefined ? calendar.startOf(month) : instantOf(usage.at);
  const which = `usage ${i + 1}`;
  if (calendar.monthOf(time) !== month)
    throw new Refused(`${which} at ${instantText(time)}, which is not in ${month}`);
  const metering = {
    ...{ at: calendar.startOf(nextMonth(month)), calendar, catalogue, seen: () => undefined },
    records: [recordOf(usage, i, time, catalogue)],
  };
  const { event, outcomes } = meterUsage(accountOf(life), metering);
  if (!event) {
    const [outcome] = outcomes;
    const why =
      outcome?.outcome === 'refused' ? ` (${outcome.code}: ${outcome.field} ${outcome.detail})` : '';
    throw new Refused(`${which} refused${why}`);
  }
  life.state = fold(life.state, [event]);
};

const recordOf = (usage: ExampleUsage, i: number, time: Instant, { published }: Catalogue): UsageRecord => {
  const { calls, quantities, attributes } = usage;
  const book = published[0]?.book;
  const one = book && indexOf(book).interfaces.get(usage.interface);
  const isRecognised = one && !isMeasured(one) && one.counts === 'recognised';
  return {
    ...{ source: '/example', id: String(i), interface: usage.interface, time, calls: calls ?? 0 },
    submitted: isRecognised && calls !== undefined ? calls : null,
    ...(quantities ? { quantities } : {}),
    ...(attributes ? { attributes } : {}),
  };
};

const accountOf = ({ state }: Life): Account => {
  if (!state) throw new Error('the account of an example is not open');
  return state;
};

function* compared(
  life: Life,
  { expect }: BookExample,
  say: (expected: string, got: string) => void,
): Generator<undefined, void> {
  const { calendar, catalogue, month } = life;
  yield;
  const { bill } = draftBill(accountOf(life), {
    ...{ month, at: calendar.startOf(nextMonth(month)), head: NOWHERE, status: 'draft', calendar, catalogue },
  });
  const money = (what: string, expected: string | undefined, got: string | null) => {
    if (expected !== undefined && (got === null || !exact(expected).equals(exact(got))))
      say(`${what} ${expected}`, got ?? 'no price');
  };
  const count = (what: string, expected: number | undefined, got: number) => {
    if (expected !== undefined && expected !== got) say(`${what} ${expected}`, String(got));
  };
  money('total', expect.total, bill.total);
  money('due', expect.due, bill.due);
  money('packsTotal', expect.packsTotal, bill.packsTotal);
  for (const [meter, expected] of Object.entries(expect.lines ?? {})) {
    yield;
    const line = bill.lines.find((one) => one.meter === meter);
    if (!line) {
      const others = bill.lines.map((one) => one.meter).join(', ') || 'none';
      say(`a line of ${meter}`, `lines of ${others}`);
      continue;
    }
    money(`${meter} amount`, expected.amount, line.amount);
    count(`${meter} postPaid`, expected.postPaid, line.postPaid);
    count(`${meter} free`, expected.free, line.free);
    count(`${meter} packs`, expected.packs, line.packs);
    count(`${meter} waived`, expected.waived, line.waived ?? 0);
  }
}

const monthBefore = (month: Month): Month => {
  const [year = 0, of = 0] = month.split('-').map(Number);
  const [y, m] = of === 1 ? [year - 1, 12] : [year, of - 1];
  return `${String(y).padStart(4, '0')}-${String(m).padStart(2, '0')}`;
};
