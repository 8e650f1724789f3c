/**
 * Numbers in docs/api.md, docs/limits.md and README.md are those of the code, and so agree with one another: each row says
 * where a number stands in a document and which constant it is. A constant is read from its line of source, whichever file
 * of its room that is in, in the unit of the document.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { RETRIES } from '../../src/delivery/attempts.ts';
import { AT_ONCE } from '../../src/delivery/queues.ts';
import { BOOK_BYTES_MAX, BOOK_MAX } from '../../src/domain/price-book-bounds.ts';
import { EXAMPLE_MAX } from '../../src/domain/price-book-schema.ts';
import { SETTINGS } from '../../src/serve/setting-names.ts';
import { ROOT } from './shell-blocks.ts';

const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
/** A document's words, however its lines are broken. */
const wordsOf = (file: string): string => textOf(file).replace(/\s+/g, ' ');

const KI = 1_024;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY_SECONDS = 86_400;

/** The value of the one `const NAME = …` in a folder: digits and products of them. */
const constant = (folder: string, name: string): number => {
  const pattern = new RegExp(`const ${name} = ([\\d_ *]+);`, 'g');
  const found = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [...textOf(join(folder, file)).matchAll(pattern)].map(([, text = '']) => text));
  const [text, ...others] = found;
  if (text === undefined || others.length > 0)
    throw new Error(`${folder} has ${found.length} numbers called ${name}`);
  return text.split('*').reduce((product, part) => product * Number(part.replaceAll('_', '').trim()), 1);
};

const WORDS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const WORD_OR_DIGITS = '([a-z]+|[\\d,]+)';
/** A number as a document says it: in words, or in digits with commas. */
const numberOf = (said: string): number => {
  const word = WORDS.indexOf(said);
  return word >= 0 ? word : Number(said.replaceAll(',', ''));
};

const viewWait = constant('src/api', 'WAIT_MS') / SECOND;
const failed = constant('src/serve', 'FAILED_MS') / SECOND;
const lag = constant('src/serve', 'LAG_MAX_SECONDS');
const callTime = constant('src/serve', 'WEBHOOK_TIMEOUT_MS') / SECOND;
const gathered = constant('src/delivery', 'MAIL_GATHER_MS') / SECOND;
const behind = constant('src/ledger', 'CLOCK_BEHIND_MAX_MS') / MINUTE;
const silence = constant('src/api', 'SILENCE_MS') / MINUTE;
const [catchUpMonths, catchUpDays] = [SETTINGS['catch-up-months'][2], SETTINGS['catch-up-days'][2]].map(
  Number,
);
const listed = constant('src/api/routes', 'LISTED_MAX');

