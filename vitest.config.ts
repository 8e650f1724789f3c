import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

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

/** In a browser, on the built dashboard. */
const WEB = 'test/web/**/*.test.ts';

export default defineConfig({
  test: {
    testTimeout: 240_000,
    hookTimeout: 240_000,
    // What is waited for comes in its time; how soon depends on what else the machine does.
    expect: { poll: { timeout: 60_000, interval: 20 } },
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: 'together', include: TOGETHER, isolate: false } },
      {
        extends: true,
        test: { name: 'apart', include: ['test/**/*.test.ts'], exclude: [...TOGETHER, WEB] },
      },
      { extends: true, test: { name: 'web', include: [WEB], globalSetup: 'test/web/build.ts' } },
    ],
  },
});
