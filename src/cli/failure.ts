/**
 * Classifies the error that ended a command: a line for people, a code for programs, and the exit code. Expected errors
 * are wrong use or failed checks; all others are reported as bugs.
 */
import { StoredEventUnreadable } from '../codec/event-codec.ts';
import { EventUnwritable } from '../codec/reads-back.ts';
import { ViewUnreadable } from '../derived/views.ts';
import { EditionBroken } from '../domain/catalogue.ts';
import { AppendTooLarge, LedgerDamaged, StoreUnavailable } from '../eventstore/event-store.ts';
import { diskTrouble } from '../eventstore/sqlite/disk-trouble.ts';
import { PeriodMalformed } from '../exports/period.ts';
import { StatementDoesNotAddUp } from '../exports/statement.ts';
import { inWords, isSystemError, subjectOf } from '../files/system-errors.ts';
import { FileUnreadable } from '../files/text-file.ts';
import { FileExists, FileUnwritable } from '../files/whole-file.ts';
import { LedgerInUse } from '../identity-index/level.ts';
import { BadSetting } from '../ledger/location.ts';
import { SecretUnreadable } from '../ledger/secrets/encryption.ts';
import { NotALedger, ZoneDiffers } from '../ledger/system/billing-zone.ts';
import { CopyDisturbed, NoCopy } from '../transfer/copy.ts';
import { LedgerExists } from '../transfer/new-place.ts';
import { WrongUse } from './command.ts';

export const FINE = 0;
export const CHECK_FAILED = 1;
export const WRONG_USE = 2;
/** As `sysexits.h` numbers a fault of the program. */
export const INTERNAL = 70;

export interface Failure {
  readonly exit: number;
  readonly code: string;
  /** One line. */
  readonly message: string;
}

/** Errors that the caller, or the operator, corrects. */
const MENDED_OUTSIDE = [
  WrongUse,
  BadSetting,
  ZoneDiffers,
  NotALedger,
  PeriodMalformed,
  NoCopy,
  CopyDisturbed,
  LedgerExists,
  LedgerInUse,
  StoreUnavailable,
  AppendTooLarge,
  SecretUnreadable,
  FileUnreadable,
  FileUnwritable,
  FileExists,
];
/** Errors of a damaged ledger or an invalid file. */
const FOUND_WRONG = [
  ViewUnreadable,
  LedgerDamaged,
  NotALedger,
  StoredEventUnreadable,
  EventUnwritable,
  EditionBroken,
  StatementDoesNotAddUp,
];

/** A refusal's code at the beginning of a message. */
const CODE = /^([a-z]+(?:_[a-z]+)+): /;

/** The outcome of an error: line, code, exit code. */
export const failureOf = (error: unknown): Failure => {
  const message = oneLine(error instanceof Error ? error.message : String(error));
  if (MENDED_OUTSIDE.some((type) => error instanceof type))
    return { exit: WRONG_USE, code: CODE.exec(message)?.[1] ?? 'wrong_use', message };
  if (FOUND_WRONG.some((type) => error instanceof type))
    return { exit: CHECK_FAILED, code: 'ledger_damaged', message };
  if (isSqlite(error)) return sqliteFailure(error);
  if (isSystemError(error)) {
    const subject = subjectOf(error);
    const code = error.code.toLowerCase();
    return { exit: WRONG_USE, code, message: oneLine(`${subject ? `${subject}: ` : ''}${inWords(error)}`) };
  }
  const name = error instanceof Error ? `${error.name}: ` : '';
  return {
    exit: INTERNAL,
    code: 'internal_error',
    message: `internal error, please report it: ${name}${message}${placeOf(error)} (NODE_DEBUG=suanpan shows more)`,
  };
};

/** Joins a message of several lines (such as a schema's) into one. */
const oneLine = (text: string): string =>
  text
    .trim()
    .split(/\s*\n\s*/)
    .join('; ');

/** The source location of an error, without the rest of the stack. */
const placeOf = (error: unknown): string => {
  const [, file, line] =
    (error instanceof Error && /\/(?:src|dist)\/([^\s:()]+):(\d+)/.exec(error.stack ?? '')) || [];
  return file ? ` at ${file}:${line}` : '';
};

interface SqliteError extends Error {
  readonly errcode?: number;
}

const isSqlite = (error: unknown): error is SqliteError =>
  error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR';

/** Primary result codes of SQLite. */
const SQLITE = { error: 1, full: 13, notADatabase: 26 } as const;

const sqliteFailure = (error: SqliteError): Failure => {
  const primary = (error.errcode ?? 0) & 0xff;
  if (primary === SQLITE.full)
    return {
      exit: WRONG_USE,
      code: 'enospc',
      message: 'the disk is full; nothing that was answered is lost',
    };
  const trouble = diskTrouble(error);
  if (trouble !== null)
    return {
      exit: WRONG_USE,
      code: 'disk_trouble',
      message: `${trouble}; nothing that was answered is lost`,
    };
  const message = oneLine(error.message);
  return {
    exit: CHECK_FAILED,
    code: 'ledger_damaged',
    message: primary === SQLITE.notADatabase ? `not a ledger: ${message}` : `the ledger's file: ${message}`,
  };
};
