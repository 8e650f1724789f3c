/** Two servers of one ledger that are given the same work at once, in different orders, with retries. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { replayStream } from '../../../src/audit/replay/replay.ts';
import { verifyStore } from '../../../src/audit/verify/verify-store.ts';
import { randomFrom } from '../../../src/demo/random.ts';
import { accountStream } from '../../../src/eventstore/stream-names.ts';
import { issuedBill } from '../../../src/ledger/queries/bills.ts';
import { runs } from '../../support/proof.ts';
import { type Engine, onEveryEngine } from '../engines.ts';
import { appendsOf, counted, openPair } from '../ledger-servers.ts';
import { nothingTold, runAll, sendAll, sending, shuffled } from './two-servers-sending.ts';
import { callsOf, closing, workOf } from './two-servers-work.ts';

onEveryEngine('two servers', (open) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open();
  });
  afterAll(() => engine.close());

  test('the same work in different orders, with retries: all of it once, and the same to see', async () => {
    const work = workOf(runs('two servers are given the same records', 800, 100_000));
    const pair = await openPair(engine.address());
    const [one, two] = pair;
    const told = nothingTold();
    const started = performance.now();
    await Promise.all(pair.map((ledger, n) => sendAll(ledger, work, n + 1, told)));
    const seconds = (performance.now() - started) / 1_000;
    const closings = work.map(({ account }) => [sending(closing(account), told)]);
    await Promise.all(pair.map((ledger, n) => runAll(ledger, shuffled(closings, randomFrom(n)))));

    expect(told.wrong).toEqual([]);
    const ids = work.flatMap(({ records }) => records.map(({ id }) => id));
    expect([told.accepted.size, ...new Set(told.accepted.values())]).toEqual([ids.length, 1]);
    for (const [key, answers] of told.answers) {
      const done = answers.filter(({ outcome }) => outcome === 'done');
      expect([key, done.length, answers.length > 1]).toEqual([key, 1, true]);
      for (const answer of answers)
        if (answer.outcome !== 'refused' && done[0]?.outcome === 'done')
          expect([key, answer.events]).toEqual([key, done[0].events]);
    }

    await Promise.all(pair.map((ledger) => ledger.viewsCaughtUp()));
    expect(one.views?.digest()).toBe(two.views?.digest());
    for (const own of work) {
      const expected = { calls: callsOf(own), records: own.records.length };
      for (const ledger of pair) expect(counted(ledger, own.account)).toEqual(expected);
      const bill = await issuedBill(one.store, own.account, '2019-01');
      expect(bill).not.toBeNull();
      expect(await issuedBill(two.store, own.account, '2019-01')).toEqual(bill);
      expect(await two.entry(own.account)).toEqual(await one.entry(own.account));
    }

    const verified = await verifyStore(one.store, one.calendar, () => undefined);
    expect([verified.findings, verified.records]).toEqual([[], ids.length]);
    const around = { store: two.store, calendar: two.calendar, catalogue: two.catalogue() };
    for (const { account } of work) {
      const months: boolean[] = [];
      for await (const { match } of replayStream(around, accountStream(account))) months.push(match);
      expect([account, ...months]).toEqual([account, true]);
    }
    const sums = pair.map(appendsOf).map(({ appends, conflicts }) => `${appends} (${conflicts} conflicts)`);
    console.info(`${ids.length} records in ${seconds.toFixed(1)} s; appends: ${sums.join(' and ')}`);
  }, 900_000);
});
