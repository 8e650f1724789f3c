/** A ledger in memory with deliveries, receivers on this machine, and a clock that is moved by hand. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, vi } from 'vitest';
import { type Delivery, type DeliverySettings, openDelivery } from '../../src/delivery/delivery.ts';
import { addWebhook, listWebhooks } from '../../src/delivery/webhooks.ts';
import { temporaryFolder } from '../support/folder.ts';
import { type Given, givenLedger, instant } from '../support/given.ts';
import { DELIVERY, type HookReceiver } from '../support/receivers.ts';

export const NOW = instant('2019-01-20T00:00:00+08:00');
export const RECORDED = '2026-01-01T00:00:00.000Z';
export const KEY = randomBytes(32);
export const SECRET = `whsec_${randomBytes(32).toString('base64')}`;

/** The reference library takes no signature from another time: the clock is moved for it too. */
export const onMovedClock = (): void => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(RECORDED) });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
};

/** How long a receiver on this machine has to answer: however busy it is, only what is silent is taken for silent. */
const UNHURRIED_MS = 600_000;

export interface Delivering {
  readonly given: Given;
  readonly path: string;
  readonly delivery: Delivery;
  /** Moves the real clock on, by seconds. */
  later(seconds: number): void;
  reopen(settings?: Partial<DeliverySettings>): Delivery;
  hook(
    receiver: HookReceiver | string,
    types?: readonly string[],
    accounts?: readonly string[] | null,
  ): Promise<void>;
}

export const delivering = async (settings: Partial<DeliverySettings> = {}): Promise<Delivering> => {
  const given = await givenLedger(['face-recognition']);
  const path = join(temporaryFolder(), 'outbox');
  const open = (more: Partial<DeliverySettings> = {}) =>
    openDelivery({
      store: given.ledger.store,
      outbox: path,
      now: () => Date.now(),
      ledgerNow: () => NOW,
      settings: { ...DELIVERY, serverKey: KEY, timeoutMs: UNHURRIED_MS, ...settings, ...more },
      log: () => undefined,
    });
  return {
    given,
    path,
    delivery: open(),
    later: (seconds) => {
      vi.setSystemTime(Date.now() + seconds * 1_000);
    },
    reopen: open,
    hook: async (receiver, types = ['*'], accounts = null) => {
      const url = typeof receiver === 'string' ? receiver : receiver.url;
      if (typeof receiver !== 'string') receiver.trust(SECRET);
      const webhook = `wh_${(await listWebhooks(given.ledger.store)).length}`;
      const added = { webhook, url, types: [...types], accounts: accounts && [...accounts], secret: SECRET };
      await addWebhook(given.ledger.store, added, NOW, RECORDED, KEY);
    },
  };
};

/** Waits until something holds; unlike `vi.waitFor` it does not move the clock on while it waits. */
export const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await pause(5);
};

export const deposit = (given: Given, reference: string) =>
  given.has('2019-01-20T00:00:00+08:00', 'deposit', { amount: '5.00', reference });
export const suspend = (given: Given, at = '2019-01-20T00:00:00+08:00') =>
  given.has(at, 'suspend', { reason: 'prohibited', note: '' });
