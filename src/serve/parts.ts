/**
 * What a server stands on besides its HTTP interface and its metrics: the ledger and all that holds something of it. It is
 * opened at the start, and once more, from nothing derived, when the engine was restored from a backup: what belongs here
 * needs no way of its own to forget.
 */
import type { Buffer } from 'node:buffer';
import type { Logger } from 'pino';
import { KEYS, type Keyring, openKeyring } from '../access/keyring.ts';
import { type CheckpointSigner, openCheckpointSigner } from '../checkpoint/checkpoint-signer.ts';
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
import { openTimekeeper } from '../operation/timekeeper.ts';
import { openWaitingCloses, type WaitingCloses } from '../operation/waiting-closes.ts';
import type { Settings } from './settings.ts';
import { type CatchUp, catchUpOf } from './waiting.ts';
import { type Watching, watching } from './watched.ts';
import { checkWitness } from './witness.ts';

export interface PartsOf {
  readonly settings: Settings;
  readonly where: Where;
  readonly log: Logger;
  readonly recordedAt: () => string;
  /** Whether the engine was restored: then what was derived goes first, and no ledger is made. */
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
  /** Begins with what happens by itself. */
  begin(): void;
  /** Resolves when what was due at the last look is done. */
  lookedAt(): Promise<void>;
  /** Catches up whatever is due. */
  catchUpAll(): void;
  /** Finishes what was acknowledged and closes the ledger. */
  close(): Promise<void>;
}

const ROUND_MS = 60_000;
const EMAIL_MAX_AGE_DAYS = 7;
const WEBHOOK_TIMEOUT_MS = 10_000;

/** Opens everything over the ledger of the settings; what could not be opened leaves nothing open. */
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
  await chooseClock(ledger.store, settings.clock === null ? 'system' : 'test', Date.now());
  const derived = (kind: DerivedKind): string =>
    where.base === null ? ':memory:' : derivedPath(where.base, kind);
  const clock =
    settings.clock === null
      ? systemClock()
      : await testClock(ledger.store, settings.clock, recordedAt, ledger.isShared);
  // A test clock that another server set: reads follow it too.
  ledger.onFollowed(CLOCK, clock.ready);
  const closes = openWaitingCloses(recordedAt, ({ account, month, code, detail, members }) =>
    log.warn({ ...members, account, closing: month, code }, `the close of ${month} waits: ${detail}`),
  );
  ledger.onClosed(closes.done);
  const jobs = openJobs(ledger, recordedAt, closes);
  const business = await watching(ledger, where, clock, closes);
  const keyring = await openKeyring(ledger.store, settings.adminKey);
  // Keys that another server made or revoked.
  ledger.onFollowed(KEYS, keyring.refresh);
  const replaced = settings.newSecret ? await replacedUnreadable(ledger.store, key, Date.now()) : null;
  if (replaced)
    log.warn(
      { key: replaced.key.text },
      'the signing key before this one cannot be read: give the new one to those who verify',
    );
  const sealer = openCheckpointSigner({
    store: ledger.store,
    path: derived('tree'),
    serverKey: key,
    now: Date.now,
    file: settings.checkpointFile,
    log: (error) => log.error({ err: error }, 'a checkpoint could not be signed or written'),
    signed: business.signed,
  });
  ledger.onClosed(sealer.soon);
  const delivery = openDelivery({
    store: ledger.store,
    outbox: derived('outbox'),
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
  const lag = watchLag(ledger.store, ledger.views, () => performance.now());
  const keeper = openTimekeeper(
    ledger,
    settings.closeAt,
    (error, account) => log.error({ err: error, account }, 'what was due could not be done'),
    (account, last) => catchUp.seen(account, last, clock.now()),
    closes,
  );
  // Who has something due is read from the views: the first look is at all of them.
  let round: Promise<void> = ledger.viewsCaughtUp().catch(() => undefined);
  const keepTime = () => {
    round = round
      .then(() => keeper.round(clock.now()))
      .then(() => {
        const waits = catchUp.notReady(clock.now(), ledger.calendar);
        if (waits !== null) log.warn(waits);
      })
      .then(() => jobs.takeOver())
      .catch((error) => log.error({ err: error }, 'a round failed'));
  };
  let timer: NodeJS.Timeout | null = null;
  return {
    ...{ ledger, key, clock, closes, jobs, sealer, delivery, keyring, lag, business, catchUp },
    begin: () => {
      timer = clock.kind === 'system' ? setInterval(keepTime, ROUND_MS) : null;
      if (timer) keepTime();
      delivery.start();
      jobs.resume().catch((error) => log.error({ err: error }, 'jobs could not be looked for'));
    },
    lookedAt: () => round,
    catchUpAll: () => {
      catchUp.allow();
      keeper.startOver();
      keepTime();
    },
    close: async () => {
      if (timer) clearInterval(timer);
      lag.stop();
      await Promise.allSettled([round, jobs.stop()]);
      await delivery.stop();
      await sealer.close();
      await ledger.close();
    },
  };
};
