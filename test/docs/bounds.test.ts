/**
 * Every constant of the source that is named as a bound is either told, with its number, in a document about bounds, or
 * listed here with the reason why nobody outside meets it. A new bound fails this test until it is one or the other.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './shell-blocks.ts';

const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

const LIMITS = 'docs/limits.md';
const BUNDLES = 'docs/audit-bundle.md';

/** By constant: the words around its number, `N`, in a document. */
const TOLD: Readonly<Record<string, string | readonly [file: string, phrase: string]>> = {
  'domain/bounds.ts RECORD_CALLS_MAX': 'A record counts at most N calls',
  'domain/bounds.ts SUM_MAX': '2^53 − 1 = N.',
  'domain/book-examples.ts EXAMPLE_PACKS_MAX': 'kinds of packs and N packs in all',
  'domain/price-book-bounds.ts LADDER_TIERS_MAX': 'tiers (N a ladder)',
  'domain/price-book-bounds.ts BOOK_BYTES_MAX': 'examples and N bytes of JSON',
  'domain/price-book-schema.ts PER_MAX': 'a price is for at most N units',
  'domain/price-book-schema.ts MEASURES_MAX': 'an interface has at most N measures',
  'domain/price-book-schema.ts CLASSES_MAX': 'as many totals, N classes',
  'domain/price-book-schema.ts ATTRIBUTE_VALUES_MAX': 'N values of an attribute in a condition',
  'domain/price-book-schema.ts WEIGHT_MAX': 'a weight is at most N',
  'domain/price-book-schema.ts VALUE_BYTES_MAX': 'each of 1 to N bytes',
  'domain/charging-problems.ts ATTRIBUTES_MAX': 'a condition asks for at most N attributes',
  'input/usage-event.ts TEXTS_MAX': 'A record has at most N attributes and eight tags',
  'projections/tag-usage.ts TAG_VALUES_MAX': 'month N values of a tag are kept apart',
  'domain/price-book-bounds.ts MONTH_MAX': 'months from 2000-01 to N',
  'domain/price-book-bounds.ts ID_PART_MAX': 'a part of an id N',
  'domain/price-book-bounds.ts NAME_MAX': 'a name N characters',
  'domain/price-book-bounds.ts NOTE_MAX': 'a note or source N',
  'domain/price-book-bounds.ts CALLS_MAX': 'an allowance or a pack N calls',
  'domain/price-book-bounds.ts PRICE_MAX': 'a price N yuan',
  'domain/price-book-bounds.ts RATE_MAX': 'a freeze rate N',
  'domain/price-book-bounds.ts SHARE_MAX': "a notice's share N",
  'domain/price-book-schema.ts VALID_MONTHS_MAX': 'a pack lives at most N months',
  'domain/price-book-schema.ts VALID_DAYS_MAX': 'or N days',
  'domain/price-book-schema.ts RETURN_DAYS_MAX': 'can be returned within at most N days',
  'domain/price-book-schema.ts GRANTS_MAX': 'a book grants at most N packs',
  'domain/agree-price.ts CONTRACTS_MAX': 'an account at most N contract prices',
  'input/commands.ts SHARES_MAX': 'at most N shares of a spending limit',
  'domain/agree-price.ts CONTRACT_TIERS_MAX': 'with N tiers in all',
  'domain/close-size.ts CARRIED_MAX': 'corrections have at most N together',
  'domain/close-size.ts EXPIRING_MAX': 'At most N packs may expire at one instant',
  'domain/apply-usage.ts REASONS_MAX': 'names N reasons of corrections',
  'eventstore/event-store.ts APPEND_BYTES_MAX': 'An append has at most N,',
  'codec/event-codec.ts DATA_MAX': "an event's data of more than N characters",
  'integrity/record-block.ts UNPACKED_MAX': 'decompresses to more than N are rejected',
  'ledger/account/command-instant.ts CLOCK_BEHIND_MAX_MS': 'commands happen at most N minutes ahead',
  'ledger/refused-usage/used-today.ts EVENTS_MAX': 'of the day (its last N additions)',
  'ledger/secrets/server-key.ts KEY_FILE_MAX': 'a file with the key of secrets N',
  'serve/start.ts CONNECTIONS_WAITING_MAX': 'N connections wait to be accepted',
  'api/http/body/parsers.ts BODY_MAX': 'A request body has at most N, decompressed',
  'api/http/body/body-budget.ts BODIES_MAX': 'have together at most N, a stream',
  'api/http/body/request-body.ts RATIO_MAX': 'decompresses to more than N times its size',
  'api/http/request-pipeline.ts STREAMED_MAX': 'of N answers that are streamed at once',
  'api/http/request-text.ts PARAM_MAX': 'a part of a path N characters',
  'api/http/commands/run-command.ts REASON_MAX': '`X-Reason` N characters',
  'api/schemas/common.ts LIMIT_MAX': 'A page of a list has at most N items',
  'api/schemas/common.ts LIMIT': 'items (N unless asked otherwise)',
  'api/schemas/common.ts NUMBER_MAX': 'a number in a query is at most N',
  'api/usage/report.ts RECORDS_MAX': 'decompressed, of usage N records',
  'api/usage/results.ts RESULTS_MAX': 'a stream of usage lists N results',
  'api/usage/results.ts RUNS_MAX': 'and N runs of other lines',
  'api/routes/catalogue.ts LISTED_MAX': 'lists at most N problems and warnings',
  'api/routes/account-list.ts TEXT_MAX': 'among accounts (`q`) is at most N characters',
  'projections/account-search.ts WORD_MAX': 'characters, of which N count',
  'projections/account-search.ts FOLDED_MAX': 'the first N characters are searched',
  'ledger/queries/list-accounts.ts FEW_MAX': 'finds up to N accounts',
  'ledger/queries/list-accounts.ts FOUND_MAX': 'in the order of ids up to N',
  'ledger/queries/list-accounts.ts LOOKED_MAX': 'at most N accounts are looked at for a page',
  'api/routes/webhook-rotation.ts OVERLAP_DAYS_MAX': 'both secrets of a webhook sign for at most N days',
  'audit/explain/packs.ts OTHERS_MAX': 'lists at most N packs of a line that did not pay',
  'text/json-faults.ts DEPTH_MAX': 'is nested at most N deep',
  'input/json-safety.ts DEPTH_MAX': 'is nested at most N deep',
  'input/usage-report.ts REPORT_MAX': 'a usage CloudEvent N characters',
  'import/raw-line.ts LINE_MAX': 'A line of an import has at most N,',
  'transfer/text-lines.ts LINE_MAX': 'a line of an exported ledger (`load`) N.',
  'projections/refused.ts GROUPS_MAX': 'A day of refused usage is told in N groups',
  'operation/inbox.ts REFUSED_GROUPS_MAX': 'and N of the last seven days are answered',
  'cli/price-book-command.ts BOOK_BYTES_MAX': 'Price books that the command line reads have at most N,',
  'cli/kept-files.ts BYTES_MAX': 'files of keys, checkpoints and proofs N,',
  'cli/keys-command.ts NAME_MAX': 'a name of a key N characters',
  'cli/values.ts TEXT_MAX': 'A value of the command line has at most N characters',
  'cli/values.ts PATH_MAX': 'characters, a path N;',
  'cli/as-of-commands.ts FACTS_MOST': '`changes` and `explain --records` show at most N',
  'cli/explain-command.ts RECORDS_MOST': '`changes` and `explain --records` show at most N',
  'cli/wait-command.ts TIMEOUT_SECONDS_MAX': '`wait` waits at most N seconds',
  'audit/bundle/bundle-bounds.ts LINE_MAX': [BUNDLES, '| a line; of a record | N characters; 1 Mi |'],
  'audit/bundle/bundle-bounds.ts RECORD_LINE_MAX': [BUNDLES, '| a line; of a record | 4 Mi characters; N |'],
  'audit/bundle/bundle-bounds.ts EVENT_RECORDS_MAX': [BUNDLES, 'their characters | N; 16 Mi |'],
  'audit/bundle/bundle-bounds.ts RECORDS_MAX': [BUNDLES, '20 to 40 bytes) | N |'],
  'audit/bundle/bundle-bounds.ts EDITIONS_MAX': [BUNDLES, '| price books; their characters | N; 64 Mi |'],
  'audit/bundle/bundle-bounds.ts EVENTS_SIZE_MAX': [BUNDLES, 'come out as recorded) | N |'],
  'audit/bundle/bundle-bounds.ts WORK_MAX': [BUNDLES, 'summed over the events | N |'],
  'audit/bundle/bundle-bounds.ts KEYS_MAX': [BUNDLES, 'characters of a note | N; 64; 64 Ki |'],
  'audit/bundle/bundle-bounds.ts PATH_MAX': [BUNDLES, 'characters of a note | 1,000; N; 64 Ki |'],
  'audit/bundle/held-events.ts HELD_MAX': [BUNDLES, 'Of a file with more than N characters of'],
};

