/** Real receivers on this machine: an HTTP server that verifies signatures with the reference library, an SMTP server. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { Webhook } from 'standardwebhooks';
import { onTestFinished } from 'vitest';

/** Settings of a delivery to receivers on this machine. */
export const DELIVERY = {
  smtp: null,
  from: 'suanpan@example.com',
  allowPrivateTargets: true,
  emailMaxAgeDays: 7,
} as const;

export interface Received {
  readonly id: string;
  readonly body: {
    readonly type: string;
    readonly timestamp: string;
    readonly data: Record<string, unknown>;
  };
}

export interface HookReceiver {
  readonly url: string;
  readonly received: Received[];
  /** How often it was called, answered well or not. */
  calls(): number;
  /** What the next calls are answered with, in turn; the last one for all that follow. */
  answer(...answers: Answer[]): void;
  trust(secret: string): void;
}

export type Answer = number | ((request: IncomingMessage, response: ServerResponse, body: string) => void);

/** An HTTP receiver; a signature that does not verify is answered with 401. */
export const hookReceiver = async (): Promise<HookReceiver> => {
  const received: Received[] = [];
  let secret = '';
  let answers: Answer[] = [200];
  let calls = 0;
  const server = createServer(async (request, response) => {
    calls += 1;
    let body = '';
    for await (const chunk of request) body += chunk;
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (typeof answer === 'function') return answer(request, response, body);
    if (answer !== 200) return response.writeHead(answer ?? 500).end();
    try {
      new Webhook(secret).verify(body, request.headers as Record<string, string>);
    } catch {
      return response.writeHead(401).end();
    }
    received.push({ id: String(request.headers['webhook-id']), body: JSON.parse(body) });
    return response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    calls: () => calls,
    answer: (...next) => {
      answers = next;
    },
    trust: (text) => {
      secret = text;
    },
  };
};

export interface Mail {
  readonly to: readonly string[];
  readonly text: string;
}

/** An SMTP server that keeps what it gets. */
export const smtpReceiver = async (): Promise<{ readonly url: string; readonly mails: Mail[] }> => {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, session, done) => {
      let text = '';
      stream.on('data', (chunk) => {
        text += chunk;
      });
      stream.on('end', () => {
        mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), text });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`, mails };
};
