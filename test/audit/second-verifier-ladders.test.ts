/**
 * Every kind of ladder that a book can express (rules.md, section 2), billed, and its bundle verified by both verifiers:
 * the second is written from docs/audit-bundle.md alone, so what the page says of ladders is what the ledger does.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeBundle } from '../../src/audit/bundle/write.ts';
import { openCheckpointSigner } from '../../src/checkpoint/checkpoint-queue.ts';
import type { Ladder, PriceBook } from '../../src/domain/price-book.ts';
import { issuedBill } from '../../src/ledger/queries/bills.ts';
import { named, soundBook } from '../price-books/sound-book.ts';
import { temporaryFolder } from '../support/folder.ts';
import { ACCOUNT, givenLedger } from '../support/given.ts';
import { SERVER_KEY, verified } from '../support/sealed.ts';

const second: {
  verify(path: string): Promise<{ verified: boolean; failures: string[] }>;
} = await import(new URL('../../examples/verify-bundle.mjs', import.meta.url).href);

const LADDERS: readonly Ladder[] = (['volume', 'graduated'] as const).flatMap((mode) =>
  (['post_paid', 'post_paid_and_free', 'metered'] as const).flatMap((tierBy) =>
    (['upper', 'lower'] as const).flatMap((bounds) =>
      ([1, 1000] as const).map((per) => ({
        ...{ mode, tierBy, bounds, per },
        tiers: [
          { above: 0, upTo: 10, unitPrice: '0.335' },
          { above: 10, upTo: 30, unitPrice: '0.25' },
          { above: 30, upTo: null, unitPrice: '0.1' },
        ],
      })),
    ),
  ),
);

/** A pool, a meter and an interface for each ladder. */
const bookWith = (grant: 'pack' | 'voucher'): PriceBook => ({
  ...soundBook,
  interfaces: LADDERS.map((_, i) => ({
    ...named(`toy/i${i}`),
    pool: `toy/p${i}`,
    meter: `toy/m${i}`,
    counts: 'calls',
  })),
  pools: LADDERS.map((_, i) => ({
    ...named(`toy/p${i}`),
    meter: `toy/m${i}`,
    packs: [{ size: 7, price: '1.00' }],
  })),
  meters: LADDERS.map((ladder, i) => ({ ...named(`toy/m${i}`), ladder })),
  allowance: { calls: 5, grant, inFirstMonth: true },
  freeze: { rate: '1.2', of: 'list', onFailure: 'notify' },
});

/** Calls of every meter: none post-paid, at a bound, behind it, and many. */
const CALLS = [3, 10, 12, 15, 22, 42, 43, 90];

test.each(['pack', 'voucher'] as const)('free calls as a %s: both verifiers agree', async (grant) => {
  const given = await givenLedger(['toy'], { books: [bookWith(grant)] });
  await given.has('2019-01-02T00:00:00+08:00', 'deposit', { amount: '90000', reference: 'a' });
  for (const i of LADDERS.keys())
    if (i % 3 === 0)
      await given.has('2019-01-02T01:00:00+08:00', 'buy-packs', { pool: `toy/p${i}`, size: 7 });
  const { store } = given.ledger;
  const sealer = openCheckpointSigner({
    store,
    path: ':memory:',
    serverKey: SERVER_KEY,
    now: () => Date.UTC(2026, 0, 1),
    file: null,
  });
  for (const [n, calls] of CALLS.entries()) {
    const month = `2019-0${n + 1}`;
    for (const i of LADDERS.keys()) await given.meters(`${month}-05T00:00:00+08:00`, `toy/i${i}`, calls);
    // Late usage of the month before: corrections are rated by the same ladders.
    if (n > 0)
      await given.meters(`${month}-06T00:00:00+08:00`, 'toy/i21', 9, {
        time: `2019-0${n}-20T00:00:00+08:00`,
      });
    await given.closes(month, `2019-0${n + 2}-01T04:00:00+08:00`);
  }
  await sealer.sign();
  for (const n of CALLS.keys()) {
    const month = `2019-0${n + 1}`;
    const issued = await issuedBill(store, ACCOUNT, month);
    if (!issued) throw new Error(`no bill of ${month}`);
    const of = { store, tree: sealer.tree, serverKey: SERVER_KEY, zone: 'Asia/Shanghai' };
    let bundle = '';
    for await (const piece of writeBundle(of, issued)) bundle += piece;
    const file = join(temporaryFolder(), 'bundle');
    writeFileSync(file, bundle);
    expect((await second.verify(file)).failures, month).toEqual([]);
    expect((await verified(bundle, [])).findings, month).toEqual([]);
  }
  await sealer.close();
});
