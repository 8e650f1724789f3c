/** A running server: the ledger, its clock and its HTTP interface put together, and taken apart again in order. */
import { createRequire } from 'node:module';
import type { FastifyInstance } from 'fastify';
import { KEYS, openKeyring } from '../access/keyring.ts';
import type { Api } from '../api/api.ts';
import { buildServer } from '../api/server.ts';
import { shippedPriceBooks } from '../catalogue/shipped.ts';
import { openSealer } from '../checkpoint/sealer.ts';
import { replacedUnreadable } from '../checkpoint/signing-keys.ts';
import { openDelivery } from '../delivery/delivery.ts';
import { openLease } from '../delivery/lease.ts';
import { type DerivedKind, derivedPath } from '../derived/files.ts';
import { instantText } from '../domain/calendar.ts';
import { chooseClock } from '../ledger/clock-choice.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { openLedgerAt } from '../ledger/open.ts';
import { ledgerSecret } from '../ledger/secret-check.ts';
import { heldKey } from '../ledger/server-key.ts';
import { type Where, whereOf } from '../ledger/where.ts';

import { systemClock, testClock } from '../operation/clock.ts';
import { openJobs } from '../operation/jobs.ts';
import { watchLag } from '../operation/lag.ts';
import { openMetrics, silentFor } from '../operation/metrics.ts';
import { everyoneLivesUntil, openTimekeeper } from '../operation/timekeeper.ts';
import { openWaitingCloses } from '../operation/waiting-closes.ts';
import { openLog } from './log.ts';
import type { Settings } from './settings.ts';
import { type CatchUp, catchUpOf } from './waiting.ts';
import { watching } from './watched.ts';
import { checkWitness } from './witness.ts';

export interface Running {
  readonly app: FastifyInstance;
  readonly api: Api;
  readonly address: string;
  /** After the first look at what is due: what would be caught up further than happens by itself; null for nothing. */
  waits(): Promise<string | null>;
  /** Why the server should get no requests; null where it should. */
  notReady(): string | null;
  /** Catches up whatever is due. */
  catchUp(): void;
  /** Answers what is under way, finishes what was acknowledged, and closes the ledger. */
  stop(): Promise<void>;
}

const ROUND_MS = 60_000;
const FAILED_MS = 5_000;
const IDLE_MS = 50;
const LAG_MAX_SECONDS = 5;
const EMAIL_MAX_AGE_DAYS = 7;
const WEBHOOK_TIMEOUT_MS = 10_000;

const SILENT_MS = 3_000;

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

/** Starts a server; the first line of its log names the address. What could not be started leaves nothing open. */
export const startServer = async (settings: Settings): Promise<Running> => {
  const where = whereOf(settings.store, settings.data);
  // Before an engine is asked for anything.
  heldKey(settings.secret, where);
  const catchUp = catchUpOf(settings);
  const log = openLog(settings.logLevel);
  const tell = (notice: string) => log.warn(notice);
  const ledger = await openLedgerAt({
    acceptLoss: settings.acceptLoss,
    onNotice: tell,
    serverTiming: catchUp.timing,
    store: settings.store,
    data: settings.data,
    clock: settings.clock === null ? 'real' : 'driven',
    books: settings.books === 'none' ? [] : shippedPriceBooks,
    ...(settings.zone === null ? {} : { zone: settings.zone }),
  });
  try {
    const mode = settings.newSecret ? 'replace' : 'write';
    const key = await ledgerSecret({ store: ledger.store, where, secret: settings.secret, mode });
    await checkWitness(ledger, where, settings, tell);
    await chooseClock(ledger.store, settings.clock === null ? 'system' : 'test', Date.now());
    return await serveLedger(ledger, where, key, settings, catchUp, log);
  } catch (error) {
    await ledger.close();
    throw error;
  }
};