/** Bounds that nobody outside meets, by reason. */
const INTERNAL: Readonly<Record<string, readonly string[]>> = {
  'the size of a cache, a queue or a metric, which changes cost and no answer': [
    'api/http/access.ts KNOWN_MAX',
    'import/import.ts BUFFERED_MAX',
    'import/import.ts WAITING_MAX',
    'ledger/refused-usage/quota.ts KEYS_MAX',
    'operation/business-metrics.ts MONTHS_MAX',
    'operation/finance.ts ROWS_MAX',
    'operation/quarantine-metrics.ts NAMED_MAX',
    'operation/waiting-closes.ts KEPT_MAX',
    'operation/inbox.ts MONTHS_MAX',
    'operation/overview.ts POOLS_MAX',
    'audit/replay/identity-set.ts LOOKS_MAX',
  ],
  'how much of what was found is shown': [
    'audit/bundle/verdict.ts MOST',
    'audit/bundle/verdict.ts TEXT_MAX',
    'audit/explain/pack-reasons.ts NAMED_MAX',
    'audit/replay/json-diff.ts MOST',
    'audit/replay/replay-month.ts MOST',
    'audit/verify/verify-store.ts MOST',
    'audit/verify/verify-store.ts TEXT_MOST',
    'ledger/following/compare-views.ts FINDINGS_MOST',
    'api/http/known-names.ts COMPARED_MAX',
    'domain/suggest.ts COMPARED_MAX',
    'domain/suggest.ts SUGGESTED_MAX',
    'text/nearest.ts LENGTH_MAX',
  ],
  'a part of a format, or a fact of the language': [
    'api/routes/usage.ts DAYS_MAX',
    'api/usage/usage-by-tag.ts DAYS_MAX',
    'api/usage/usage-by-tag.ts ROWS_MAX',
    'domain/refused-record.ts TIME_MAX',
    'eventstore/sqlite/write-ahead-log.ts PAGE_MOST',
    'ledger/refused-usage/packed.ts UNPACKED_MAX',
    'serve/ready-file.ts BYTES_MAX',
  ],
  'what is read of a receiver and thrown away': ['delivery/send-webhook.ts ANSWER_MAX'],
  'a time, told in docs/api.md': ['serve/start.ts LAG_MAX_SECONDS'],
  'the pace of the demonstration': ['demo/build.ts DELAY_MS_MAX'],
};

