/** Servers on an engine killed without warning under load: nothing that was acknowledged is lost, nothing counts twice. */
import { afterAll, beforeAll, test } from 'vitest';
import { killRounds } from '../../api/kill-rounds.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { runs } from '../../support/proof.ts';
import { type ServerProcess, serverProcess } from '../../support/server-process.ts';
import { type Engine, onEveryEngine } from '../engines.ts';

onEveryEngine('kill −9 under HTTP load', (open) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open();
  });
  afterAll(() => engine.close());

  const serversOf = (count: number): readonly ServerProcess[] => {
    const address = engine.address();
    return Array.from({ length: count }, () =>
      serverProcess({
        SUANPAN_STORE: address,
        SUANPAN_DATA: temporaryFolder(),
        SUANPAN_SECRET: 'a secret of a test',
      }),
    );
  };

  test('one server, killed and started again', { timeout: 3_600_000 }, async () => {
    const rounds = runs('kill −9 of a server under HTTP load', 1, 60);
    await killRounds(rounds, serversOf(1));
  });

  test('two servers of one ledger, killed in turn', { timeout: 3_600_000 }, async () => {
    const rounds = runs('kill −9 of one of two servers under HTTP load', 2, 60);
    await killRounds(rounds, serversOf(2));
  });
});
