/** How often long checks run: a seeded sample in `npm test`, the full counts in `npm run proof`. */
import { appendFileSync } from 'node:fs';
import { afterAll, onTestFinished } from 'vitest';

const FULL = process.env['SUANPAN_PROOF'] === 'full';
const LOG = process.env['SUANPAN_PROOF_LOG'];

/** The number of runs of a named check; a passing proof run is written down for `docs/proof.md`. */
export const runs = (name: string, sample: number, full: number): number => {
  const count = inFull(sample, full);
  const started = performance.now();
  onTestFinished(({ task }) => {
    const engine = engineOf(task.suite);
    const check = engine === null ? name : `${name}, on ${engine}`;
    writeDown({ name: check, runs: count, started, hasFailed: task.result?.state === 'fail' });
  });
  return count;
};

/** How much work a check has before it: less in `npm test`. Its runs are counted by `runs`. */
export const inFull = <T>(sample: T, full: T): T => (FULL ? full : sample);

/** So many of some items, from the first on and as far apart as they can be. */
export const spread = <T>(items: readonly T[], count: number): T[] =>
  items.filter(
    (_, i) => Math.floor((i * count) / items.length) !== Math.floor(((i - 1) * count) / items.length),
  );

/** The cases of a named `test.each`: in `npm test` each of both sides at least once, in `npm run proof` all pairs. */
export const pairs = <A, B>(name: string, first: readonly A[], second: readonly B[]): (readonly [A, B])[] => {
  const all = first.flatMap((a) => second.map((b) => [a, b] as const));
  const isOfSample = (i: number): boolean => {
    const [row, column] = [Math.floor(i / second.length), i % second.length];
    return first.length > second.length
      ? row % second.length === column
      : column % first.length === row % first.length;
  };
  const cases = all.filter((_, i) => inFull(isOfSample(i), true));
  const started = performance.now();
  // biome-ignore lint/correctness/noEmptyPattern: Vitest allows nothing else in the first place.
  afterAll(({}, { tasks }) => {
    const hasFailed = tasks.some(({ result }) => result?.state === 'fail');
    writeDown({ name, runs: cases.length, started, hasFailed });
  });
  return cases;
};

interface Check {
  readonly name: string;
  readonly runs: number;
  readonly started: number;
  readonly hasFailed: boolean;
}

const writeDown = ({ name, runs: count, started, hasFailed }: Check): void => {
  if (!LOG) return;
  const seconds = Number(((performance.now() - started) / 1000).toFixed(1));
  const result = hasFailed ? 'failed' : 'passed';
  appendFileSync(LOG, `${JSON.stringify({ name, runs: count, seconds, result })}\n`);
};

interface Suite {
  readonly name: string;
  readonly suite?: Suite | undefined;
}

/** The engine that the suites around a test name; null where there is none to tell. */
const engineOf = (suite: Suite | undefined): string | null => {
  if (!suite) return null;
  const [, engine] = /, on (the double|a real server|a server in a container)$/.exec(suite.name) ?? [];
  return engine ?? engineOf(suite.suite);
};
