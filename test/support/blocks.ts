/**
 * How much work something is, counted: how often V8 ran each block of the project's own code, loops among them, and the
 * steps of built-in methods (`work.ts`). No clock is looked at. It is counted in a process of its own, where nothing
 * else runs and no function was compiled before the counting began: so the same work is always the same number.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export interface Counted {
  /** Blocks that ran. */
  readonly blocks: number;
  /** Steps of built-in methods. */
  readonly steps: number;
}

/** No function is optimized beside the counting, at a moment that differs. */
const PLAINLY = ['--no-opt', '--no-maglev', '--no-sparkplug'];
const script = fileURLToPath(new URL('./count-work.ts', import.meta.url));

/** The work of a module's export, called once with each of the lists of arguments, one after the other. */
export const countedWork = async (
  module: URL,
  name: string,
  calls: readonly (readonly unknown[])[],
): Promise<readonly Counted[]> => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...PLAINLY, '--disable-warning=ExperimentalWarning', script, module.href, name, JSON.stringify(calls)],
    // What the compile cache holds was compiled without counters.
    { env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1' } },
  );
  return JSON.parse(stdout);
};

/** By how many times the work grows from once to twice as much of something, beyond the work of next to none of it. */
export const growthOf = async (
  module: URL,
  name: string,
  calls: readonly [none: readonly unknown[], once: readonly unknown[], twice: readonly unknown[]],
): Promise<Counted> => {
  const [none, once, twice] = await countedWork(module, name, calls);
  if (!none || !once || !twice) throw new Error('nothing was counted');
  const grown = (of: keyof Counted) => (twice[of] - none[of]) / (once[of] - none[of]);
  return { blocks: grown('blocks'), steps: grown('steps') };
};
