/** Starvation: other servers write to an account so fast that one server loses every version conflict. */
import { expect, onTestFinished, test, vi } from 'vitest';
import { StoreUnavailable, VersionConflict } from '../../../src/eventstore/event-store.ts';
import { openMemoryStore } from '../../../src/eventstore/memory.ts';
import { accountStream } from '../../../src/eventstore/stream-names.ts';
import { ACCOUNT, givenLedger, instant } from '../../support/given.ts';
import { recordOf } from './cuts-load.ts';

/** Longer than a server's. */
const PATIENCE_MS = 10_000;

test('is told from a failure: nothing was recorded, and the same may be sent again', async () => {
  const store = openMemoryStore();
  let isBusy = false;
  const { ledger } = await givenLedger(['face-recognition'], {
    store: {
      ...store,
      append: async (stream, expected, events) => {
        if (isBusy && stream === accountStream(ACCOUNT))
          throw new VersionConflict(stream, expected, expected + 1);
        return store.append(stream, expected, events);
      },
    },
  });
  const report = () => ledger.meter(ACCOUNT, [recordOf('one')], instant('2019-01-12T00:00:00+08:00'));
  isBusy = true;
  vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const refused = expect(report()).rejects.toBeInstanceOf(StoreUnavailable);
  await vi.advanceTimersByTimeAsync(PATIENCE_MS);
  await refused;
  isBusy = false;
  expect(await report()).toEqual([{ outcome: 'accepted' }]);
  await ledger.close();
});
