/** Two servers of one ledger on an engine, each with a folder of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ServedApi, served } from '../support/api.ts';

type Env = Readonly<Record<string, string>>;

export interface Pair {
  readonly a: ServedApi;
  readonly b: ServedApi;
  stop(): Promise<void>;
}

/** The settings of a server on an engine; `own` are those of one of them. */
export const onEngine = (address: string, data: string, own: Env = {}): Env => ({
  SUANPAN_STORE: address,
  SUANPAN_DATA: data,
  SUANPAN_SECRET: 'a secret of a test',
  ...own,
});

/** Starts both at once. */
export const openPair = async (address: string, env: Env = {}): Promise<Pair> => {
  const folder = mkdtempSync(join(tmpdir(), 'suanpan-pair-'));
  const [a, b] = await Promise.all(
    (['a', 'b'] as const).map((name) => served(onEngine(address, join(folder, name), env))),
  );
  if (!a || !b) throw new Error('two servers');
  return {
    a,
    b,
    stop: async () => {
      await Promise.all([a.stop(), b.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
