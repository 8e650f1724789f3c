/**
 * Load by wrk, where it is installed (Debian's package): beside the server on the same cores it takes 14 to 17 µs
 * of them a request, autocannon 36 to 60.
 */
import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';

const SCRIPT = fileURLToPath(new URL('usage.lua', import.meta.url));

export interface WrkLoad {
  readonly base: string;
  readonly path: string;
  /** Of the `authorization` header. */
  readonly authorization: string;
  /** Records a request; 0: an empty batch. */
  readonly size: number;
  /** `account-0` and so on, in turn. */
  readonly accounts: number;
  readonly connections: number;
  readonly seconds: number;
}

const measured = z.object({
  requests: z.int(),
  micros: z.number(),
  p99: z.number(),
  non2xx: z.int(),
  errors: z.int(),
});

export const hasWrk = (): boolean => spawnSync('wrk', ['--version']).error === undefined;

/** Requests a second, and p99 in milliseconds. Throws where an answer was no success. */
export const runWrk = async (load: WrkLoad): Promise<{ rate: number; p99: number; total: number }> => {
  const { base, path, authorization, size, accounts, connections, seconds } = load;
  const child = spawn('wrk', ['-t1', `-c${connections}`, `-d${seconds}s`, '-s', SCRIPT, base], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      ...{ SIZE: String(size), ACCOUNTS: String(accounts), REQUEST_PATH: path },
      ...{ AUTHORIZATION: authorization, RUN: randomUUID(), TIME: new Date().toISOString() },
    },
  });
  let said = '';
  child.stdout.on('data', (data) => {
    said += data;
  });
  await new Promise((resolve) => child.once('close', resolve));
  const last = said.trimEnd().split('\n').at(-1) ?? '';
  const { requests, micros, p99, non2xx, errors } = measured.parse(JSON.parse(last));
  if (non2xx > 0 || errors > 0) throw new Error(`${non2xx} answers were no success, ${errors} failed`);
  return { rate: (requests * 1_000_000) / micros, p99, total: requests };
};
