/** Jobs and checkpoints interrupted by a full disk resume automatically when there is space again. */
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openCheckpointSigner } from '../../src/checkpoint/checkpoint-queue.ts';
import { StoreUnavailable } from '../../src/eventstore/event-store.ts';
import { openJobs } from '../../src/operation/jobs.ts';
import { givenLedger, instant } from '../support/given.ts';

const RECORDED = '2026-01-01T00:00:00.000Z';
const FULL = new StoreUnavailable('the disk is full');

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const later = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1_000);

test('a month that could not be closed for want of space is closed a little later, without a restart', async () => {
  const { ledger } = await givenLedger();
  const jobs = openJobs(ledger, () => RECORDED);
  const full = vi.spyOn(ledger, 'execute').mockRejectedValue(FULL);
  const started = await jobs.closeMonth('2019-01', instant('2019-02-01T04:00:00+08:00'), null);
  const { job } = started as { job: string };
  await jobs.idle();
  expect(await jobs.get(job)).toMatchObject({ state: 'running', closed: 0 });
  await later(6);
  await jobs.idle();
  expect(full).toHaveBeenCalledTimes(2);
  full.mockRestore();
  await later(6);
  await jobs.idle();
  expect(await jobs.get(job)).toMatchObject({ state: 'done', closed: 1, refused: [] });
  await jobs.stop();
});

test('a job that waits for space ends with the server', async () => {
  const { ledger } = await givenLedger();
  const jobs = openJobs(ledger, () => RECORDED);
  const full = vi.spyOn(ledger, 'execute').mockRejectedValue(FULL);
  await jobs.closeMonth('2019-01', instant('2019-02-01T04:00:00+08:00'), null);
  await jobs.idle();
  await jobs.stop();
  await later(60);
  expect(full).toHaveBeenCalledTimes(1);
});

test('a checkpoint that could not be signed is signed when it can be', async () => {
  const { store } = (await givenLedger()).ledger;
  const log = vi.fn();
  const sealer = openCheckpointSigner({
    store,
    path: ':memory:',
    serverKey: randomBytes(32),
    now: Date.now,
    file: null,
    log,
  });
  const full = vi.spyOn(store, 'append').mockRejectedValue(FULL);
  sealer.soon();
  await later(3);
  await vi.waitFor(() => expect(log).toHaveBeenCalledWith(FULL), { timeout: 60_000 });
  expect(sealer.tree.last()).toBeNull();
  full.mockRestore();
  await later(11);
  await vi.waitFor(() => expect(sealer.tree.last()?.size).toBeGreaterThan(0), { timeout: 60_000 });
  await sealer.close();
});
