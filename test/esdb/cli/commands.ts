/** The command line as processes beside the test, which may itself be the engine. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../../bin/suanpan.js', import.meta.url));

export interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

type Env = Readonly<Record<string, string>>;

/** Runs a command with settings to its end. */
export const suanpan = (env: Env, ...args: readonly string[]): Promise<Ended> => saidUntil(null, env, args);

/** Runs a command until it says something, and has it stop then. */
export const suanpanUntil = (said: string, env: Env, ...args: readonly string[]): Promise<Ended> =>
  saidUntil(said, env, args);

const saidUntil = (said: string | null, env: Env, args: readonly string[]): Promise<Ended> => {
  return new Promise((resolve) => {
    const options = { env: { ...process.env, ...env }, timeout: 200_000 };
    const child = execFile(process.execPath, [MAIN, ...args], options, (_, stdout, stderr) => {
      resolve({ status: child.exitCode ?? -1, stdout, stderr });
    });
    child.stdout?.on('data', (text) => {
      if (said !== null && String(text).includes(said)) child.kill('SIGTERM');
    });
  });
};

/** Lines of what a command complained of. */
export const complaints = ({ stderr }: Pick<Ended, 'stderr'>): string[] => stderr.split('\n').filter(Boolean);