const [KI, MI] = [1_024, 1_024 * 1_024];

/** The value of an expression of numbers, products and the constants that files write them with; null: another one. */
const numberIn = (text: string): number | string | null => {
  const quoted = /^'([^']+)'$/.exec(text);
  if (quoted) return quoted[1] ?? null;
  if (text === 'Number.MAX_SAFE_INTEGER') return Number.MAX_SAFE_INTEGER;
  const factors = text.split('*').map((part) => {
    const name = part.trim();
    if (name === 'KI' || name === 'MI') return name === 'KI' ? KI : MI;
    return /^\d/.test(name) ? Number(name.replaceAll('_', '')) : Number.NaN;
  });
  const value = factors.reduce((product, factor) => product * factor, 1);
  return Number.isNaN(value) ? null : value;
};

const NAMED = /^(?:export )?const ((?:[A-Z]+_)*(?:MAX|MOST|LIMIT)(?:_MS|_SECONDS|_BYTES)?) = ([^;{]+);/gm;

const bounds = new Map<string, number | string>();
for (const file of readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }))
  if (file.endsWith('.ts'))
    for (const [, name = '', text = ''] of textOf(join('src', file)).matchAll(NAMED)) {
      const value = numberIn(text.trim());
      if (value !== null) bounds.set(`${file} ${name}`, value);
    }

const WORDS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const POWERS = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];

/** The ways in which a document may write a number. */
const writtenWays = (value: number | string, name: string): string[] => {
  if (typeof value === 'string') return [value];
  const ways = [value.toLocaleString('en-US'), ...(WORDS[value] ? [WORDS[value]] : [])];
  if (value % MI === 0) ways.push(`${value / MI} MiB`, `${value / MI} Mi`);
  if (value === MI) ways.push('1 Mi');
  if (value % KI === 0) ways.push(`${value / KI} KiB`, `${value / KI} Ki`);
  if (name.endsWith('_MS')) ways.push(String(value / 60_000));
  const digits = [...String(Math.log10(value))];
  if (Number.isInteger(Math.log10(value)) && value >= 1_000_000)
    ways.push(`10${digits.map((digit) => POWERS[Number(digit)]).join('')}`);
  return ways;
};

test('every bound of the source is told, or is nobody’s affair outside', () => {
  const known = [...Object.keys(TOLD), ...Object.values(INTERNAL).flat()];
  expect([...known].sort()).toEqual([...bounds.keys()].sort());
});

test.each(Object.entries(TOLD))('%s stands in the document', (constant, place) => {
  const [file, phrase] = typeof place === 'string' ? [LIMITS, place] : place;
  const words = textOf(file).replace(/\s+/g, ' ');
  const value = bounds.get(constant);
  const ways = value === undefined ? [] : writtenWays(value, constant);
  const written = ways.map((way) => phrase.replace('N', way));
  expect(
    written.some((one) => words.includes(one)),
    `${file} should say "${phrase}" with N = ${value}`,
  ).toBe(true);
});
