import { availableParallelism, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// Processes and threads that tests start find what was compiled before, as bin/suanpan.js has it.
process.env['NODE_COMPILE_CACHE'] ??= join(tmpdir(), 'node-compile-cache');

/** Files of these folders leave nothing behind in their process: what they import is imported once, not once a file. */
const TOGETHER = [
  ...['async', 'audit', 'checkpoint', 'cli', 'client', 'contract', 'delivery', 'derived', 'domain', 'export'],
  ...[
    'api',
    'docs',
    'edge',
    'esdb',
    'files',
    'fuzz',
    'history',
    'ledger',
    'operation',
    'oracle',
    'price-books',
    'property',
    'spec',
    'text',
    'readable',
  ],
].map((folder) => `test/${folder}/**/*.test.ts`);

/** In a browser, on the built dashboard: one browser a process, which runs one file after another. */
const WEB = 'test/web/**/*.test.ts';

/** The longest files, first of all: a worker that begins one of them last leaves the others without work. */
const LONGEST = [
  'web/inbox',
  'web/bill-why',
  'esdb/ledger/silent-engine',
  'package/pack',
  'derived/bound',
  'readable/tampered',
  'esdb/ledger/derived-folder',
  'docs/as-written',
  'end-to-end/killed-moves',
  'web/accounts',
  'web/doing',
  'web/price-books',
  'end-to-end/kill-import',
  'esdb/api/restored-under-load',
  'esdb/api/restored-again',
  'esdb/api/servers-api',
  'cli/copy',
  'cli/operation',
  'cli/load',
  'cli/wait',
  'cli/import',
  'oracle/ledger-agrees',
  'api/refusals-arrive',
  'contract/identity-index-damaged',
  'operation/clocks',
  'fuzz/files',
  'esdb/eventstoredb/foreign-events',
  'esdb/api/servers-audit',
  'audit/hostile-bundles',
].map((name) => `test/${name}.test.ts`);

/**
 * After those in their usual order, which in a fresh checkout is by size; of both, those of one project together: a
 * process goes on with the next file only where that is of the same one.
 */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId, project }: TestSpecification): number => {
      const found = LONGEST.indexOf(relative(project.config.root, moduleId));
      const projects = PROJECTS.length * (found < 0 ? 1 : 0) + PROJECTS.indexOf(project.name);
      return projects * LONGEST.length + Math.max(found, 0);
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}
const PROJECTS = ['apart', 'together', 'web'];

export default defineConfig({
  test: {
    testTimeout: 240_000,
    hookTimeout: 240_000,
    // What is waited for comes in its time; how soon depends on what else the machine does.
    expect: { poll: { timeout: 60_000, interval: 20 } },
    pool: 'forks',
    // One more than the cores: tests wait for timers, disks and processes too.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    projects: [
      { extends: true, test: { name: 'together', include: TOGETHER, isolate: false } },
      {
        extends: true,
        test: { name: 'apart', include: ['test/**/*.test.ts'], exclude: [...TOGETHER, WEB] },
      },
      {
        extends: true,
        test: { name: 'web', include: [WEB], globalSetup: 'test/web/build.ts', isolate: false },
      },
    ],
  },
});
