/** Two servers record an identical change in the same millisecond: one append succeeds, the other one conflicts. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openMemoryIndex } from '../../../src/identity-index/memory.ts';
import { type Ledger, openLedger } from '../../../src/ledger/ledger.ts';
import { shippedPriceBooks } from '../../../src/ledger/system/shipped-price-books.ts';
import { type Engine, engineStore, onEveryEngine } from '../engines.ts';

const AT = Date.parse('2019-01-10T08:00:00+08:00');
const RECORD = {
  source: '/g',
  id: '1',
  interface: 'face-recognition/compare',
  time: AT,
  calls: 1,
  submitted: null,
};

onEveryEngine('the very same fact', (open) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open();
  });
  afterAll(() => engine.close());

  test('of two servers is recorded by one of them, and known to the other', async () => {
    const address = engine.address();
    const serverOf = (server: string) =>
      openLedger({
        ...{ store: engineStore(address), index: openMemoryIndex(), snapshots: null, following: null },
        ...{ zone: 'Asia/Shanghai', clock: 'driven', books: shippedPriceBooks, now: () => AT, server },
      });
    const servers = [await serverOf('one'), await serverOf('two')];
    const both = <T>(ask: (ledger: Ledger) => Promise<T>): Promise<T[]> => Promise.all(servers.map(ask));
    const commands = [
      { name: 'open-account', body: { name: '' } },
      { name: 'activate-service', body: { product: 'face-recognition' } },
    ] as const;
    for (const command of commands) {
      const answers = await both((ledger) => ledger.execute('acme', command, AT, null));
      const facts = answers.map((answer) =>
        answer.outcome === 'done' ? answer.events.length : answer.outcome,
      );
      expect(facts.sort()).toEqual([0, 1]);
    }
    const metered = await both((ledger) => ledger.meter('acme', [RECORD], AT));
    expect(metered.map((outcomes) => outcomes?.[0]?.outcome).sort()).toEqual(['accepted', 'duplicate']);
    await Promise.all(servers.map((server) => server.close()));
  });
});
