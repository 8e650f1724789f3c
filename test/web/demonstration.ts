/**
 * A server on the demonstration ledger: 12 accounts of all kinds, 14 months, every month closed. It is made once a run
 * (`build.ts`); each file of tests has a server of its own on a copy, and may change that as it likes.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, inject } from 'vitest';
import { DEMO_ENDS } from '../../src/demo/build.ts';
import { type ServedApi, served } from '../support/api.ts';

/** One for all tests of a file, with settings of its own. */
export const useDemonstration = (env: Readonly<Record<string, string>> = {}): (() => ServedApi) => {
  let api: ServedApi | null = null;
  const folder = mkdtempSync(join(tmpdir(), 'suanpan-web-'));
  beforeAll(async () => {
    cpSync(inject('demonstration'), folder, { recursive: true });
    api = await served({
      SUANPAN_STORE: `sqlite:${join(folder, 'ledger.db')}`,
      SUANPAN_CLOCK: DEMO_ENDS,
      ...env,
    });
  });
  afterAll(async () => {
    await api?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return () => {
    if (!api) throw new Error('the demonstration is not served');
    return api;
  };
};
