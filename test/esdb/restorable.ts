/**
 * Engines that a test can restore from a backup while servers run on: the double, and a real server on its data folder
 * where SUANPAN_TEST_ESDB_CONTROL names a command for it beside SUANPAN_TEST_ESDB. It is called with `save` (stop the
 * server, copy its data folder, start it) and with `restore` (stop it, put that copy back, start it), and ends when the
 * server answers again. Neither may touch what others need: such a server serves this test alone.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, test } from 'vitest';
import { openDouble } from './double/esdb-double.ts';
import type { SavedLog } from './double/transaction-log.ts';
import { inLedger } from './engines.ts';

export interface RestorableEngine {
  /** The address of a new ledger. */
  readonly address: string;
  /** Makes a backup; the engine restarts for it. */
  save(): Promise<void>;
  /** Puts the backup back; `meanwhile` runs before the engine answers again. */
  restore(meanwhile?: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

const onDouble = async (): Promise<RestorableEngine> => {
  const double = await openDouble();
  let saved: SavedLog = double.saved();
  return {
    address: inLedger(double.connectionString),
    save: async () => {
      await double.stop();
      saved = double.saved();
      await double.start();
    },
    restore: async (meanwhile) => {
      await double.stop();
      double.restore(saved);
      await meanwhile?.();
      await double.start();
    },
    close: () => double.stop(),
  };
};

const [real, control] = [process.env['SUANPAN_TEST_ESDB'], process.env['SUANPAN_TEST_ESDB_CONTROL']];

const run = promisify(execFile);
const onServer = async (): Promise<RestorableEngine> => ({
  address: inLedger(real ?? ''),
  save: async () => void (await run(control ?? '', ['save'])),
  restore: async (meanwhile) => {
    await Promise.all([run(control ?? '', ['restore']), meanwhile?.()]);
  },
  close: async () => undefined,
});

/** Describes something on the double, and on a real server where one can be restored. */
export const onRestorableEngines = (
  what: string,
  specify: (open: () => Promise<RestorableEngine>) => void,
): void => {
  describe(`${what}, on the double`, () => specify(onDouble));
  describe(`${what}, on a real server`, () => {
    if (real && control) specify(onServer);
    else
      test('skipped: SUANPAN_TEST_ESDB and SUANPAN_TEST_ESDB_CONTROL name no server and no command', (context) => {
        console.warn(`${what}, on a real server: skipped: SUANPAN_TEST_ESDB_CONTROL names no command`);
        context.skip();
      });
  });
};
