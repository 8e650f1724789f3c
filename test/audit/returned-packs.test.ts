/**
 * Packs that were granted and returned, billed over two months: both verifiers agree (the second is written from
 * docs/audit-bundle.md alone), the replay too, and the explanation says that a returned pack was returned.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeBundle } from '../../src/audit/bundle/write.ts';
import { explainBill } from '../../src/audit/explain/explain-bill.ts';
import { replayStream } from '../../src/audit/replay/replay.ts';
import { openCheckpointSigner } from '../../src/checkpoint/checkpoint-queue.ts';
import type { PriceBook } from '../../src/domain/price-book.ts';
import { accountStream } from '../../src/eventstore/stream-names.ts';
import { issuedBill } from '../../src/ledger/queries/bills.ts';
import { soundBook } from '../price-books/sound-book.ts';
import { temporaryFolder } from '../support/folder.ts';
import { ACCOUNT, givenLedger } from '../support/given.ts';
import { SERVER_KEY, verified } from '../support/sealed.ts';

const second: {
  verify(path: string): Promise<{ verified: boolean; failures: string[] }>;
} = await import(new URL('../../examples/verify-bundle.mjs', import.meta.url).href);

const book: PriceBook = {
  ...soundBook,
  pools: soundBook.pools.map((pool) => ({ ...pool, returns: { withinDays: 7 } })),
  grants: [{ pool: 'toy/a', size: 3, validFor: { days: 20 }, expires: 'end_of_day' }],
};

test('returned and granted packs replay, verify and are explained', async () => {
  const given = await givenLedger(['toy'], { books: [book] });
  const { store } = given.ledger;
  const sealer = openCheckpointSigner({
    ...{ store, path: ':memory:', serverKey: SERVER_KEY },
    ...{ now: () => Date.UTC(2026, 0, 1), file: null },
  });
  await given.deposits('2019-01-02T00:00:00+08:00', '100.00');
  await given.buys('2019-01-02T01:00:00+08:00', 'toy/a', 10, 2);
  await given.has('2019-01-03T00:00:00+08:00', 'return-pack', { pack: 'pack-000003' });
  // Five free calls, three of the grant, ten of the pack that is left, two post-paid; all made before the return.
  await given.meters('2019-01-04T00:00:00+08:00', 'toy/one', 20, { time: '2019-01-02T12:00:00+08:00' });
  await given.buys('2019-01-31T00:00:00+08:00', 'toy/a', 20);
  await given.has('2019-02-01T01:00:00+08:00', 'return-pack', { pack: 'pack-000004' });
  const january = await given.closes('2019-01', '2019-02-01T04:00:00+08:00');
  const february = await given.closes('2019-02', '2019-03-01T04:00:00+08:00');
  await sealer.sign();

  expect(january.lines).toMatchObject([{ free: 5, packs: 13, postPaid: 2 }]);
  expect(january).toMatchObject({
    packPurchases: [{ pack: 'pack-000002' }, { pack: 'pack-000003' }, { pack: 'pack-000004' }],
    packReturns: [{ pack: 'pack-000003', price: '1.00' }],
    packsTotal: '2.80',
  });
  expect(february).toMatchObject({
    packPurchases: [],
    packReturns: [{ pack: 'pack-000004' }],
    packsTotal: '-1.80',
  });
  expect((await given.account()).total).toBe('98.70');

  for (const month of ['2019-01', '2019-02']) {
    const issued = await issuedBill(store, ACCOUNT, month);
    if (!issued) throw new Error(`no bill of ${month}`);
    let bundle = '';
    for await (const piece of writeBundle(
      { store, tree: sealer.tree, serverKey: SERVER_KEY, zone: 'Asia/Shanghai' },
      issued,
    ))
      bundle += piece;
    const file = join(temporaryFolder(), 'bundle');
    writeFileSync(file, bundle);
    expect((await second.verify(file)).failures, month).toEqual([]);
    expect((await verified(bundle, [])).findings, month).toEqual([]);
    const forged = bundle.replaceAll('packReturns', 'packReturned');
    writeFileSync(file, forged);
    expect((await second.verify(file)).verified, month).toBe(false);
  }
  await sealer.close();

  const { calendar } = given.ledger;
  const of = { store, calendar, catalogue: given.ledger.catalogue() };
  const replays = [];
  for await (const { month, differences } of replayStream(of, accountStream(ACCOUNT)))
    replays.push([month, differences]);
  expect(replays).toEqual([
    ['2019-01', []],
    ['2019-02', []],
  ]);
  const issued = await issuedBill(store, ACCOUNT, '2019-01');
  if (!issued) throw new Error('no bill');
  const { lines, totals } = await explainBill(of, issued);
  const held = lines[0]?.held.map(({ pack, paid, reason }) => [pack, paid, reason]);
  expect(held).toEqual([
    ['pack-000001', 3, 'paid'],
    ['pack-000002', 10, 'paid'],
    ['pack-000003', 0, 'returned'],
    ['pack-000004', 0, 'bought_after'],
  ]);
  expect(lines[0]?.held[2]).toMatchObject({
    why: expect.stringContaining('it was returned at 2019-01-03T00:00:00.000+08:00'),
    events: [expect.any(Number), expect.any(Number)],
  });
  expect(totals.packs.formula).toBe('1.00 + 1.00 + 1.80 + -1.00 = 2.80');
  expect(totals.packs.events).toHaveLength(3);
});
