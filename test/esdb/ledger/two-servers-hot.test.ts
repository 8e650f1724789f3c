/** One account that two servers meter as fast as they can: they meet again and again, and each gets done. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyStore } from '../../../src/audit/verify/verify-store.ts';
import { runs } from '../../support/proof.ts';
import { type Engine, onEveryEngine } from '../engines.ts';
import { appendsOf, counted, openPair } from '../ledger-servers.ts';
import { ACCOUNTS, openAccount, report } from './cuts-load.ts';

const [HOT] = ACCOUNTS;
const SENDERS = 8;
/** A server that loses the race for an account asks for its turn after so long. */
const ASKS_AFTER_MS = 1_000;

onEveryEngine('a hot account', (open) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open();
  });
  afterAll(() => engine.close());

  test('is metered by two servers at once, and neither starves', async () => {
    const reports = runs('reports of one account by two servers', 800, 20_000);
    const pair = await openPair(engine.address());
    await openAccount(pair[0], HOT);
    const started = performance.now();
    let answered = 0;
    const passedBy = await Promise.all(
      pair.map(async (ledger, server) => {
        let most = 0;
        const sender = async (own: number): Promise<void> => {
          for (let n = own; n < reports; n += SENDERS) {
            const before = answered;
            const [outcome] = (await report(ledger, HOT, [`${server}-${n}`])) ?? [];
            expect(outcome).toEqual({ outcome: 'accepted' });
            most = Math.max(most, answered - before);
            answered += 1;
          }
        };
        await Promise.all(Array.from({ length: SENDERS }, (_, own) => sender(own)));
        return most;
      }),
    );
    const took = performance.now() - started;
    // Who never comes to their turn is passed by until the other has done everything. A server asks for its turn after
    // a while only: where all was done within a few of those, one may have been first throughout.
    if (took > 4 * ASKS_AFTER_MS) expect(Math.max(...passedBy)).toBeLessThan((2 * reports) / 3);
    for (const ledger of pair) {
      await ledger.viewsCaughtUp();
      expect(counted(ledger, HOT)).toEqual({ records: 2 * reports, calls: 2 * reports });
    }
    // Nothing was sealed onto what was no longer the end.
    const { findings } = await verifyStore(pair[0].store, pair[0].calendar, () => undefined);
    expect(findings).toEqual([]);
    const lines = pair.map((ledger, server) => {
      const { appends, conflicts } = appendsOf(ledger);
      const rate = (conflicts / appends).toFixed(2);
      return `${appends} appends with ${rate} conflicts each, a report passed by ${passedBy[server]} at most`;
    });
    console.info(`${2 * reports} reports in ${(took / 1_000).toFixed(1)} s: ${lines.join('; ')}`);
  }, 600_000);
});
