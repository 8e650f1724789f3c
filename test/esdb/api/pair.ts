/** Two servers of one ledger on an engine, each with a folder of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { type ServedApi, served, withAccount } from '../../support/api.ts';
import type { Engine } from '../engines.ts';

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

/** A pair on an engine of its own, with an account, around the tests of a group; `begin` goes before the first of them. */
export const pairAround = (
  open: () => Promise<Engine>,
  env: Env = {},
  begin: (a: ServedApi, b: ServedApi) => Promise<void> = async () => undefined,
): Pick<Pair, 'a' | 'b'> => {
  let engine: Engine | undefined;
  let pair: Pair | undefined;
  beforeAll(async () => {
    engine = await open();
    pair = await openPair(engine.address(), env);
    await withAccount(pair.a);
    await begin(pair.a, pair.b);
  });
  afterAll(async () => {
    await pair?.stop();
    await engine?.close();
  });
  const started = (): Pair => {
    if (!pair) throw new Error('the servers start before the first test');
    return pair;
  };
  return {
    get a() {
      return started().a;
    },
    get b() {
      return started().b;
    },
  };
};
