/** Settings of a server, from environment variables; each is also a flag. An invalid one is reported in one line. */
import { type Instant, isZone } from '../domain/calendar.ts';
import type { CloseAt } from '../domain/close-moment.ts';
import type { EngineTimes } from '../eventstore/eventstoredb/timeouts.ts';
import { instantFromText } from '../input/instant-text.ts';
import { BadSetting, whereOf } from '../ledger/location.ts';
import { refuseOwnFile } from '../ledger/own-files.ts';
import { checkVariables, SETTINGS, type SettingName, settingName } from './setting-names.ts';
import {
  isMailServer,
  isOrigin,
  isSender,
  listed,
  MAIL_SERVER_RULE,
  ORIGIN_RULE,
  SENDER_RULE,
} from './setting-rules.ts';

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

/** Reads settings: a flag before its variable before the default. Throws BadSetting. */
export const readSettings = (
  flags: Readonly<Record<string, string | boolean | undefined>>,
  env: Readonly<Record<string, string | undefined>>,
): Settings => {
  checkVariables(env);
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
  // The value is not shown: it may hold a password.
  if (text('smtp') !== '' && !isMailServer(text('smtp')))
    throw new BadSetting(`${settingName('smtp')}: ${MAIL_SERVER_RULE}`);
  if (!isSender(text('mail-from'))) bad('mail-from', SENDER_RULE);
  const origins = listed(text('cors'));
  const noOrigin = origins.find((origin) => !isOrigin(origin));
  if (noOrigin !== undefined) throw new BadSetting(`${settingName('cors')}: ${noOrigin} ${ORIGIN_RULE}`);
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
    origins,
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

const MINUTE_MS = 60_000;
const RULE = 'is neither manual nor DAYTHH:MM from 1T00:00 to 3T23:59';

const closeAtOf = (text: string): CloseAt | null => {
  const [, day, hours, minutes] = /^([1-3])T([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  return day === undefined
    ? null
    : { day: Number(day), after: (Number(hours) * 60 + Number(minutes)) * 60_000 };
};