const serveLedger = async (
  ledger: Ledger,
  where: Where,
  key: Buffer,
  settings: Settings,
  catchUp: CatchUp,
  log: ReturnType<typeof openLog>,
): Promise<Running> => {
  const recordedAt = () => new Date().toISOString();
  const derived = (kind: DerivedKind): string =>
    where.base === null ? ':memory:' : derivedPath(where.base, kind);
  const clock =
    settings.clock === null
      ? systemClock()
      : await testClock(ledger.store, settings.clock, recordedAt, ledger.isShared);
  const closes = openWaitingCloses(recordedAt, ({ account, month, code, detail, members }) =>
    log.warn({ ...members, account, closing: month, code }, `the close of ${month} waits: ${detail}`),
  );
  ledger.onClosed(closes.done);
  const jobs = openJobs(ledger, recordedAt, closes);
  const business = await watching(ledger, where, clock, closes);
  const sealer = openSealer({
    store: ledger.store,
    path: derived('tree'),
    serverKey: key,
    now: Date.now,
    file: settings.checkpointFile,
    log: (error) => log.error({ err: error }, 'a checkpoint could not be signed or written'),
    signed: business.signed,
  });
  ledger.onClosed(sealer.soon);
  const replaced = settings.newSecret ? await replacedUnreadable(ledger.store, key, Date.now()) : null;
  if (replaced)
    log.warn(
      { key: replaced.key.text },
      'the signing key before this one cannot be read: give the new one to those who verify',
    );
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
  const keyring = await openKeyring(ledger.store, settings.adminKey);
  // Keys that another server made or revoked.
  ledger.onFollowed(KEYS, keyring.refresh);
  const lag = watchLag(ledger.store, ledger.views, () => performance.now());
  const metrics = openMetrics({
    store: ledger.store,
    lag: lag.seconds,
    deliveries: delivery.counts,
    business: business.watched,
    deliveryHealth: delivery.health,
  });
  let failedAt = Number.NEGATIVE_INFINITY;
  const health = {
    failed: () => {
      failedAt = performance.now();
    },
    notReady: () => {
      if (performance.now() - failedAt < FAILED_MS) return 'an append failed in the last 5 s';
      if (silentFor(ledger.store) > SILENT_MS) return 'the engine does not answer';
      const waits = catchUp.notReady(clock.now());
      if (waits !== null) return waits;
      return lag.seconds() > LAG_MAX_SECONDS ? `views are ${Math.round(lag.seconds())} s behind` : null;
    },
  };
  const api: Api = {
    ledger,
    clock,
    keyring,
    jobs,
    closes,
    sealer,
    delivery,
    serverKey: key,
    metrics,
    drive: (until) => everyoneLivesUntil(ledger, until, settings.closeAt, closes),
    inFlight: new Set(),
    realNow: Date.now,
    recordedAt,
  };
  const app = await buildServer(api, health, {
    version,
    inFlightMax: settings.inFlightMax,
    requestsPerSecond: settings.requestsPerSecond,
    origins: settings.origins,
    logger: log,
  });
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
        const waits = catchUp.notReady(clock.now());
        if (waits !== null) log.warn(waits);
      })
      .then(() => jobs.takeOver())
      .catch((error) => log.error({ err: error }, 'a round failed'));
  };
  const address = await app.listen({ host: settings.host, port: settings.port });
  log.info(
    { address, store: where.shown, clock: clock.kind, now: instantText(clock.now()) },
    `listening on ${address}`,
  );
  const timer = clock.kind === 'system' ? setInterval(keepTime, ROUND_MS) : null;
  if (timer) keepTime();
  delivery.start();
  jobs.resume().catch((error) => log.error({ err: error }, 'jobs could not be looked for'));
  return {
    app,
    api,
    address,
    waits: async () => {
      await round;
      return catchUp.lagging() === 0 ? null : catchUp.notReady(clock.now());
    },
    notReady: health.notReady,
    catchUp: () => {
      catchUp.allow();
      keeper.startOver();
      keepTime();
    },
    stop: async () => {
      if (timer) clearInterval(timer);
      lag.stop();
      // A connection whose last request is answered is not waited for.
      const idle = setInterval(() => app.server.closeIdleConnections(), IDLE_MS);
      await app.close();
      clearInterval(idle);
      await Promise.allSettled([round, jobs.stop()]);
      await delivery.stop();
      await sealer.close();
      await ledger.close();
      log.info('stopped');
    },
  };
};
