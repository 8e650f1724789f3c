/** How often long checks run: a seeded sample in `npm test`, the full counts in `npm run proof`. */
import { appendFileSync } from 'node:fs';
import { onTestFinished } from 'vitest';

const FULL = process.env['SUANPAN_PROOF'] === 'full';
const LOG = process.env['SUANPAN_PROOF_LOG'];

/** The number of runs of a named check; a passing proof run is written down for `docs/proof.md`. */
export const runs = (name: string, sample: number, full: number): number => {
  const count = FULL ? full : sample;
  const started = performance.now();
  onTestFinished(({ task }) => {
    if (!LOG) return;
    const seconds = Number(((performance.now() - started) / 1000).toFixed(1));
    const result = task.result?.state === 'fail' ? 'failed' : 'passed';
    const engine = engineOf(task.suite);
    const check = engine === null ? name : `${name}, on ${engine}`;
    appendFileSync(LOG, `${JSON.stringify({ name: check, runs: count, seconds, result })}\n`);
  });
  return count;
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
