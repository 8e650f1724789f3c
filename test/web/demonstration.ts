/** A server on a small demonstration ledger: all kinds of accounts, 14 months, every month closed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { buildDemo, DEMO_ENDS, type DemoSize } from '../../src/demo/build.ts';
import { openLedgerAt } from '../../src/ledger/open.ts';
import { type ServedApi, served } from '../support/api.ts';

const SIZE = { accounts: 12, records: 3_000 };

/** One for all tests of a file. */
export const useDemonstration = (size: DemoSize = SIZE): (() => ServedApi) => {
  let api: ServedApi | null = null;
  const folder = mkdtempSync(join(tmpdir(), 'suanpan-web-'));
  const store = `sqlite:${join(folder, 'ledger.db')}`;
  beforeAll(async () => {
    const ledger = await openLedgerAt({ store, clock: 'driven' });
    await buildDemo(ledger, size, () => undefined).finally(() => ledger.close());
    api = await served({ SUANPAN_STORE: store, SUANPAN_CLOCK: DEMO_ENDS });
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
