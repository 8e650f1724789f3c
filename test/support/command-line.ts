/** The command line run in this process, on streams that keep what is written to them. */
import { run } from '../../src/cli/run.ts';

export interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command by its words; `isTTY` says whether its streams are a terminal. */
export const commandLine = async (args: readonly string[], { isTTY = false } = {}): Promise<Ran> => {
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
  const status = await run(args, streams);
  return { status, ...written };
};
