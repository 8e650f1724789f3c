/** Any error as a problem; an unexpected one is logged and answered as `internal`. */
import type { FastifyRequest } from 'fastify';
import { LedgerRestored, StoreUnavailable } from '../../../eventstore/event-store.ts';
import { RefusedForNow } from '../../../ledger/account/command-instant.ts';
import { operatorProblem } from './operator-faults.ts';
import { ApiProblem, problemOfRefusal } from './problem.ts';
import { stoppedProblem } from './stopped-problem.ts';

/** The problem that an error of a request is answered with. */
export const problemOf = (error: unknown, request: FastifyRequest): ApiProblem => {
  if (error instanceof ApiProblem) return error;
  if (error instanceof RefusedForNow) return problemOfRefusal(error.refusal);
  if (error instanceof LedgerRestored) return new ApiProblem('ledger_restored', error.message);
  if (error instanceof StoreUnavailable) return new ApiProblem('store_unavailable', error.message);
  const stopped = stoppedProblem(error);
  if (stopped) {
    request.log.error({ code: stopped.code, ...stopped.members }, stopped.message);
    return stopped;
  }
  const framework = frameworkProblem(error, request);
  if (framework) return framework;
  request.log.error({ err: error }, 'unforeseen');
  const known = operatorProblem(error);
  if (known) return known;
  return new ApiProblem('internal', 'internal error; see the server log', {
    request: request.id,
  });
};

/** Refusals of the framework and its plugins, by status; null for any other error. */
const frameworkProblem = (error: unknown, { method }: FastifyRequest): ApiProblem | null => {
  const { statusCode = 0, message = 'is malformed' } = error as { statusCode?: number; message?: string };
  // Of the documentation's files: a name that a file cannot have.
  if (statusCode === 403 || statusCode === 404)
    return new ApiProblem('route_unknown', `there is no such page to ${method}`);
  if (statusCode < 400 || statusCode >= 500) return null;
  return new ApiProblem('invalid_request', `request: ${message}`, { field: 'request' });
};
