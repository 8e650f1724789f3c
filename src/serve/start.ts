/** A running server: the ledger, its clock and its HTTP interface put together, and taken apart again in order. */
import { createRequire } from 'node:module';
import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { openKeyring } from '../access/keyring.ts';
import type { Api } from '../api/api.ts';
import { buildServer } from '../api/server.ts';
import { shippedPriceBooks } from '../catalogue/shipped.ts';
import { openSealer } from '../checkpoint/sealer.ts';
import { openDelivery } from '../delivery/delivery.ts';
import { instantText } from '../domain/calendar.ts';
import { fileOf, openLedgerAt } from '../ledger/open.ts';
import { serverKey } from '../ledger/server-key.ts';
import { systemClock, testClock } from '../operation/clock.ts';
import { openJobs } from '../operation/jobs.ts';
import { watchLag } from '../operation/lag.ts';
import { openMetrics } from '../operation/metrics.ts';
import { everyoneLivesUntil, openTimekeeper } from '../operation/timekeeper.ts';
import type { Settings } from './settings.ts';

export interface Running {
  readonly app: FastifyInstance;
  readonly api: Api;
  readonly address: string;
  /** Answers what is under way, finishes what was acknowledged, and closes the ledger. */
  stop(): Promise<void>;
}

const ROUND_MS = 60_000;
const FAILED_MS = 5_000;
const IDLE_MS = 50;
const LAG_MAX_SECONDS = 5;
const EMAIL_MAX_AGE_DAYS = 7;
const WEBHOOK_TIMEOUT_MS = 10_000;

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

/** Starts a server; the first line of its log names the address. */
export const startServer = async (settings: Settings): Promise<Running> => {
  const log = pino({ level: settings.logLevel, base: null, redact: ['req.headers.authorization'] });
  const recordedAt = () => new Date().toISOString();
  const ledger = await openLedgerAt({
    store: settings.store,
    clock: settings.clock === null ? 'real' : 'driven',
    books: settings.books === 'none' ? [] : shippedPriceBooks,
    ...(settings.zone === null ? {} : { zone: settings.zone }),
  });
  const path = settings.store === 'memory:' ? null : fileOf(settings.store);
  const clock =
    settings.clock === null ? systemClock() : await testClock(ledger.store, settings.clock, recordedAt);
  const key = serverKey(settings.secret, path === null ? null : `${path}.key`);
  const jobs = openJobs(ledger, recordedAt);
  const sealer = openSealer({
    store: ledger.store,
    path: path === null ? ':memory:' : `${path}.tree`,
    serverKey: key,
    now: Date.now,
    file: settings.checkpointFile,
    log: (error) => log.error({ err: error }, 'a checkpoint could not be signed or written'),
  });
  ledger.onClosed(sealer.soon);
  const delivery = openDelivery({
    store: ledger.store,
    outbox: path === null ? ':memory:' : `${path}.outbox`,
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
  const metrics = openMetrics({ store: ledger.store, lag: lag.seconds, deliveries: delivery.counts });
  let failedAt = Number.NEGATIVE_INFINITY;
  const health = {
    failed: () => {
      failedAt = performance.now();
    },
    notReady: () => {
      if (performance.now() - failedAt < FAILED_MS) return 'an append failed in the last 5 s';
      return lag.seconds() > LAG_MAX_SECONDS ? `views are ${Math.round(lag.seconds())} s behind` : null;
    },
  };
  const api: Api = {
    ledger,
    clock,
    keyring: await openKeyring(ledger.store, settings.adminKey),
    jobs,
    sealer,
    delivery,
    serverKey: key,
    metrics,
    drive: (until) => everyoneLivesUntil(ledger, until, settings.closeAt),
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
  const keeper = openTimekeeper(ledger, settings.closeAt, (error, account) =>
    log.error({ err: error, account }, 'what was due could not be done'),
  );
  let round: Promise<void> = Promise.resolve();
  const keepTime = () => {
    round = round
      .then(() => keeper.round(clock.now()))
      .catch((error) => log.error({ err: error }, 'a round failed'));
  };
  const address = await app.listen({ host: settings.host, port: settings.port }).catch(async (error) => {
    await ledger.close();
    throw error;
  });
  log.info(
    { address, store: settings.store, clock: clock.kind, now: instantText(clock.now()) },
    `listening on ${address}`,
  );
  const timer = clock.kind === 'system' ? setInterval(keepTime, ROUND_MS) : null;
  if (timer) keepTime();
  delivery.start();
  await jobs.resume();
  return {
    app,
    api,
    address,
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
