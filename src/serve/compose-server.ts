/**
 * The parts of a server besides its HTTP interface and metrics: the ledger, and everything with state of it. They are
 * opened at the start, and reopened without derived data when the engine was restored from a backup, so no part
 * needs its own way to reset.
 */
import type { Buffer } from 'node:buffer';
import type { Logger } from 'pino';
import { KEYS, type Keyring, openKeyring } from '../access/keyring.ts';
import { type CheckpointSigner, openCheckpointSigner } from '../checkpoint/checkpoint-queue.ts';
import { replacedUnreadable } from '../checkpoint/signing-keys.ts';
import { type Delivery, openDelivery } from '../delivery/delivery.ts';
import { openLease } from '../delivery/lease.ts';
import { type DerivedKind, derivedPath } from '../derived/files.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Where } from '../ledger/location.ts';
import { openLedgerAt } from '../ledger/open.ts';
import { ledgerSecret } from '../ledger/secrets/check-value.ts';
import { CLOCK, chooseClock } from '../ledger/system/clock-choice.ts';
import { shippedPriceBooks } from '../ledger/system/shipped-price-books.ts';
import { type Clock, systemClock, testClock } from '../operation/clock.ts';
import { type Jobs, openJobs } from '../operation/jobs.ts';
import { type Lag, watchLag } from '../operation/lag.ts';
import { openWaitingCloses, type WaitingCloses } from '../operation/waiting-closes.ts';
import { checkWitness } from './check-external-checkpoint.ts';
import { type Watching, watching } from './metric-sources.ts';
import { type CatchUp, catchUpOf } from './operator-waits.ts';
import { openRounds } from './rounds.ts';
import type { Settings } from './settings.ts';

export interface PartsOf {
  readonly settings: Settings;
  readonly where: Where;
  readonly log: Logger;
  readonly recordedAt: () => string;
  /** Whether the engine was restored: then derived data is dropped first, and no new ledger is created. */
  readonly isRestored: boolean;
}

export interface Parts {
  readonly ledger: Ledger;
  readonly key: Buffer;
  readonly clock: Clock;
  readonly closes: WaitingCloses;
  readonly jobs: Jobs;
  readonly sealer: CheckpointSigner;
  readonly delivery: Delivery;
  readonly keyring: Keyring;
  readonly lag: Lag;
  readonly business: Watching;
  readonly catchUp: CatchUp;
  /** Starts the scheduler. */
  begin(): void;
  /** Resolves when everything due at the last look is done. */
  lookedAt(): Promise<void>;
  /** Catches up everything that is due. */
  catchUpAll(): void;
  /** Finishes acknowledged work and closes the ledger. */
  close(): Promise<void>;
}

const EMAIL_MAX_AGE_DAYS = 7;
const WEBHOOK_TIMEOUT_MS = 10_000;

/** Opens all parts over the ledger of the settings; on failure nothing stays open. */
export const openParts = async (of: PartsOf): Promise<Parts> => {
  const { settings } = of;
  const catchUp = catchUpOf(settings);
  const tell = (notice: string) => of.log.warn(notice);
  const ledger = await openLedgerAt({
    acceptLoss: settings.acceptLoss,
    onNotice: tell,
    serverTiming: catchUp.timing,
    store: settings.store,
    data: settings.data,
    clock: settings.clock === null ? 'real' : 'driven',
    books: settings.books === 'none' ? [] : shippedPriceBooks,
    times: settings.engineTimes,
    isRestored: of.isRestored,
    ...(settings.zone === null ? {} : { zone: settings.zone }),
  });
  try {
    return await partsOver(ledger, catchUp, of);
  } catch (error) {
    await ledger.close();
    throw error;
  }
};

