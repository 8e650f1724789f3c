/**
 * A server that is offered three times what it can do: those it admits must not wait much longer than on a quiet day,
 * the others are told at once when to come again, and its memory does not grow.
 */
import { Agent, request } from 'node:http';
import { bodyOf, HEADERS, run, serve } from './http.ts';
import { nameOf } from './load.ts';

const ACCOUNTS = 200;
/** Large, so that the load beside the server on the same cores costs little; a body comes in one read. */
const SIZE = 100;
/** Requests that the server works on at once; as many connections keep it busy and are never refused. */
const IN_FLIGHT = 4;
/** Enough that a slow answer does not slow down what is offered. */
const CONNECTIONS = 64;
const TIMES = 3;
const MIB = 1024 * 1024;

interface Offered {
  readonly accepted: number;
  readonly refused: number;
  /** Refusals without a Retry-After, and answers that are neither. */
  readonly wrong: number;
  /** Of accepted requests, in milliseconds. */
  readonly p99: number;
}

/** Offers so many requests a second, evenly, whatever becomes of them. */
const offer = async (base: string, rate: number, seconds: number): Promise<Offered> => {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const times: number[] = [];
  const counts = { refused: 0, wrong: 0 };
  const ask = (body: string): Promise<void> =>
    new Promise((resolve) => {
      let started = performance.now();
      const asked = request(`${base}/v1/usage`, { method: 'POST', agent, headers: HEADERS }, (answer) => {
        answer.resume().once('end', () => {
          const { statusCode, headers } = answer;
          if (statusCode === 200) times.push(performance.now() - started);
          else if ((statusCode === 429 || statusCode === 503) && headers['retry-after']) counts.refused += 1;
          else counts.wrong += 1;
          resolve();
        });
      });
      // What waits here for a connection, the server does not know of.
      asked.once('socket', () => {
        started = performance.now();
      });
      asked.once('error', () => {
        counts.wrong += 1;
        resolve();
      });
      asked.end(body);
    });
  const all: Promise<void>[] = [];
  const began = performance.now();
  for (let passed = 0; passed < seconds * 1_000; passed = performance.now() - began) {
    for (const due = (passed / 1_000) * rate; all.length < due; )
      all.push(ask(freshBody(nameOf(all.length % ACCOUNTS))));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(all);
  agent.destroy();
  times.sort((a, b) => a - b);
  return { ...counts, accepted: times.length, p99: times[Math.floor(times.length * 0.99)] ?? Number.NaN };
};

let bodies = 0;
/** New records, made of one body's text: to make them must cost less than to meter them. */
const freshBody = (account: string): string => {
  bodies += 1;
  return TEMPLATE.replaceAll('"subject":"ACCOUNT"', `"subject":"${account}"`).replaceAll(
    '/gateway/1',
    `/gateway/${bodies}`,
  );
};
const TEMPLATE = bodyOf(SIZE, 'ACCOUNT');

const resident = async (base: string): Promise<number> => {
  const text = await (await fetch(`${base}/metrics`)).text();
  return Number(/^process_resident_memory_bytes (\d+)/m.exec(text)?.[1]) / MIB;
};

export const benchOverload = async (seconds: number): Promise<string> => {
  const served = await serve(ACCOUNTS, { flags: ['--in-flight', String(IN_FLIGHT)] });
  const load = { path: '/v1/usage', size: SIZE, accounts: ACCOUNTS, connections: IN_FLIGHT, seconds };
  const { rate } = await run(served.base, load);
  const half = await offer(served.base, rate / 2, seconds);
  const before = await resident(served.base);
  const over = await offer(served.base, rate * TIMES, seconds);
  const after = await resident(served.base);
  await served.stop();
  const each = (count: number) => Math.round(count / seconds).toLocaleString('en-US');
  const all = over.accepted + over.refused + over.wrong;
  return [
    `capacity with ${IN_FLIGHT} in flight, ${SIZE} records a request: ${Math.round(rate).toLocaleString('en-US')} requests/s`,
    `half of it: p99 ${half.p99.toFixed(1)} ms (${half.refused} refused); ${TIMES} times it: p99 of those admitted ${over.p99.toFixed(1)} ms, ratio ${(over.p99 / half.p99).toFixed(1)}`,
    `offered ${each(all)}/s: ${each(over.accepted)}/s admitted (${Math.round((100 * over.accepted) / all)} %), ${each(over.refused)}/s refused with Retry-After, ${over.wrong} otherwise; resident ${before.toFixed(0)} MiB before, ${after.toFixed(0)} after`,
  ].join('\n');
};
