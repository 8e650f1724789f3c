/** The names of all settings, and the check of the environment for unknown ones. */
import { ADDRESSES, BadSetting, DEFAULT_DATA, DEFAULT_STORE } from '../ledger/location.ts';
import { didYouMean } from '../text/nearest.ts';

/** All settings: variable, flag, description, and default as text. */
export const SETTINGS = {
  store: ['SUANPAN_STORE', ADDRESSES, DEFAULT_STORE],
  data: [
    'SUANPAN_DATA',
    "this server's own folder for what it derives from a ledger on an engine",
    DEFAULT_DATA,
  ],
  host: ['SUANPAN_HOST', 'address to listen on', '127.0.0.1'],
  port: ['SUANPAN_PORT', 'port to listen on; 0 picks one', '8080'],
  'admin-key': ['SUANPAN_ADMIN_KEY', 'a first key with every scope', ''],
  zone: ['SUANPAN_ZONE', 'billing zone of a new ledger', ''],
  'close-at': ['SUANPAN_CLOSE_AT', 'when months close by themselves: DAYTHH:MM, or manual', '1T04:00'],
  clock: ['SUANPAN_CLOCK', 'an instant: a test clock that stands still there', ''],
  'catch-up': [
    'SUANPAN_CATCH_UP',
    'true: catch up whatever fell due in a downtime, however long it was',
    'false',
  ],
  'catch-up-months': ['SUANPAN_CATCH_UP_MONTHS', 'closes of an account that are caught up unasked', '2'],
  'catch-up-days': ['SUANPAN_CATCH_UP_DAYS', 'days of a downtime that are caught up unasked', '40'],
  books: ['SUANPAN_BOOKS', 'shipped or none: what a new ledger publishes', 'shipped'],
  smtp: ['SUANPAN_SMTP', 'smtp://user:password@host:port: where e-mail goes out', ''],
  'mail-from': ['SUANPAN_MAIL_FROM', 'sender of e-mail', 'suanpan@localhost'],
  'allow-private-targets': [
    'SUANPAN_ALLOW_PRIVATE_TARGETS',
    'true: webhooks may go to private addresses',
    'false',
  ],
  'in-flight': ['SUANPAN_IN_FLIGHT', 'requests worked on at once', '2000'],
  rate: ['SUANPAN_RATE', 'requests a second for each key; empty: any number', ''],
  cors: ['SUANPAN_CORS', 'origins that browsers may call from, separated by commas', ''],
  log: ['SUANPAN_LOG', 'debug, info, warn, error or silent', 'info'],
  'ready-file': ['SUANPAN_READY_FILE', 'a file that holds the address while the server is ready', ''],
  'checkpoint-file': [
    'SUANPAN_CHECKPOINT_FILE',
    'a file outside the ledger that every checkpoint is appended to',
    '',
  ],
  'engine-pulse': ['SUANPAN_ENGINE_PULSE', 'ms between two looks at an engine', '200'],
  'engine-dead': [
    'SUANPAN_ENGINE_DEAD',
    'ms without an answer after which a connection to an engine is given up',
    '1500',
  ],
  'engine-call': ['SUANPAN_ENGINE_CALL', 'ms after which an append without an answer is sent again', '4000'],
  'engine-patience': [
    'SUANPAN_ENGINE_PATIENCE',
    'ms after which a caller gets an error because the engine does not answer',
    '8000',
  ],
  'engine-turn': [
    'SUANPAN_ENGINE_TURN',
    'ms for which a command of an account that others write to is tried again',
    '5000',
  ],
  'engine-silent': [
    'SUANPAN_ENGINE_SILENT',
    'ms of silence of an engine after which this server is not ready',
    '3000',
  ],
  secret: ['SUANPAN_SECRET', 'encrypts secrets at rest; default: a file beside the ledger', ''],
  'accept-loss': [
    'SUANPAN_ACCEPT_LOSS',
    'true, once: go on although the ledger ends before what is known to have been in it',
    'false',
  ],
  'new-secret': [
    'SUANPAN_NEW_SECRET',
    'true, once: the previous secret is lost; what it encrypted must be created again',
    'false',
  ],
} as const satisfies Record<string, readonly [string, string, string]>;
export type SettingName = keyof typeof SETTINGS;

/** How messages name a setting: its variable and its flag. */
export const settingName = (name: SettingName): string => `${SETTINGS[name][0]} (--${name})`;

/**
 * Refuses an unknown variable, since a misspelt one would leave a default in force, and one that is not UTF-8. Throws
 * BadSetting.
 */
export const checkVariables = (env: Readonly<Record<string, string | undefined>>): void => {
  const known = new Set<string>(Object.values(SETTINGS).map(([name]) => name));
  const unknown = Object.keys(env).find(
    (name) => name.startsWith('SUANPAN_') && !known.has(name) && !OTHERS.test(name),
  );
  if (unknown)
    throw new BadSetting(
      `${unknown} is not a setting of suanpan${didYouMean(unknown, known)} (see suanpan serve --help)`,
    );
  const broken = Object.values(SETTINGS).find(([name]) => env[name]?.includes(REPLACED));
  if (broken) throw new BadSetting(`${broken[0]} is not valid UTF-8 text`);
};

/** Node's replacement for bytes that are not UTF-8. */
const REPLACED = '\ufffd';
/** Variables of clients (a server's address and key), and of the tests and benchmarks. */
const OTHERS = /^SUANPAN_((URL|KEY|SEEDS?|SHOW|NO_SHRINK)$|TEST|PROOF|BENCH)/;
