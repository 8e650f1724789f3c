/** Classifies the client's errors by what the engine may have done. */
import {
  AccessDeniedError,
  ErrorType,
  isCommandError,
  MaxAppendSizeExceededError,
  StreamDeletedError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import {
  AppendTooLarge,
  LedgerDamaged,
  NoSuchPosition,
  StoreUnavailable,
  VersionConflict,
} from '../event-store.ts';

/** The call or its connection was abandoned: its outcome is unknown. */
export class LinkLost extends Error {}

/** gRPC: CANCELLED, UNKNOWN, DEADLINE_EXCEEDED, ABORTED, INTERNAL, UNAVAILABLE. */
const UNSETTLED = new Set([1, 2, 4, 10, 13, 14]);

/** Errors that may have one of these codes but are final. */
const FINAL = new Set<string>([
  ErrorType.ACCESS_DENIED,
  ErrorType.INVALID_ARGUMENT,
  ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED,
  ErrorType.STREAM_DELETED,
  ErrorType.STREAM_NOT_FOUND,
  ErrorType.WRONG_EXPECTED_VERSION,
]);

/** The engine's answer to reading from a position at which no event begins. */
const NO_EVENT_THERE = /Unexpected ReadAllResult/;

/**
 * Whether the same call may be retried and can succeed: its outcome is unknown, or it was not started. An append is
 * retried only with the same ids and the same expected revision, so that the engine reports an earlier success.
 */
export const isPassing = (error: unknown): boolean => {
  if (error instanceof LinkLost) return true;
  if (!(error instanceof Error) || NO_EVENT_THERE.test(error.message)) return false;
  if (isCommandError(error) && error.type === ErrorType.NOT_LEADER) return true;
  if (isCommandError(error) && FINAL.has(error.type)) return false;
  return 'code' in error && typeof error.code === 'number' && UNSETTLED.has(error.code);
};

/** An error of a call in the words of the port. */
export const translated = (what: string, error: unknown): unknown => {
  if (error instanceof StoreUnavailable || error instanceof LedgerDamaged || !(error instanceof Error))
    return error;
  if (NO_EVENT_THERE.test(error.message))
    return new NoSuchPosition('no event of this ledger has that position');
  if (error instanceof AccessDeniedError)
    return new StoreUnavailable(`${what}: the engine refuses these credentials`, { cause: error });
  if (error instanceof StreamDeletedError) return new LedgerDamaged(`${what} was deleted in the engine`);
  return new StoreUnavailable(`${what}: ${textOf(error)}`, { cause: error });
};

/** The same for an append that expected a stream of a length. */
export const appendFailed = (stream: string, expected: number, bytes: number, error: unknown): unknown => {
  if (error instanceof WrongExpectedVersionError) {
    const { actualVersion } = error;
    // A missing stream has no version; the client reports -1.
    const actual = typeof actualVersion === 'bigint' ? Number(actualVersion) + 1 : 0;
    return new VersionConflict(stream, expected, actual);
  }
  return error instanceof MaxAppendSizeExceededError
    ? new AppendTooLarge(stream, bytes)
    : translated(stream, error);
};

/** One line for people. */
export const textOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.message || ('type' in error ? String(error.type) : error.name);
};
