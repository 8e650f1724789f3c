/** The HTTP interface under load: the server in a process of its own, the load beside it on the same cores. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { nameOf } from './load.ts';
import { hasWrk, runWrk } from './wrk.ts';

const MAIN = fileURLToPath(new URL('../bin/suanpan.js', import.meta.url));
const KEY = 'bench-key-of-the-operator';

export interface Served {
  readonly base: string;
  /** The store's address. */
  readonly store: string;
  readonly stop: () => Promise<void>;
  /** Kills it, starts it again over the same ledger, and says how long the first answer took, in seconds. */
  readonly restart: () => Promise<number>;
}

export interface ServeOptions {
  readonly flags?: readonly string[];
  /** The ledger's address; default: a file of its own. */
  readonly store?: string;
  /** Of Node itself. */
  readonly node?: readonly string[];
}

/** Starts a server over a ledger, and opens accounts in it. */
export const serve = async (accounts: number, options: ServeOptions = {}): Promise<Served> => {
  const folder = mkdtempSync(join(tmpdir(), 'suanpan-bench-'));
  const store = options.store ?? `sqlite:${join(folder, 'ledger.db')}`;
  const flags = ['--data', folder, '--secret', 'of-the-bench', ...(options.flags ?? [])];
  let child = started(store, '0', flags, options.node);
  const base = await addressOf(child);
  for (let i = 0; i < accounts; i++) {
    await post(base, '/accounts', { account: nameOf(i), name: '' });
    await post(base, `/accounts/${nameOf(i)}/services`, { product: 'face-recognition' });
  }
  const ended = (signal: NodeJS.Signals): Promise<void> =>
    new Promise((resolve) => {
      child.removeAllListeners('exit');
      child.once('exit', () => resolve());
      child.kill(signal);
    });
  return {
    base,
    store,
    stop: async () => {
      await ended('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
    restart: async () => {
      await ended('SIGKILL');
      const at = performance.now();
      child = started(store, new URL(base).port, flags);
      for (;;) {
        const answer = await fetch(`${base}/v1/accounts/${nameOf(0)}`, { headers: HEADERS }).catch(
          () => null,
        );
        if (answer?.ok) return (performance.now() - at) / 1_000;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
  };
};

const started = (
  store: string,
  port: string,
  flags: readonly string[],
  node: readonly string[] = [],
): ChildProcess =>
  spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      ...node,
      MAIN,
      'serve',
      '--port',
      port,
      '--store',
      store,
      ...flags,
    ],
    { env: { ...process.env, SUANPAN_ADMIN_KEY: KEY }, stdio: ['ignore', 'pipe', 'inherit'] },
  );

const addressOf = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    child.stdout?.on('data', (data) => {
      const [, address] = /"address":"([^"]+)"/.exec(String(data)) ?? [];
      if (address) resolve(address);
    });
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });

export const HEADERS = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };

const post = async (base: string, path: string, body: unknown): Promise<void> => {
  const response = await fetch(`${base}/v1${path}`, {
    method: 'POST',
    headers: HEADERS,
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
};

/** Usage of now, by the system's clock: a test clock is asked for with each request where servers share it. */
const report = (account: string, time: string) =>
  `{"specversion":"1.0","type":"suanpan.usage","source":"/gateway/1","id":"${randomUUID()}","subject":"${account}","time":"${time}","data":{"interface":"face-recognition/compare","calls":1}}`;

/** A body of so many records of one account. */
export const bodyOf = (size: number, account: string): string => {
  const time = new Date().toISOString();
  return size === 1
    ? report(account, time)
    : `[${Array.from({ length: size }, () => report(account, time)).join(',')}]`;
};

interface Load {
  readonly path: string;
  readonly size: number;
  readonly accounts: number;
  /** The first of them; default: 0. */
  readonly first?: number;
  readonly connections: number;
  readonly seconds: number;
}

export const run = async (base: string, { path, size, accounts, first = 0, connections, seconds }: Load) => {
  let next = 0;
  const result = await autocannon({
    url: `${base}${path}`,
    method: 'POST',
    connections,
    duration: seconds,
    headers: HEADERS,
    requests: [
      {
        setupRequest: (request) => {
          next += 1;
          return { ...request, body: bodyOf(size, nameOf(first + (next % accounts))) };
        },
      },
    ],
  });
  const { requests, latency, non2xx, errors } = result;
  if (non2xx > 0 || errors > 0) throw new Error(`${non2xx} answers were no success, ${errors} failed`);
  return { rate: requests.average, p99: latency.p99, total: requests.total };
};

/** What was measured must be what was meant: nothing was refused. */
export const everyAccepted = async (base: string): Promise<void> => {
  const text = await (await fetch(`${base}/metrics`)).text();
  const refused = /suanpan_records_total\{outcome="refused"\} (\d+)/.exec(text)?.[1];
  if (refused !== undefined && refused !== '0') throw new Error(`${refused} records were refused`);
};

/** By wrk where it is installed: it leaves the server more of the cores. */
const offered = (base: string, load: Load) =>
  hasWrk() ? runWrk({ base, authorization: HEADERS.authorization, ...load }) : run(base, load);

const WARM_UP_SECONDS = 4;

/** Rates of usage over HTTP: one record a request, a hundred, a thousand, and one hot account. */
export const benchHttp = async (seconds: number): Promise<string> => {
  const served = await serve(200);
  const offer = (load: Partial<Load>) =>
    offered(served.base, {
      ...{ path: '/v1/usage', size: 1, accounts: 200, connections: 64, seconds },
      ...load,
    });
  await offer({ seconds: WARM_UP_SECONDS });
  const one = await offer({});
  const oneAccount = await offer({ accounts: 1 });
  const parsed = await offer({ path: '/v1/price-books/lint' });
  const empty = await offer({ size: 0 });
  const hundred = await offer({ size: 100, connections: 16 });
  const thousand = await offer({ size: 1_000, connections: 16 });
  const hot = await offer({ size: 1_000, connections: 16, accounts: 1 });
  await everyAccepted(served.base);
  await served.stop();
  const records = (size: number, rate: number) => Math.round(size * rate).toLocaleString('en-US');
  const percent = (rate: number) => `${Math.round((100 * one.rate) / rate)} %`;
  return [
    `load by ${hasWrk() ? 'wrk' : 'autocannon'}, beside the server on the same cores`,
    `one record a request, 64 connections, 200 accounts: ${records(1, one.rate)} requests/s, p99 ${one.p99} ms; all of one account: ${records(1, oneAccount.rate)}, p99 ${oneAccount.p99} ms`,
    `the first is ${percent(parsed.rate)} of a route that parses a body by its schema and answers (${records(1, parsed.rate)}/s), ${percent(empty.rate)} of an empty batch (${records(1, empty.rate)}/s)`,
    `100 a request: ${records(100, hundred.rate)} records/s; 1,000 a request: ${records(1_000, thousand.rate)} records/s; one hot account: ${records(1_000, hot.rate)} records/s`,
  ].join('\n');
};