/** `N` in a phrase is where the number stands. */
const ROWS: readonly (readonly [file: string, phrase: string, value: number | undefined])[] = [
  ['docs/api.md', '503 `view_behind` after N seconds', viewWait],
  ['docs/limits.md', 'reads of views wait up to N s and are 503', viewWait],
  ['docs/api.md', 'an append failed in the last N s', failed],
  ['docs/api.md', 'views are more than N s behind', lag],
  ['docs/api.md', 'notices to one address within N seconds are one mail', gathered],
  ['docs/api.md', 'One that answers takes up to N calls at once', AT_ONCE.receiver],
  ['docs/api.md', 'has not answered yet or failed last time N,', AT_ONCE.unprovenReceiver],
  ['docs/api.md', 'all together N. A call', AT_ONCE.overall],
  ['docs/api.md', 'A call has N seconds', callTime],
  ['docs/limits.md', 'failed last time at most N are called at once', AT_ONCE.unproven],
  ['docs/limits.md', 'are called at once (N of all together)', AT_ONCE.overall],
  ['docs/limits.md', 'with more than N silent ones', AT_ONCE.unproven],
  ['docs/limits.md', "a new webhook's first call may wait for up to N s", callTime],
  ['docs/limits.md', 'are looked up N at a time', constant('src/delivery', 'LOOKUPS_AT_ONCE')],
  ['docs/api.md', '`{"overlapSeconds": N}`', DAY_SECONDS],
  ['docs/api.md', 'an attempt without an answer in N seconds', constant('client', 'TIMEOUT_MS') / SECOND],
  ['docs/api.md', 'are tried again, N times (`retries`)', constant('client', 'RETRIES')],
  ['docs/api.md', "server's clock lies more than N minutes behind", behind],
  ['docs/limits.md', "commands happen at most N minutes ahead of a server's clock", behind],
  ['docs/api.md', 'automatically catches up at most N closes', catchUpMonths],
  ['docs/limits.md', 'a server catches up at most N closes', catchUpMonths],
  ['docs/api.md', 'what fell due in the last N days', catchUpDays],
  ['docs/limits.md', 'what fell due in the last N days', catchUpDays],
  ['docs/limits.md', 'ended only after N minutes of silence', silence],
  ['docs/limits.md', 'An append has at most N MiB', constant('src/eventstore', 'APPEND_BYTES_MAX') / KI / KI],
  ['docs/limits.md', 'A record counts at most N calls', constant('src/domain', 'RECORD_CALLS_MAX')],
  ['docs/limits.md', 'A price book has at most N interfaces, pools and meters', BOOK_MAX.interfaces],
  ['docs/limits.md', 'pools and meters each, N packs', BOOK_MAX.packs],
  ['docs/limits.md', 'packs, N tiers', BOOK_MAX.tiers],
  ['docs/limits.md', 'tiers (N a ladder)', constant('src/domain', 'LADDER_TIERS_MAX')],
  ['docs/limits.md', 'a ladder), N notes', BOOK_MAX.notes],
  ['docs/limits.md', 'notes, N examples', BOOK_MAX.examples],
  ['docs/limits.md', 'An example has at most N kinds of packs', EXAMPLE_MAX.packs],
  ['docs/limits.md', 'packs in all, N records', EXAMPLE_MAX.usage],
  ['docs/limits.md', 'records, N lines', EXAMPLE_MAX.lines],
  ['docs/limits.md', 'and a name of N characters. `price-books/lint`', EXAMPLE_MAX.name],
  ['docs/limits.md', 'examples and N bytes of', BOOK_BYTES_MAX],
  ['docs/limits.md', 'lists at most N problems and warnings', listed],
  ['docs/limits.md', 'an account at most N contract prices', constant('src/domain', 'CONTRACTS_MAX')],
  ['docs/limits.md', 'with N tiers in all', constant('src/domain', 'CONTRACT_TIERS_MAX')],
  ['docs/limits.md', 'bounds): N records', constant('src/audit/bundle', 'RECORDS_MAX')],
];

describe('the documents say', () => {
  test.each(ROWS)('%s: %s', (file, phrase, value) => {
    const pattern = phrase
      .split('N')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join(WORD_OR_DIGITS);
    const [, said] = new RegExp(pattern).exec(wordsOf(file)) ?? [];
    expect(said, `${file} no longer says "${phrase}": mend this row with it`).toBeDefined();
    expect([phrase, numberOf(said ?? '')]).toEqual([phrase, value]);
  });

  test('how often and how long a delivery is tried', () => {
    const [, said = ''] = /tried for about three days \(([^)]*)\)/.exec(wordsOf('docs/api.md')) ?? [];
    const units: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3_600 };
    const seconds = said.split(', ').map((part) => {
      const [count, unit = ''] = part.split(' ');
      return Number(count) * (units[unit] ?? Number.NaN);
    });
    expect(seconds).toEqual([...RETRIES]);
    const days = RETRIES.reduce((sum, wait) => sum + wait, 0) / DAY_SECONDS;
    expect(Math.round(days * 2) / 2).toBe(3);
  });
});
