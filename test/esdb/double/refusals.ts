/** The errors of the server as it sends them: a status, and trailers by which the client knows its own error classes. */
import { Metadata, type ServiceError, status } from '@grpc/grpc-js';

/** An error that grpc-js turns into this status and these trailers. */
export const refusal = (
  code: status,
  details: string,
  trailers: Readonly<Record<string, string>> = {},
): ServiceError => {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(trailers)) metadata.set(name, value);
  return Object.assign(new Error(details), { code, details, metadata });
};

export const isRefusal = (error: unknown): error is ServiceError =>
  error instanceof Error && 'code' in error && 'metadata' in error;

export const maxAppendSizeExceeded = (limit: number): ServiceError =>
  refusal(status.INVALID_ARGUMENT, `Maximum Append Size of ${limit} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': `${limit}`,
  });

export const metadataMissing = (name: string): ServiceError =>
  refusal(status.INVALID_ARGUMENT, `Required Metadata Property '${name}' is missing`, {
    exception: 'missing-required-metadata-property',
    'required-metadata-properties': 'type,content-type',
  });

/** A read that the server's storage refused, whatever the reason: it gives none. */
export const readFailed = (of: 'stream' | 'all'): ServiceError =>
  refusal(
    status.UNKNOWN,
    of === 'all' ? 'Unexpected ReadAllResult: Error' : 'Unexpected ReadStreamResult: Error',
  );

/** Anything that the server did not foresee. */
export const handlerThrew = (): ServiceError => refusal(status.UNKNOWN, 'Exception was thrown by handler.');

/** What the real server can do and this one cannot. */
export const notInDouble = (what: string): ServiceError =>
  refusal(status.UNIMPLEMENTED, `The double of the server has no ${what}`);
