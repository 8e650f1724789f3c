/** Answers requests that Node could not parse: with a problem like all others, and the end of the connection. */
import { Buffer } from 'node:buffer';
import type { Socket } from 'node:net';
import { ApiProblem, problemJson } from './problem.ts';

/** Status lines by error code; any other error is a malformed request. */
const STATUS: Readonly<Record<string, readonly [status: number, reason: string, detail: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large', 'the request: its headers are too large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout', 'the request: it did not come in time'],
};

/** For fastify's `clientErrorHandler`. */
export const answerMalformed = (error: Error & { readonly code?: string }, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const [status, reason, detail] = STATUS[error.code ?? ''] ?? [
    400,
    'Bad Request',
    'the request: it is not HTTP/1.1 (a header, a length or a chunk is malformed)',
  ];
  const body = JSON.stringify({
    ...problemJson(new ApiProblem('invalid_request', detail, { field: 'request' })),
    status,
  });
  if (!socket.writable) return void socket.destroy(error);
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\nContent-Type: application/problem+json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
};
