/** The rooms of `src`, from the lowest up: what each may import besides itself, the shared tools and `node:` modules. */

/** Small tools that every room may import; the pure ones (domain, projections) only text. */
export const SHARED: readonly string[] = ['text', 'files', 'async'];

/**
 * What a room records is said in its `events.ts`, which imports schemas alone; the one file that knows the events of all
 * streams imports them, from the rooms above it too.
 */
export const EVENTS_OF_ALL = 'src/ledger/system/events.ts';
export const isEventsOf = (file: string): boolean => /^src\/(?!domain\/)[\w-]+\/events\.ts$/.test(file);
export const EVENTS_IMPORT: readonly string[] = ['zod', 'src/ledger/system/request-mark.ts'];

export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  text: [],
  files: ['text'],
  async: [],
  domain: ['decimal.js', 'temporal-polyfill', 'canonicalize', 'zod'],
  projections: ['domain', 'zod'],
  input: ['domain', 'zod'],
  codec: ['domain', 'integrity', 'zod'],

  integrity: [],
  eventstore: ['integrity', '@eventstore/db-client'],
  'identity-index': ['eventstore', 'classic-level'],
  derived: ['eventstore', 'integrity', 'zod'],

  ledger: [
    ...['derived', 'domain', 'input', 'codec', 'eventstore', 'identity-index', 'integrity', 'projections'],
    'zod',
  ],
  checkpoint: ['domain', 'codec', 'eventstore', 'integrity', 'ledger', 'zod'],
  audit: ['domain', 'codec', 'eventstore', 'integrity', 'ledger', 'checkpoint', 'zod'],

  access: ['ledger', 'eventstore', 'integrity', 'zod'],
  operation: ['derived', 'domain', 'ledger', 'projections', 'eventstore', 'prom-client', 'zod'],
  delivery: ['domain', 'codec', 'integrity', 'ledger', 'eventstore', 'nodemailer', 'zod'],
  exports: ['domain', 'codec', 'input', 'eventstore', 'ledger'],
  transfer: [
    ...['derived', 'domain', 'codec', 'eventstore', 'identity-index', 'integrity', 'ledger', 'audit'],
    'zod',
  ],
  import: ['domain', 'input', 'codec', 'ledger', 'eventstore', 'integrity', 'zod'],
  demo: ['domain', 'input', 'ledger'],

  api: [
    ...['domain', 'input', 'codec', 'eventstore', 'integrity', 'derived', 'ledger', 'projections', 'audit'],
    ...['checkpoint', 'exports', 'access', 'delivery', 'operation'],
    ...['zod', 'fastify', '@fastify/swagger', '@fastify/swagger-ui'],
  ],
  serve: [
    ...['derived', 'eventstore', 'domain', 'input', 'ledger', 'access', 'api', 'checkpoint', 'delivery'],
    ...['operation', 'pino', 'fastify'],
  ],
  cli: [
    ...[
      'derived',
      'domain',
      'input',
      'codec',
      'eventstore',
      'identity-index',
      'integrity',
      'ledger',
      'audit',
    ],
    ...['checkpoint', 'projections', 'exports', 'transfer', 'import', 'demo', 'access', 'serve', 'operation'],
    'zod',
    'string-width',
  ],
  package: ['domain', 'input', 'eventstore', 'integrity'],
  browser: ['audit', 'checkpoint', 'codec', 'domain', 'eventstore', 'integrity', '@noble/hashes/sha2.js'],
};
