/** A server on this machine that answers as a script says, one step a request; the last step stays. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';

export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export type Step = (response: ServerResponse, asked: Asked) => void;

export interface Scripted {
  readonly base: string;
  readonly asked: Asked[];
}

export const scriptedServer = async (...steps: Step[]): Promise<Scripted> => {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const one = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body };
    const step = steps[Math.min(asked.length, steps.length - 1)];
    asked.push(one);
    step?.(response, one);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return { base: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`, asked };
};

export const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Step =>
  (response) =>
    void response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify(body));

export const problem = (status: number, code: string, headers: Record<string, string> = {}): Step =>
  json(
    status,
    { type: `urn:suanpan:problem:${code}`, title: code, status, detail: 'because', code },
    {
      'content-type': 'application/problem+json',
      ...headers,
    },
  );

/** A proxy's error page. */
export const page =
  (status: number, headers: Record<string, string> = {}): Step =>
  (response) =>
    void response
      .writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...headers })
      .end('<html><body><h1>Bad Gateway</h1></body></html>');

/** Ends the connection without an answer. */
export const reset: Step = (response) => void response.socket?.destroy();

/** Begins an answer, and ends the connection in the middle of it. */
export const cut: Step = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"account":', () => response.socket?.destroy());
};

/** Never answers. */
export const silence: Step = () => undefined;
