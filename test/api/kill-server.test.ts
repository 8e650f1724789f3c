/** The server killed without warning under load, its client repeating blindly: nothing lost, nothing counted twice. */
import { join } from 'node:path';
import { test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { runs } from '../support/proof.ts';
import { serverProcess } from '../support/server-process.ts';
import { killRounds } from './kill-rounds.ts';

test('kill −9 under HTTP load', { timeout: 3_600_000 }, async () => {
  const server = serverProcess({ SUANPAN_STORE: `sqlite:${join(temporaryFolder(), 'ledger.db')}` });
  await killRounds(runs('kill −9 of the server under HTTP load', 2, 200), [server]);
});