const partsOver = async (ledger: Ledger, catchUp: CatchUp, of: PartsOf): Promise<Parts> => {
  const { settings, where, log, recordedAt } = of;
  const mode = settings.newSecret ? 'replace' : 'write';
  const key = await ledgerSecret({ store: ledger.store, where, secret: settings.secret, mode });
  await checkWitness(ledger, where, settings, (notice) => log.warn(notice));
  const clock = await clockOver(ledger, of);
  const closes = openWaitingCloses(recordedAt, ({ account, month, code, detail, members }) =>
    log.warn({ ...members, account, closing: month, code }, `the close of ${month} waits: ${detail}`),
  );
  ledger.onClosed(closes.done);
  const jobs = openJobs(ledger, recordedAt, closes);
  const business = await watching(ledger, where, clock, closes);
  const keyring = await openKeyring(ledger.store, settings.adminKey);
  // Keys that another server created or revoked.
  ledger.onFollowed(KEYS, keyring.refresh);
  if (settings.newSecret) await tellReplaced(ledger, key, log);
  const sealer = signerOver(ledger, of, key, business);
  ledger.onClosed(sealer.soon);
  const delivery = deliveryOver(ledger, of, key, clock);
  const lag = watchLag(ledger.store, ledger.views, () => performance.now());
  const rounds = openRounds({ ledger, clock, closes, jobs, catchUp, closeAt: settings.closeAt, log });
  return {
    ...{ ledger, key, clock, closes, jobs, sealer, delivery, keyring, lag, business, catchUp },
    begin: () => {
      if (clock.kind === 'system') rounds.begin();
      delivery.start();
      jobs.resume().catch((error) => log.error({ err: error }, 'jobs could not be looked for'));
    },
    lookedAt: rounds.ended,
    catchUpAll: rounds.startOver,
    close: async () => {
      rounds.stop();
      lag.stop();
      await Promise.allSettled([rounds.ended(), jobs.stop()]);
      await delivery.stop();
      await sealer.close();
      await ledger.close();
    },
  };
};

const clockOver = async (ledger: Ledger, { settings, recordedAt }: PartsOf): Promise<Clock> => {
  await chooseClock(ledger.store, settings.clock === null ? 'system' : 'test', Date.now());
  const clock =
    settings.clock === null
      ? systemClock()
      : await testClock(ledger.store, settings.clock, recordedAt, ledger.isShared);
  // A test clock that another server set: reads follow it too.
  ledger.onFollowed(CLOCK, clock.ready);
  return clock;
};

const tellReplaced = async (ledger: Ledger, key: Buffer, log: Logger): Promise<void> => {
  const replaced = await replacedUnreadable(ledger.store, key, Date.now());
  if (replaced)
    log.warn(
      { key: replaced.key.text },
      'the signing key before this one cannot be read: give the new one to those who verify',
    );
};

const derivedIn = ({ base }: Where, kind: DerivedKind): string =>
  base === null ? ':memory:' : derivedPath(base, kind);

const signerOver = (
  ledger: Ledger,
  { settings, where, log }: PartsOf,
  key: Buffer,
  business: Watching,
): CheckpointSigner =>
  openCheckpointSigner({
    store: ledger.store,
    path: derivedIn(where, 'tree'),
    serverKey: key,
    now: Date.now,
    file: settings.checkpointFile,
    log: (error) => log.error({ err: error }, 'a checkpoint could not be signed or written'),
    signed: business.signed,
  });

const deliveryOver = (
  ledger: Ledger,
  { settings, where, log }: PartsOf,
  key: Buffer,
  clock: Clock,
): Delivery =>
  openDelivery({
    store: ledger.store,
    outbox: derivedIn(where, 'outbox'),
    ...(ledger.views ? { reached: ledger.views.anchor } : {}),
    lease: ledger.isShared ? openLease(ledger.store, Date.now) : null,
    now: Date.now,
    ledgerNow: clock.now,
    settings: {
      smtp: settings.smtp,
      from: settings.mailFrom,
      allowPrivateTargets: settings.allowPrivateTargets,
      serverKey: key,
      emailMaxAgeDays: EMAIL_MAX_AGE_DAYS,
      timeoutMs: WEBHOOK_TIMEOUT_MS,
    },
    log: (level, message, fields) => log[level](fields, message),
  });
