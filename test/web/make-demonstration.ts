/** Makes the demonstration that the tests of the dashboard share, in the store at an address: see `demonstration.ts`. */
import { buildDemo } from '../../src/demo/build.ts';
import { openLedgerAt } from '../../src/ledger/open.ts';

/** Enough for calls beyond the free ones: packs, tiers and post-paid calls on the bills. */
const SIZE = { accounts: 12, records: 18_000 };

const ledger = await openLedgerAt({ store: process.argv[2] as string, clock: 'driven' });
await buildDemo(ledger, SIZE, () => undefined);
await ledger.close();
