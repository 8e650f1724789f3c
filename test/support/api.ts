/** A server on a socket of this machine, and requests to it, for specifications of the HTTP interface. */
import { randomUUID } from 'node:crypto';
import { readSettings } from '../../src/serve/settings.ts';
import { type Running, startServer } from '../../src/serve/start.ts';

export const ADMIN = 'test-admin-key';

export interface Answered {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: what comes back is what a test looks at.
  readonly body: any;
  readonly headers: Headers;
}

/** Requests to a server, wherever it runs. */
export interface RequestsTo {
  readonly base: string;
  /** A request with a JSON body, the admin key and, where one is needed, a new idempotency key, unless headers say otherwise. */
  send(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answered>;
  /** Like `send`; another status than below 300 fails the test. */
  ok(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answered>;
}

export interface ServedApi extends RequestsTo {
  readonly running: Running;
  stop(): Promise<void>;
}

/** Starts a server on a port of its own; in memory and on a test clock of 2019 unless `env` says otherwise. */
export const served = async (env: Readonly<Record<string, string>> = {}): Promise<ServedApi> => {
  const settings = readSettings(
    {},
    {
      SUANPAN_STORE: 'memory:',
      SUANPAN_PORT: '0',
      SUANPAN_ADMIN_KEY: ADMIN,
      SUANPAN_CLOCK: '2019-01-01T00:00:00+08:00',
      SUANPAN_LOG: 'silent',
      ...env,
    },
  );
  const running = await startServer(settings);
  return { running, ...requestsTo(running.address), stop: () => running.stop() };
};

/** Requests to the server at an address. */
export const requestsTo = (base: string): RequestsTo => {
  const send: RequestsTo['send'] = async (method, path, body, headers = {}) => {
    const response = await fetch(`${base}${path.startsWith('/v1') ? '' : '/v1'}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${ADMIN}`,
        ...(/^POST .*\/packs(\?|$)/.test(`${method} ${path}`) ? { 'idempotency-key': randomUUID() } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') && !isLines(response);
    return { status: response.status, body: isJson ? JSON.parse(text) : text, headers: response.headers };
  };
  return {
    base,
    send,
    ok: async (method, path, body, headers) => {
      const answered = await send(method, path, body, headers);
      if (answered.status >= 300)
        throw new Error(`${method} ${path}: ${answered.status} ${JSON.stringify(answered.body)}`);
      return answered;
    },
  };
};

const isLines = (response: Response): boolean =>
  response.headers.get('content-type')?.startsWith('application/x-ndjson') ?? false;

/** A usage CloudEvent. */
export const usage = (id: string, more: object = {}, calls = 1) => ({
  specversion: '1.0',
  type: 'suanpan.usage',
  source: '/gateway/1',
  id,
  subject: 'acme',
  time: '2019-01-01T00:00:00+08:00',
  data: { interface: 'face-recognition/compare', calls },
  ...more,
});

/** Opens an account with money and a product. */
export const withAccount = async (api: RequestsTo, account = 'acme'): Promise<void> => {
  await api.ok('POST', '/accounts', { account, name: '示例' });
  await api.ok('POST', `/accounts/${account}/services`, { product: 'face-recognition' });
  await api.ok('POST', `/accounts/${account}/deposits`, { amount: '200000.00', reference: 'first' });
};
