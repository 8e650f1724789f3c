/** Counts of releases that knew no bounds: read, billed, corrected, replayed and verified as they were written. */
import { expect, test } from 'vitest';
import { replayStream } from '../../src/audit/replay/replay.ts';
import { verifyStore } from '../../src/audit/verify/verify-store.ts';
import { encodeEvent } from '../../src/codec/event-codec.ts';
import { openViews } from '../../src/derived/views.ts';
import { SUM_MAX } from '../../src/domain/bounds.ts';
import type { CallsMetered } from '../../src/domain/events.ts';
import { meterUsage } from '../../src/domain/meter-usage.ts';
import { openMemoryStore } from '../../src/eventstore/memory.ts';
import { openMemoryIndex } from '../../src/identity-index/memory.ts';
import { seal } from '../../src/integrity/seal-events.ts';
import { catchUp } from '../../src/ledger/following/follow.ts';
import { type Given, givenLedger, instant } from '../support/given.ts';

const STREAM = 'account-acme';
const AT = '2019-01-10T08:00:00+08:00';
const INTERFACE = 'face-recognition/compare';

/** Far above what a record may count today; together with the second the most that a month can hold. */
const LARGE = 5_000_000_000_000_000;
const REST = SUM_MAX - LARGE;

/** Appends two records as a release decided them that had no bounds: a fact that is decided again knows none. */
const meteredBefore = async ({ ledger, account }: Given): Promise<void> => {
  const { store, calendar } = ledger;
  const records = [LARGE, REST].map((calls, i) => ({
    ...{ source: '/gateway/1', id: `large-${i}`, interface: INTERFACE, time: instant(AT) },
    ...{ calls, submitted: null },
  }));
  const surrounding = {
    at: instant(AT),
    records,
    seen: () => undefined,
    calendar,
    catalogue: ledger.catalogue(),
  };
  const unbounded = { uncharged: [] } as unknown as CallsMetered;
  const { event } = meterUsage(await account(), { ...surrounding, again: unbounded });
  if (!event) throw new Error('nothing was metered');
  const { length, hash } = await store.head(STREAM);
  await store.append(
    STREAM,
    length,
    seal(STREAM, length, hash, [encodeEvent(event, '2019-01-10T00:00:00.000Z')]),
  );
};

test('large counts close, are corrected and replay; new ones have today’s bounds', async () => {
  const store = openMemoryStore();
  const before = await givenLedger(['face-recognition'], { store });
  await meteredBefore(before);
  // Opened again by this release; opening the account once more changes nothing.
  const given = await givenLedger(['face-recognition'], { store, index: openMemoryIndex() });

  expect(await given.meters(AT, INTERFACE, 1)).toMatchObject({
    outcome: 'refused',
    code: 'quantity_too_large',
  });
  const bill = await given.closes('2019-01', '2019-02-01T04:00:00+08:00');
  expect(bill.lines.map(({ metered }) => metered)).toEqual([SUM_MAX]);
  const late = await given.meters('2019-02-02T00:00:00+08:00', INTERFACE, 1, { time: AT });
  expect(late).toMatchObject({ outcome: 'refused', code: 'quantity_too_large' });
  const correction = { source: '/gateway/1', record: 'large-0', calls: 10, reason: 'a counter ran over' };
  await given.has('2019-02-03T00:00:00+08:00', 'correct-usage', correction);
  expect(await given.meters('2019-02-03T00:00:00+08:00', INTERFACE, 1, { time: AT })).toMatchObject({
    outcome: 'accepted',
  });
  const [line] = (await given.closes('2019-02', '2019-03-01T04:00:00+08:00')).corrections;
  expect(line?.calls).toBe(11 - LARGE);

  const { calendar } = given.ledger;
  let replayed = 0;
  for await (const { match, differences } of replayStream(
    { store, calendar, catalogue: given.ledger.catalogue() },
    STREAM,
  )) {
    expect([match, differences]).toEqual([true, []]);
    replayed += 1;
  }
  expect(replayed).toBe(2);
  expect((await verifyStore(store, calendar, () => undefined)).findings).toEqual([]);
  const views = openViews(':memory:');
  await catchUp(store, views);
  expect(views.quarantine.list()).toEqual([]);
  views.close();
});
