/** The command line run in this process, on streams that keep what is written to them. */
import { join } from 'node:path';
import { run } from '../../src/cli/run.ts';

export interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a command finds around it. */
export interface Surroundings {
  /** Whether its streams are a terminal. */
  readonly isTTY?: boolean;
  /** Variables of its environment, besides those of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a command by its words, as `bin/suanpan.js` does in a process of its own; one at a time, where it has an `env`. */
export const commandLine = async (
  args: readonly string[],
  { isTTY = false, env = {} }: Surroundings = {},
): Promise<Ran> => {
  const written = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof written) => ({
    isTTY,
    once: () => undefined,
    write: (piece: string | Uint8Array) => {
      written[name] += typeof piece === 'string' ? piece : new TextDecoder().decode(piece);
      return true;
    },
  });
  const streams = { stdout: stream('stdout'), stderr: stream('stderr'), now: () => performance.now() };
  const before = Object.keys(env).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, env);
  try {
    return { status: await run(args, streams), ...written };
  } finally {
    for (const [name, value] of before)
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  }
};

export interface Answered extends Ran {
  /** What it wrote, as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: what comes back is what a test looks at.
  json(): any;
}

/** The command line on the ledger of a folder, as `SUANPAN_STORE` names it. */
export const commandsOn =
  (folder: string) =>
  async (...args: string[]): Promise<Answered> => {
    const env = { SUANPAN_STORE: `sqlite:${join(folder, 'ledger.db')}` };
    const ran = await commandLine(args, { env });
    return { ...ran, json: () => JSON.parse(ran.stdout) };
  };
