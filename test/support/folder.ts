/** A temporary folder that goes when the test does. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';

export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'suanpan-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** One that all tests of a file share, and that goes behind the last of them. */
export const folderOfFile = (): (() => string) => {
  const folder = mkdtempSync(join(tmpdir(), 'suanpan-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return () => folder;
};
