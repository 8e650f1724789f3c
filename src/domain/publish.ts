/** Publishing an edition (rules.md, section 2): valid, immutable, and not for a month that has begun. */
import { exampleProblemsInSteps } from './book-examples.ts';
import type { Calendar, Instant } from './calendar.ts';
import { canonicalInSteps } from './canonical.ts';
import { type Catalogue, type Edition, editionNamed, editionsOf, inForce } from './catalogue.ts';
import { successionProblems } from './charging-problems.ts';
import { accept, type Decision, refuse } from './decision.ts';
import type { PriceBook } from './price-book.ts';
import { bookProblemsInSteps } from './price-book-problems.ts';
import { atOnce } from './steps.ts';

/** Accepts an edition (without events if it is already published), or refuses it. */
export const publishEdition = (...given: Parameters<typeof publishEditionInSteps>): Decision<Edition> =>
  atOnce(publishEditionInSteps(...given));

/** The same as a generator, so that the caller can do other work at each yield. */
export function* publishEditionInSteps(
  catalogue: Catalogue,
  edition: Edition,
  at: Instant,
  calendar: Calendar,
): Generator<undefined, Decision<Edition>> {
  const { book, digest, examples = [] } = edition;
  const { product, effectiveFrom } = book;
  const [problem] = yield* bookProblemsInSteps(examples.length > 0 ? { ...book, examples } : book);
  if (problem)
    return refuse('book_malformed', `${problem.path}: ${problem.message}`, { field: problem.path });
  const published = editionNamed(catalogue, product, book.edition);
  if (published) {
    if (published.digest === digest) return accept();
    return refuse('edition_published', `${product} ${book.edition} is published with other content`, {
      product,
      edition: book.edition,
    });
  }
  for (const { book: other } of editionsOf(catalogue, product)) {
    yield;
    const [contradiction] = successionProblems(other, book);
    if (contradiction)
      return refuse('book_malformed', `${contradiction.path}: ${contradiction.message}`, {
        field: contradiction.path,
      });
  }
  const [wrong] = yield* exampleProblemsInSteps(book, examples, calendar);
  if (wrong) {
    const { path, message, example, expected, got } = wrong;
    return refuse('book_malformed', `${path}: ${message}`, { field: path, example, expected, got });
  }
  const ruling = inForce(catalogue, product, effectiveFrom);
  const isFirst = editionsOf(catalogue, product).length === 0;
  const begun = at >= calendar.startOf(effectiveFrom);
  if (begun && !isFirst && !(ruling && (yield* fillsInPrices(ruling.book, book)))) {
    return refuse(
      'edition_too_late',
      `${effectiveFrom} has begun; only prices that were null can be filled in`,
      {
        product,
        month: effectiveFrom,
      },
    );
  }
  return accept(edition);
}

/** Whether two books differ only in unit prices that were null. */
function* fillsInPrices(before: PriceBook, after: PriceBook): Generator<undefined, boolean> {
  const kept = yield* canonicalInSteps(withoutNew(before, before));
  return kept === (yield* canonicalInSteps(withoutNew(after, before)));
}

/** What must not differ: all but the edition's name, month, source and notes, and the prices that were null. */
const withoutNew = (
  { edition: _edition, effectiveFrom: _month, source: _source, notes: _notes, ...book }: PriceBook,
  before: PriceBook,
): unknown => ({
  ...book,
  meters: book.meters.map((meter, m) => ({
    ...meter,
    ladder: {
      ...meter.ladder,
      tiers: meter.ladder.tiers.map(({ unitPrice, ...tier }, t) =>
        before.meters[m]?.ladder.tiers[t]?.unitPrice === null ? tier : { ...tier, unitPrice },
      ),
    },
  })),
});
