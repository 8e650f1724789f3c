/**
 * Counts the work of one export of a module; run by `blocks.ts` as a process of its own. V8 gives a function its block
 * counters when it compiles it, so counting begins before the code is imported, and nothing else runs here.
 */
import { Session } from 'node:inspector/promises';
import { randomFrom } from '../../src/demo/random.ts';
import { workOf } from './work.ts';

const OWN = /\/(?:src|examples)\/[^?]+$/;

const [file = '', name = '', given = '[]'] = process.argv.slice(2);
const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

/** Blocks of the project's own code that ran since this was last asked. */
const blocksRun = async (): Promise<number> => {
  const { result } = await session.post('Profiler.takePreciseCoverage');
  return result
    .filter(({ url }) => OWN.test(url))
    .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges.map(({ count }) => count)))
    .reduce((sum, count) => sum + count, 0);
};

// Who looks at the time, to give way to others or to tell of progress, would do so more often on a busy machine.
const stopped = Date.now();
Date.now = () => stopped;
performance.now = () => 0;
// Nor are random seeds of hash tables the same twice.
const seeds = randomFrom(7);
crypto.getRandomValues = (array) => {
  if (array instanceof Uint32Array) for (const i of array.keys()) array[i] = seeds.between(0, 2 ** 32 - 1);
  else throw new Error('only 32-bit seeds are random here');
  return array;
};

const work: (...args: readonly unknown[]) => unknown = (await import(file))[name];
const calls: readonly (readonly unknown[])[] = JSON.parse(given);
// What is made once and kept is made now.
await work(...(calls[0] ?? []));
const counted: { readonly blocks: number; readonly steps: number }[] = [];
for (const args of calls) {
  await blocksRun();
  const steps = await workOf(() => work(...args));
  counted.push({ blocks: await blocksRun(), steps });
}
process.stdout.write(JSON.stringify(counted));
