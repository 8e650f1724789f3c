/**
 * `suanpan price-book init`: a first price book of one interface, from flags or from answers at a terminal. It can be
 * published as it is, and is the place to begin from (docs/price-books.md).
 */
import { createInterface } from 'node:readline/promises';
import { RECORD_CALLS_MAX } from '../domain/bounds.ts';
import type { PriceBook } from '../domain/price-book.ts';
import { bookProblems } from '../domain/price-book-problems.ts';
import { PER_MAX } from '../domain/price-book-schema.ts';
import { parseBook } from '../input/price-book-input.ts';
import { type Context, textFlag, WrongUse } from './command.ts';
import { writeOutput } from './output-file.ts';
import { integer, MONTH, TEXT, type Value } from './values.ts';

/** What `init` asks for: the flag, the question, and the answer where none is given. */
const QUESTIONS = [
  ['product', 'product, in lower-case letters, digits and hyphens', null],
  ['name', 'name of the product in English', null],
  ['name-zh', 'name in Chinese', 'as in English'],
  ['unit', 'what is counted (call, token, second)', 'call'],
  ['unit-zh', 'the same in Chinese', 'as in English'],
  ['price', 'price, as decimal text', null],
  ['per', 'number of units that the price is for', '1'],
  ['free', 'free units a month', '0'],
  ['month', 'first month (YYYY-MM)', null],
] as const;
type Asked = (typeof QUESTIONS)[number][0];

/** Bounds of `per` and of an allowance (docs/limits.md). */
const VALUES: Partial<Record<Asked, Value>> = {
  per: integer(1, PER_MAX),
  free: integer(0, RECORD_CALLS_MAX),
  month: MONTH,
};

export const INIT_FLAGS = Object.fromEntries(
  QUESTIONS.map(([flag, what, otherwise]) => [
    flag,
    {
      type: 'string' as const,
      what: `init: ${what}${otherwise ? ` (default: ${otherwise})` : ''}`,
      value: VALUES[flag] ?? TEXT,
    },
  ]),
);

/** Writes the book to a file that is not there yet, or to standard output. */
export const init = async (context: Context, file: string | undefined): Promise<number> => {
  const book = bookFrom(await answers(context));
  const parsed = parseBook(book);
  const problems = parsed.ok ? bookProblems(parsed.book) : parsed.problems;
  if (problems.length > 0)
    throw new WrongUse(
      `book_malformed: ${problems.map(({ path, message }) => `${path}: ${message}`).join('; ')}`,
    );
  const text = `${JSON.stringify(book, null, 2)}\n`;
  if (file !== undefined) await writeOutput(context, file, [text]);
  context.out.answer(file === undefined ? book : { file });
  if (file === undefined) for (const line of text.trimEnd().split('\n')) context.out.say(line);
  else
    context.out.say(`${file} can be published; suanpan price-book lint ${file} checks what is changed in it`);
  return 0;
};

const answers = async (context: Context): Promise<ReadonlyMap<Asked, string>> => {
  const all = new Map<Asked, string>();
  const missing: string[] = [];
  const isAsking = process.stdin.isTTY && process.stderr.isTTY;
  const asking = isAsking ? createInterface({ input: process.stdin, output: process.stderr }) : null;
  try {
    for (const [flag, what, otherwise] of QUESTIONS) {
      const answer = textFlag(context, flag) ?? (await asking?.question(`${what}: `))?.trim();
      if (answer) all.set(flag, answer);
      else if (otherwise === null) missing.push(`--${flag}`);
    }
  } finally {
    asking?.close();
  }
  if (missing.length > 0) throw new WrongUse(`init needs ${missing.join(', ')}`);
  return all;
};

const bookFrom = (all: ReadonlyMap<Asked, string>): PriceBook => {
  const of = (flag: Asked, otherwise = ''): string => all.get(flag) ?? otherwise;
  const name = { zh: of('name-zh', of('name')), en: of('name') };
  const unit = { zh: of('unit-zh', of('unit', 'call')), en: of('unit', 'call') };
  const product = of('product');
  const id = `${product}/standard`;
  return {
    ...{ product, edition: of('month'), effectiveFrom: of('month'), name, source: '' },
    interfaces: [{ id, name, unit, pool: id, meter: id, counts: 'calls' }],
    pools: [{ id, name, meter: id, packs: [] }],
    meters: [
      {
        ...{ id, name },
        ladder: {
          ...{ mode: 'volume', tierBy: 'post_paid', bounds: 'upper', per: Number(of('per', '1')) },
          tiers: [{ above: 0, upTo: null, unitPrice: of('price') }],
        },
      },
    ],
    allowance: { calls: Number(of('free', '0')), grant: 'pack', inFirstMonth: true },
    ...{ freeze: null, arrears: { graceDays: 0 }, notices: null },
  };
};
