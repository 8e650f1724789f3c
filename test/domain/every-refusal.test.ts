/**
 * Nothing the domain refuses goes unspecified: every command says with what it may be refused, its specification shows each,
 * and together they are all that the domain's source can answer. A new refusal fails here until a specification shows it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { AccountCommand } from '../../src/domain/decide.ts';
import { REFUSALS, type RefusalCode, STOPPED, USAGE_REFUSALS } from '../../src/domain/refusals.ts';

interface Specified {
  readonly in: string;
  readonly refused: readonly RefusalCode[];
}

/** What holds for every command alike. */
const EVERY: Specified = {
  in: 'every-command',
  refused: ['account_unknown', 'out_of_order', 'quantity_too_large'],
};
const PUBLISH: Specified = {
  in: 'publish-edition',
  refused: ['book_malformed', 'edition_published', 'edition_too_late'],
};
/** With what each command is refused besides, and which file specifies it. */
const COMMANDS: { readonly [Name in AccountCommand['name']]: Specified } = {
  'open-account': { in: 'open-account', refused: ['account_exists'] },
  'activate-service': { in: 'activate-service', refused: ['service_unknown'] },
  'switch-post-paid': { in: 'post-paid', refused: ['not_activated'] },
  'set-limits': { in: 'limits', refused: [] },
  deposit: { in: 'deposit', refused: ['reference_used', 'quantity_too_large'] },
  'buy-packs': {
    in: 'buy-packs',
    refused: ['pool_unknown', 'pack_not_sold', 'not_activated', 'quantity_too_large', 'insufficient_funds'],
  },
  'return-pack': {
    in: 'return-pack',
    refused: ['pack_unknown', 'pack_not_returnable', 'quantity_too_large'],
  },
  'agree-price': {
    in: 'agree-price',
    refused: ['meter_unknown', 'invalid_request', 'ladder_malformed', 'contract_limit_reached'],
  },
  'correct-usage': {
    in: 'correct-usage',
    refused: ['record_unknown', 'invalid_request', 'quantity_too_large'],
  },
  credit: {
    in: 'credit',
    refused: ['reference_used', 'quantity_too_large', 'pack_unknown', 'pack_not_usable'],
  },
  suspend: { in: 'suspend', refused: [] },
  'lift-suspension': { in: 'suspend', refused: [] },
  'open-dispute': { in: 'open-dispute', refused: ['bill_unknown', 'meter_unknown'] },
  'attach-evidence': { in: 'open-dispute', refused: ['dispute_unknown', 'dispute_resolved'] },
  'resolve-dispute': {
    in: 'resolve-dispute',
    // And with what refuses an adjustment; two of those are shown.
    refused: ['dispute_unknown', 'dispute_resolved', 'invalid_request', 'reference_used', 'record_unknown'],
  },
  'close-month': { in: 'close-month', refused: ['month_not_over', 'month_out_of_order', 'price_not_agreed'] },
  'pass-time': { in: 'pass-time', refused: [] },
  'notify-unpriced': { in: 'notify-unpriced', refused: [] },
};
/** Who refuses what the domain cannot know. */
const NOT_OF_THE_DOMAIN: { readonly [Code in RefusalCode]?: string } = {
  clock_behind: 'the ledger, by its clock',
  catch_up_needed: 'the ledger, by its clock',
  idempotency_key_reused: 'the ledger, by what it recorded',
};

const textOf = (path: string): string => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8');
const sorted = (codes: Iterable<string>): string[] => [...new Set(codes)].sort();
const matches = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].flatMap(([, code]) => code ?? []);
const all: readonly Specified[] = [EVERY, PUBLISH, ...Object.values(COMMANDS)];

/** The codes that a specification expects, also where it names them first: `['pack_not_usable', …]`. */
const shownIn = (file: string, codes: readonly string[]): string[] =>
  sorted(matches(textOf(`./${file}.test.ts`), /(?:thenRefused\(|\[)\s*'([a-z_]+)'/g)).filter((code) =>
    codes.includes(code),
  );

describe('a specification shows every refusal of its commands, and no other', () => {
  test.each(sorted(all.map((one) => one.in)))('%s', (file) => {
    const stated = all.filter((one) => one.in === file).flatMap(({ refused }) => refused);
    expect(shownIn(file, REFUSALS)).toEqual(sorted(stated));
  });
});

/** The codes that a source of the domain can answer. */
const answeredIn = (file: string): string[] => {
  const text = textOf(`../../src/domain/${file}`);
  expect(text, `${file}: a code is written where it is answered`).not.toMatch(/\brefuse\((?!\s*')/);
  const others = /\btooLarge\(/.test(text) && file !== 'bounds.ts' ? ['quantity_too_large'] : [];
  return [...others, ...matches(text, /\brefuse\(\s*'([a-z_]+)'/g)];
};

test('together they are what the domain can answer', () => {
  const sources = readdirSync(fileURLToPath(new URL('../../src/domain', import.meta.url)));
  expect(sorted(all.flatMap(({ refused }) => refused))).toEqual(sorted(sources.flatMap(answeredIn)));
});

describe('a command states what the source that decides it can answer', () => {
  test.each<[file: string, commands: readonly Specified[]]>([
    ['purchase.ts', [COMMANDS['buy-packs']]],
    ['return-pack.ts', [COMMANDS['return-pack']]],
    ['agree-price.ts', [COMMANDS['agree-price']]],
    ['correct-usage.ts', [COMMANDS['correct-usage']]],
    ['close.ts', [COMMANDS['close-month']]],
    ['publish.ts', [PUBLISH]],
    ['deposit-and-credit.ts', [COMMANDS.deposit, COMMANDS.credit]],
  ])('%s', (file, commands) => {
    expect(sorted(commands.flatMap(({ refused }) => refused))).toEqual(sorted(answeredIn(file)));
  });

  test('disputes.ts, beside what refuses an adjustment', () => {
    const stated = [
      COMMANDS['open-dispute'],
      COMMANDS['attach-evidence'],
      COMMANDS['resolve-dispute'],
    ].flatMap(({ refused }) => refused);
    expect(stated).toEqual(expect.arrayContaining(answeredIn('disputes.ts')));
  });
});

test('a code that the domain does not answer says who does', () => {
  const specified = new Set<string>(all.flatMap(({ refused }) => refused));
  expect(REFUSALS.filter((code) => !specified.has(code))).toEqual(
    REFUSALS.filter((code) => code in NOT_OF_THE_DOMAIN),
  );
});

test('a record is refused for every reason there is but those that the ledger knows', () => {
  const ledgers = ['account_unknown', ...STOPPED.filter((code) => code !== 'price_book_unreadable')];
  expect(shownIn('report-usage', USAGE_REFUSALS)).toEqual(
    sorted(USAGE_REFUSALS.filter((code) => !ledgers.includes(code))),
  );
});
