/** Before the tests of the dashboard, once a run: the dashboard, where its sources are newer, and a demonstration. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder in which the demonstration is, as `ledger.db`. */
    readonly demonstration: string;
  }
}

const run = (script: string, ...args: string[]): void => {
  const path = fileURLToPath(new URL(script, import.meta.url));
  execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', path, ...args], {
    stdio: 'inherit',
  });
};

export const setup = (project: TestProject): (() => void) => {
  run('../../scripts/build-dashboard.ts', '--if-needed');
  const folder = mkdtempSync(join(tmpdir(), 'suanpan-web-'));
  run('make-demonstration.ts', `sqlite:${join(folder, 'ledger.db')}`);
  project.provide('demonstration', folder);
  return () => rmSync(folder, { recursive: true, force: true });
};
