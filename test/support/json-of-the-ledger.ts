/**
 * The files that call `JSON.parse`, each with the reason: it loses the first of two members with one name, and digits.
 * Text that others wrote is read by `strictJson`.
 */

const STORED = 'an event of the ledger, which this package wrote and its seal covers';
const SEALED = 'an event in a bundle: the hash chain and the signed checkpoint cover its bytes';
const DERIVED = 'derived data, which this package wrote';
const STRICT = 'reads strictly itself: checks the text beside the value';

export const PARSES_JSON: Readonly<Record<string, string>> = {
  'src/api/routes/event-stream.ts': STORED,
  'src/audit/bundle/reader.ts':
    'a line of a bundle, which must be canonical: compared with its canonical text',
  'src/audit/bundle/verify-books.ts': SEALED,
  'src/audit/bundle/verify-events.ts': SEALED,
  'src/audit/bundle/verify-ledger.ts': SEALED,
  'src/audit/verify/spilling-map.ts': DERIVED,
  'src/cli/run.ts': 'package.json of this package',
  'src/codec/event-codec.ts': STORED,
  'src/delivery/mail.ts': 'a message of the outbox, which this package wrote',
  'src/derived/views.ts': DERIVED,
  'src/input/usage-report.ts': STRICT,
  'src/ledger/account/loaded-account.ts': DERIVED,
  'src/ledger/refused-usage/content.ts': 'the canonical text of a value that is at hand',
  'src/ledger/refused-usage/packed.ts': STORED,
  'src/ledger/system/shipped-price-books.ts': 'a price book of this package',
  'src/text/json-faults.ts': STRICT,
  'src/text/json-in-steps.ts': STRICT,
  'src/text/strict-json.ts': STRICT,
};
