/** `suanpan price-book init|lint|diff|publish|show`. */

import { exampleProblemsInSteps } from '../domain/book-examples.ts';
import { calendarOf, isZone } from '../domain/calendar.ts';
import { nameOf } from '../domain/catalogue.ts';
import type { PriceBookFile } from '../domain/price-book.ts';
import { bookDifferences } from '../domain/price-book-diff.ts';
import { bookProblems } from '../domain/price-book-problems.ts';
import { cliffs } from '../domain/price-cliffs.ts';
import { atOnce } from '../domain/steps.ts';
import { readTextFile } from '../files/text-file.ts';
import { parseBook } from '../input/price-book-input.ts';
import { DEFAULT_ZONE } from '../ledger/location.ts';
import { editionOf } from '../ledger/system/catalogue.ts';
import { type Command, type Context, STORE_FLAG, verbOf, WrongUse } from './command.ts';
import { commandInstant } from './command-instant.ts';
import { jsonText } from './json-text.ts';
import { reading } from './ledger-for-reading.ts';
import { INIT_FLAGS, init } from './price-book-init.ts';
import { styled } from './style.ts';
import { table } from './table.ts';
import { INSTANT } from './values.ts';
import { writing } from './write-commands.ts';

const USAGE = 'price-book init [FILE] | lint FILE | diff A B | publish FILE | show [PRODUCT [EDITION]]';

export const priceBook: Command = {
  usage: USAGE,
  what: 'Begins, checks or compares price books, publishes an edition, or shows what is published.',
  flags: {
    ...STORE_FLAG,
    ...INIT_FLAGS,
    at: { type: 'string', what: 'publish as of this instant (RFC 3339; default: now)', value: INSTANT },
  },
  words: [1, 3],
  run: (context) => {
    const [, first] = context.words;
    const verb = verbOf(context, ['init', 'lint', 'diff', 'publish', 'show'], USAGE);
    if (verb === 'show') return show(context);
    if (verb === 'diff') return diff(context);
    if (verb === 'init') return init(context, first);
    if (first === undefined || context.words.length > 2) throw new WrongUse(`usage: suanpan ${USAGE}`);
    return verb === 'lint' ? lint(context, first) : publish(context, first);
  },
};

const PROBLEMS_SHOWN = 20;
/** A book is some ten thousand bytes. */
const BOOK_BYTES_MAX = 10 * 1024 * 1024;

const bookIn = (file: string): PriceBookFile => {
  const input = parseBook(jsonText(readTextFile(file, BOOK_BYTES_MAX), file));
  if (input.ok) return input.book;
  const shown = input.problems.slice(0, PROBLEMS_SHOWN).map(({ path, message }) => `${path}: ${message}`);
  throw new WrongUse(`book_malformed: ${file} is not a valid price book: ${shown.join('; ')}`);
};

const lint = async ({ out }: Context, file: string): Promise<number> => {
  const input = parseBook(jsonText(readTextFile(file, BOOK_BYTES_MAX), file));
  if (!input.ok) {
    out.answer({ problems: input.problems, warnings: [] });
    for (const { path, message } of input.problems)
      out.say(`${styled('red', 'problem')} ${path}: ${message}`);
    out.say(`${input.problems.length} problems, 0 warnings`);
    return 1;
  }
  const { book } = input;
  const unsound = bookProblems(book);
  const zone = process.env['SUANPAN_ZONE'] || DEFAULT_ZONE;
  if (!isZone(zone)) throw new WrongUse(`SUANPAN_ZONE: ${zone} is not a known time zone`);
  const calendar = calendarOf(zone);
  const problems =
    unsound.length > 0
      ? unsound
      : atOnce(exampleProblemsInSteps(book, book.examples ?? [], calendar)).map(({ path, message }) => ({
          path,
          message,
        }));
  const warnings = problems.length > 0 ? [] : cliffs(book);
  out.answer({ problems, warnings });
  for (const { path, message } of problems) out.say(`${styled('red', 'problem')} ${path}: ${message}`);
  for (const { meter, at, costs, next } of warnings) {
    out.say(`${styled('yellow', 'cliff')} ${meter}: ${at} calls cost ${costs}, ${at + 1} cost ${next}`);
  }
  out.say(`${problems.length} problems, ${warnings.length} warnings`);
  return problems.length === 0 ? 0 : 1;
};

const diff = async ({ words, out }: Context): Promise<number> => {
  const [, before, after] = words;
  if (before === undefined || after === undefined) throw new WrongUse(`usage: suanpan ${USAGE}`);
  const differences = bookDifferences(bookIn(before), bookIn(after));
  out.answer({ differences });
  for (const { path, before: was, after: is, percent } of differences) {
    const [old, now] = [was ?? 'nothing', is ?? 'nothing'];
    out.say(`${path}: ${old} → ${now}${percent === undefined ? '' : ` (${percent} %)`}`);
  }
  out.say(`${differences.length} differences`);
  return 0;
};

const publish = async (context: Context, file: string): Promise<number> => {
  const book = bookIn(file);
  return writing(context, 'driven', async (ledger) => {
    const at = await commandInstant(context, ledger.store);
    const published = editionOf(book);
    const decision = await ledger.publish(published, at);
    if (decision.outcome === 'refused')
      throw new WrongUse(`${decision.refusal.code}: ${decision.refusal.detail}`);
    const { product, edition, effectiveFrom } = book;
    const { digest } = published;
    context.out.answer({ product, edition, effectiveFrom, digest });
    const news = decision.events.length > 0 ? 'published' : 'is published already';
    context.out.say(`${product} ${edition} ${news}, from ${effectiveFrom}, digest ${digest}`);
    return 0;
  });
};

const show = (context: Context): Promise<number> =>
  reading(context, async ({ catalogue }) => {
    const [, product, name] = context.words;
    const { out } = context;
    const chosen = catalogue.published.filter(
      (one) =>
        (product === undefined || nameOf(one).product === product) &&
        (name === undefined ? !one.broken : nameOf(one).edition === name),
    );
    for (const { broken } of catalogue.published)
      if (broken) out.complain(`event ${broken.revision} of ${broken.stream}: ${broken.why}`);
    if (product !== undefined && chosen.length === 0)
      throw new WrongUse(`no such price book: ${product} ${name ?? ''}`);
    if (name !== undefined) {
      const [edition] = chosen;
      const shown = edition?.examples ? { ...edition.book, examples: edition.examples } : edition?.book;
      out.answer(shown);
      for (const line of JSON.stringify(shown, null, 2).split('\n')) out.say(line);
      return 0;
    }
    const items = chosen.map(({ book, digest }) => ({
      product: book.product,
      edition: book.edition,
      effectiveFrom: book.effectiveFrom,
      digest,
      name: book.name,
    }));
    out.answer({ items });
    const rows = items.map((i) => [
      i.product,
      i.edition,
      i.effectiveFrom,
      `${i.name.zh} ${i.name.en}`,
      i.digest.slice(0, 16),
    ]);
    for (const row of table(rows)) out.say(row);
    return 0;
  });
