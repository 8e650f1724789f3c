/** Settings of a server, from environment variables; each is also a flag. An invalid one is reported in one line. */
import type { Instant } from '../domain/calendar.ts';
import type { CloseAt } from '../domain/close-moment.ts';
import type { EngineTimes } from '../eventstore/eventstoredb/timeouts.ts';
import { instantFromText } from '../input/instant-text.ts';
import { ADDRESSES, BadSetting, DEFAULT_DATA, DEFAULT_STORE, whereOf } from '../ledger/location.ts';
import { refuseOwnFile } from '../ledger/own-files.ts';
import { didYouMean } from '../text/nearest.ts';

export interface Settings {
  readonly store: string;
  /** This server's folder for data derived from a ledger on an engine. */
  readonly data: string;
  readonly host: string;
  /** 0 picks one. */
  readonly port: number;
  readonly adminKey: string | null;
  readonly zone: string | null;
  readonly closeAt: CloseAt | null;
  /** Start of a test clock; null: the system's clock. */
  readonly clock: Instant | null;
  /** Whether everything due may be caught up automatically; otherwise limits on closes and days per account. */
  readonly catchUp: boolean;
  readonly catchUpMonths: number;
  readonly catchUpDays: number;
  readonly books: 'shipped' | 'none';
  readonly smtp: string | null;
  readonly mailFrom: string;
  readonly allowPrivateTargets: boolean;
  readonly inFlightMax: number;
  readonly requestsPerSecond: number | null;
  readonly origins: readonly string[];
  readonly logLevel: string;
  readonly secret: string | null;
  /** Accepts the secret even if the ledger was written with another one. */
  readonly newSecret: boolean;
  /** A file that contains the address while the server is ready. */
  readonly readyFile: string | null;
  /** Continues although the ledger ends before what is known to have been in it. */
  readonly acceptLoss: boolean;
  /** How to wait for an engine. */
  readonly engineTimes: EngineTimes;
  /** Milliseconds without an answer from the engine after which the server is not ready. */
  readonly engineSilentMs: number;
  /** A file outside the ledger that checkpoints are appended to. */
  readonly checkpointFile: string | null;
}

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

/** Reads settings: a flag before its variable before the default. Throws BadSetting. */
export const readSettings = (
  flags: Readonly<Record<string, string | boolean | undefined>>,
  env: Readonly<Record<string, string | undefined>>,
): Settings => {
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
  const text = (name: SettingName): string => {
    const flag = flags[name];
    const [variable, , fallback] = SETTINGS[name];
    if (flag === true) return 'true';
    return typeof flag === 'string' ? flag : (env[variable] ?? fallback);
  };
  const bad = (name: SettingName, rule: string): never => {
    throw new BadSetting(`${settingName(name)}: ${text(name)} ${rule}`);
  };
  const count = (name: SettingName, least: number, most: number): number => {
    const value = Number(text(name));
    return /^\d{1,9}$/.test(text(name)) && value >= least && value <= most
      ? value
      : bad(name, `must be an integer between ${least} and ${most}`);
  };
  const oneOf = <Value extends string>(name: SettingName, values: readonly Value[]): Value =>
    values.find((value) => value === text(name)) ?? bad(name, `is not one of ${values.join(', ')}`);
  const clock = text('clock') === '' ? null : instantFromText(text('clock'));
  if (text('clock') !== '' && clock === null)
    bad('clock', 'is not a valid instant, expected RFC 3339 with an offset');
  if (text('admin-key') !== '' && !/^[\x21-\x7e]{8,200}$/.test(text('admin-key')))
    throw new BadSetting(
      `${SETTINGS['admin-key'][0]} (--admin-key): a key has 8 to 200 printable characters`,
    );
  if (text('smtp') !== '' && !URL.canParse(text('smtp')))
    throw new BadSetting(`${SETTINGS.smtp[0]} (--smtp): is not a valid address, expected smtp://…`);
  if (text('zone') !== '' && !isZone(text('zone'))) bad('zone', 'is an unknown time zone');
  return {
    store: text('store'),
    data: text('data'),
    host: text('host'),
    port: count('port', 0, 65_535),
    adminKey: text('admin-key') || null,
    zone: text('zone') || null,
    closeAt: closeAtOf(text('close-at')) ?? (text('close-at') === 'manual' ? null : bad('close-at', RULE)),
    clock,
    catchUp: oneOf('catch-up', ['true', 'false']) === 'true',
    catchUpMonths: count('catch-up-months', 0, 1_200),
    catchUpDays: count('catch-up-days', 0, 36_500),
    books: oneOf('books', ['shipped', 'none']),
    smtp: text('smtp') || null,
    mailFrom: text('mail-from'),
    allowPrivateTargets: oneOf('allow-private-targets', ['true', 'false']) === 'true',
    inFlightMax: count('in-flight', 1, 1_000_000),
    requestsPerSecond: text('rate') === '' ? null : count('rate', 1, 1_000_000),
    origins: text('cors').split(',').filter(Boolean),
    logLevel: oneOf('log', ['debug', 'info', 'warn', 'error', 'silent']),
    secret: text('secret') || null,
    acceptLoss: oneOf('accept-loss', ['true', 'false']) === 'true',
    newSecret: oneOf('new-secret', ['true', 'false']) === 'true',
    readyFile: text('ready-file') || null,
    engineTimes: {
      pulseMs: count('engine-pulse', 10, MINUTE_MS),
      deadMs: count('engine-dead', 50, MINUTE_MS),
      callMs: count('engine-call', 50, MINUTE_MS),
      patienceMs: count('engine-patience', 50, 10 * MINUTE_MS),
      turnMs: count('engine-turn', 50, 10 * MINUTE_MS),
    },
    engineSilentMs: count('engine-silent', 50, 10 * MINUTE_MS),
    checkpointFile: text('checkpoint-file') || null,
  };
};

/** Throws BadSetting if a file that a server writes or deletes is one of the ledger itself. */
export const refuseOwnFiles = ({ store, data, readyFile, checkpointFile }: Settings): void => {
  const where = whereOf(store, data);
  for (const [name, file] of [
    ['ready-file', readyFile],
    ['checkpoint-file', checkpointFile],
  ] as const)
    if (file !== null) refuseOwnFile(where, file, settingName(name));
};

/** Node's replacement for bytes that are not UTF-8. */
const REPLACED = '\ufffd';
const MINUTE_MS = 60_000;
/** Variables of clients (a server's address and key), and of the tests and benchmarks. */
const OTHERS = /^SUANPAN_((URL|KEY)$|TEST|PROOF|BENCH)/;
const RULE = 'is neither manual nor DAYTHH:MM from 1T00:00 to 3T23:59';

const closeAtOf = (text: string): CloseAt | null => {
  const [, day, hours, minutes] = /^([1-3])T([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  return day === undefined
    ? null
    : { day: Number(day), after: (Number(hours) * 60 + Number(minutes)) * 60_000 };
};

/** Whether a text names a time zone. */
export const isZone = (zone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
};
