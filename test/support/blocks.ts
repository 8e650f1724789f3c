/**
 * How much work something is, counted: how often V8 ran each block of the project's own code, loops among them. What
 * built-in functions do inside is not counted (`work.ts` counts that), what they call is. No clock is looked at.
 */
import { Session } from 'node:inspector/promises';

const OWN = /\/(?:src|examples)\/[^?]+$/;

/** Blocks that ran while `work` did. */
export const blocksOf = async (work: () => unknown): Promise<number> => {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    await work();
    const { result } = await session.post('Profiler.takePreciseCoverage');
    await session.post('Profiler.stopPreciseCoverage');
    return result
      .filter(({ url }) => OWN.test(url))
      .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges.map(({ count }) => count)))
      .reduce((sum, count) => sum + count, 0);
  } finally {
    session.disconnect();
  }
};
