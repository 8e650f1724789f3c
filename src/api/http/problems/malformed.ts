/** Answers requests that Node could not parse: with a problem like all others, and the end of the connection. */
import { Buffer } from 'node:buffer';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { ApiProblem, type ProblemCode, problemJson, statusOf } from './problem.ts';

/** Refusals by error code of Node's parser; any other error is a malformed request. */
const REFUSALS: Readonly<Record<string, readonly [code: ProblemCode, detail: string]>> = {
  HPE_HEADER_OVERFLOW: ['headers_too_large', 'the request: its headers are too large (16 KiB)'],
  ERR_HTTP_REQUEST_TIMEOUT: ['request_timeout', 'the request: not received in time'],
};
const MALFORMED = [
  'invalid_request',
  'the request: it is not HTTP/1.1 (its first line, a header, a length or a chunk is malformed)',
] as const;

type ParserError = Error & { readonly code?: string };

/** For fastify's `clientErrorHandler`; each answer is counted, since no hook of the framework sees it. */
export const malformedAnswers =
  (count: (code: ProblemCode) => void) =>
  (error: ParserError, socket: Duplex): void => {
    if (error.code === 'ECONNRESET' || socket.destroyed) return;
    const [code, detail] = REFUSALS[error.code ?? ''] ?? MALFORMED;
    if (!socket.writable) {
      socket.destroy(error);
      return;
    }
    count(code);
    end(socket, new ApiProblem(code, detail, { field: 'request' }));
  };

/** For Node's `connect` event: the server is no proxy. */
export const answerConnect = (problem: ApiProblem, socket: Duplex): void => end(socket, problem);

const end = (socket: Duplex, problem: ApiProblem): void => {
  const status = statusOf(problem.code);
  const body = JSON.stringify(problemJson(problem));
  const head = {
    ...problem.headers,
    'Content-Type': 'application/problem+json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
  };
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.on('error', () => undefined);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`);
};
