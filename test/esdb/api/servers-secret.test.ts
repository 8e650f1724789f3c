/** Servers of one ledger that do not share its secret: the second says so at its start, in one line, and records nothing. */
import { expect, test } from 'vitest';
import { served } from '../../support/api.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { onEveryEngine } from '../engines.ts';
import { onEngine } from './pair.ts';

onEveryEngine('the secret of two servers', (open) => {
  test('is the same, or the second does not start', async () => {
    const engine = await open();
    const address = engine.address();
    const first = await served(onEngine(address, temporaryFolder()));
    try {
      const before = await first.running.api.ledger.store.end();
      const other = served(onEngine(address, temporaryFolder(), { SUANPAN_SECRET: 'another one' }));
      await expect(other).rejects.toThrow(
        /^SUANPAN_SECRET is not the secret that this ledger was written with/,
      );
      await expect(other).rejects.not.toThrow(/\n/);
      expect(await first.running.api.ledger.store.end()).toBe(before);
      const same = await served(onEngine(address, temporaryFolder()));
      await same.stop();
    } finally {
      await first.stop();
      await engine.close();
    }
  });
});
