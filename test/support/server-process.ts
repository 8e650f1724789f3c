/** `suanpan serve` as a process of its own, that can be killed and started again over what it left behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { ADMIN } from './api.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

export interface ServerProcess {
  /** Starts it; resolves to its address, another one each time. */
  start(): Promise<string>;
  /** Sends a signal and waits until it is gone. */
  end(signal: NodeJS.Signals): Promise<void>;
  /** The most memory it had so far, in bytes; null where the system does not say. */
  peakMemory(): number | null;
  /** What it has logged so far, in every start. */
  logged(): string;
}

/** A server on a test clock of 2019, with these settings besides; it ends with the test. */
export const serverProcess = (env: Readonly<Record<string, string>>): ServerProcess => {
  let child: ChildProcess | null = null;
  let log = '';
  onTestFinished(() => void child?.kill('SIGKILL'));
  return {
    peakMemory: () => {
      const status = `/proc/${child?.pid}/status`;
      if (!existsSync(status)) return null;
      const [, kib] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(status, 'utf8')) ?? [];
      return Number(kib) * 1024;
    },
    logged: () => log,
    start: () =>
      new Promise((resolve, reject) => {
        const flags = ['--port', '0', '--clock', '2019-01-01T00:00:00+08:00'];
        const next = spawn(
          process.execPath,
          ['--disable-warning=ExperimentalWarning', MAIN, 'serve', ...flags],
          { env: { ...process.env, SUANPAN_ADMIN_KEY: ADMIN, ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
        );
        child = next;
        let errors = '';
        next.stderr.on('data', (data) => {
          errors += data;
        });
        next.stdout.on('data', (data) => {
          log += data;
          const [, address] = /"address":"([^"]+)"/.exec(String(data)) ?? [];
          if (address) resolve(address);
        });
        next.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${errors}`)));
      }),
    end: async (signal) => {
      const running = child;
      child = null;
      if (!running) return;
      const gone = new Promise((resolve) => running.once('exit', resolve));
      running.kill(signal);
      await gone;
    },
  };
};
