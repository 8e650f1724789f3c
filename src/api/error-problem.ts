/** Any error as a problem; what nobody foresaw is logged and told as `internal`. */
import type { FastifyRequest } from 'fastify';
import { StoredEventUnreadable } from '../codec/event-codec.ts';
import { FactUnwritable } from '../codec/reads-back.ts';
import { RefusedForNow } from '../ledger/timing.ts';
import { AppendTooLarge, LedgerRestored, StoreUnavailable } from '../store/event-store.ts';
import { operatorProblem } from './operator-faults.ts';
import { ApiProblem, problemOfRefusal } from './problem.ts';

/** The problem that an error of a request is answered with. */
export const problemOf = (error: unknown, request: FastifyRequest): ApiProblem => {
  if (error instanceof ApiProblem) return error;
  if (error instanceof RefusedForNow) return problemOfRefusal(error.refusal);
  if (error instanceof LedgerRestored)
    return new ApiProblem('ledger_restored', error.message, {}, { 'Retry-After': '1' });
  if (error instanceof StoreUnavailable)
    return new ApiProblem('store_unavailable', error.message, {}, { 'Retry-After': '1' });
  if (error instanceof FactUnwritable) {
    request.log.error({ err: error }, 'what could not be read again was not recorded');
    return new ApiProblem('fact_unwritable', error.message, { stream: error.stream, fact: error.type });
  }
  if (error instanceof StoredEventUnreadable) {
    const { stream, revision, message } = error;
    request.log.error({ stream, revision }, message);
    return new ApiProblem('stream_unreadable', message, { stream, revision });
  }
  if (error instanceof AppendTooLarge) return new ApiProblem('body_too_large', error.message);
  const { statusCode, message } = error as { statusCode?: number; message?: string };
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new ApiProblem('invalid_request', message ?? 'the request is malformed');
  request.log.error({ err: error }, 'unforeseen');
  const known = operatorProblem(error);
  if (known) return known;
  return new ApiProblem('internal', 'this should not have happened; it is in the log', {
    request: request.id,
  });
};
