/**
 * What hostile bodies cost others: each is sent by itself, while a thread of its own asks the server for its health every
 * few milliseconds. The load is small, so that what waits waits for the server.
 */
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ACCOUNTS, HOSTILE, type Hostile } from './hostile/bodies.ts';
import { openProbe, type Probe } from './hostile/probe.ts';
import { HEADERS, type Served, serve } from './http.ts';
import { inGroups, nameOf } from './load.ts';

/** Opens the first account five years before the others, so that there is a past to report for. */
const BORN = '2019-01-02T00:00:00+08:00';
const NOW = '2024-01-05T20:00:00+08:00';
const WORST = 10;
/** After an answer: what goes on behind it is seen too. */
const AFTER_MS = 100;
const QUIET_MS = 1_500;
const TURNS = join(tmpdir(), `suanpan-turns-${process.pid}.socket`);
const TOLD = fileURLToPath(new URL('./hostile/turns.ts', import.meta.url));

interface Seen {
  readonly name: string;
  readonly status: number | string;
  readonly sent: number;
  readonly answered: number;
  readonly seconds: number;
  /** The slowest answer to a question for health, in milliseconds. */
  readonly delay: number;
  readonly turns: Turns;
}

export const benchHostile = async (only = process.env['BENCH_ONLY'] ?? ''): Promise<string> => {
  process.env['BENCH_TURNS'] = TURNS;
  const served = await serve(1, {
    flags: ['--clock', BORN],
    node: ['--import', TOLD, ...(process.env['BENCH_NODE'] ?? '').split(' ').filter(Boolean)],
  });
  await call(served, 'PUT', '/clock', { now: NOW });
  await inGroups(ACCOUNTS - 1, 16, async (i) => {
    const account = nameOf(i + 1);
    await call(served, 'POST', '/accounts', { account, name: '' });
    await call(served, 'POST', `/accounts/${account}/services`, { product: 'face-recognition' });
  });
  await call(served, 'PUT', '/clock', { now: '2024-01-06T20:00:00+08:00' });
  const probe = openProbe(served.base);
  await inTime(QUIET_MS);
  await turns();
  await probe.begin();
  await inTime(QUIET_MS);
  const quiet = `quiet: worst delay ${ms(await probe.end())} ms, longest turn ${ms((await turns()).longest)} ms`;
  console.log(quiet);
  const all: Seen[] = [];
  for (const hostile of HOSTILE.filter(({ name }) => new RegExp(only).test(name))) {
    all.push(await tried(served, probe, hostile));
    console.log(line(all.at(-1) as Seen));
  }
  await probe.stop();
  await served.stop();
  const worst = [...all].sort((a, b) => b.delay - a.delay).slice(0, WORST);
  const longest = [...all].sort((a, b) => b.turns.longest - a.turns.longest).slice(0, WORST);
  const slowest = [...all].sort((a, b) => b.seconds - a.seconds)[0];
  return [
    `${all.length} bodies; ${quiet}; the worst ${worst.length}:`,
    ...worst.map(line),
    'the longest turns:',
    ...longest.map(line),
    `the slowest: ${slowest && line(slowest)}`,
  ].join('\n');
};

const ms = (value: number): string => value.toFixed(0);
const line = ({ name, status, sent, answered, seconds, delay, turns }: Seen): string =>
  `${ms(delay).padStart(5)} ms  turn ${ms(turns.longest).padStart(4)} ms  ${(turns.used / 1_000).toFixed(2).padStart(6)} s of ${seconds.toFixed(2).padStart(6)} s  ${status} ${sent} -> ${answered} bytes  ${name}`;
const inTime = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

const tried = async (served: Served, probe: Probe, hostile: Hostile): Promise<Seen> => {
  const { name, method, path, type, encoding } = hostile;
  // A key of its own: what it may have kept of refused usage is used up by nobody before.
  const authorization = await bearer(served, hostile.key);
  const body = Buffer.from(hostile.body() as string);
  await turns();
  await probe.begin();
  const began = performance.now();
  const headers = {
    'content-type': type,
    'content-length': body.length,
    ...(path === '/usage' ? {} : { 'idempotency-key': crypto.randomUUID() }),
    ...(encoding ? { 'content-encoding': encoding } : {}),
    ...(authorization === null ? {} : { authorization }),
  };
  const { status, bytes } = await answerTo(`${served.base}/v1${path}`, method, headers, body);
  const seconds = (performance.now() - began) / 1_000;
  await inTime(AFTER_MS);
  const delay = await probe.end();
  return { name, status, sent: body.length, answered: bytes, seconds, delay, turns: await turns() };
};

const answerTo = (
  url: string,
  method: string,
  headers: Record<string, string | number>,
  body: Buffer,
): Promise<{ readonly status: number | string; readonly bytes: number }> =>
  new Promise((resolve) => {
    let bytes = 0;
    const asked = request(url, { method, headers, agent: false }, (answer) => {
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      answer.once('close', () => resolve({ status: answer.statusCode ?? 0, bytes }));
    });
    asked.once('error', (error: NodeJS.ErrnoException) => resolve({ status: error.code ?? 'error', bytes }));
    asked.end(body);
  });

interface Turns {
  /** Milliseconds of processor time of the longest turn of the server's main thread since this was last asked for. */
  readonly longest: number;
  /** And of all of them. */
  readonly used: number;
}

const turns = async (): Promise<Turns> => {
  let text = '';
  for await (const piece of connect(TURNS)) text += piece;
  return JSON.parse(text);
};

const SCOPES = { meter: 'meter', bound: 'meter', read: 'read' } as const;

const bearer = async (served: Served, key: Hostile['key']): Promise<string | null> => {
  if (key === 'none') return null;
  if (key === 'admin') return HEADERS.authorization;
  if (key === 'wrong') return 'Bearer sk_00000000000000000000000000000000';
  const accounts = key === 'bound' ? { accounts: [nameOf(0)] } : {};
  const made = await call(served, 'POST', '/keys', { name: 'hostile', scopes: [SCOPES[key]], ...accounts });
  return `Bearer ${(made as { secret: string }).secret}`;
};

const call = async ({ base }: Served, method: string, path: string, body: unknown): Promise<unknown> => {
  const answer = await fetch(`${base}/v1${path}`, { method, headers: HEADERS, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
};
