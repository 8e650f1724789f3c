/** A running server: composes the ledger, its clock and its HTTP interface, and stops them in order. */
import { createRequire } from 'node:module';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Api } from '../api/http/api.ts';
import { builtDashboard } from '../api/http/dashboard.ts';
import { buildServer, type Health } from '../api/http/server.ts';
import { instantText } from '../domain/calendar.ts';
import { type Where, whereOf } from '../ledger/location.ts';
import { heldKey } from '../ledger/secrets/server-key.ts';
import { type Metrics, openMetrics, silentFor } from '../operation/metrics.ts';
import { everyoneLivesUntil } from '../operation/timekeeper.ts';
import { openParts } from './compose-server.ts';
import { DASHBOARD_FOLDER } from './dashboard-folder.ts';
import { openLog } from './log.ts';
import { type Restoring, restoringFrom } from './restoring.ts';
import type { Settings } from './settings.ts';

export interface Running {
  readonly app: FastifyInstance;
  readonly api: Api;
  readonly address: string;
  /** What would be caught up beyond the automatic limit, after the first look; null for nothing. */
  waits(): Promise<string | null>;
  /** Why the server is not ready; null if it is. */
  notReady(): string | null;
  /** Catches up everything that is due. */
  catchUp(): void;
  /** Answers requests in progress, finishes acknowledged work, and closes the ledger. */
  stop(): Promise<void>;
}

const FAILED_MS = 5_000;
const IDLE_MS = 50;
const LAG_MAX_SECONDS = 5;
/**
 * Connections that wait to be accepted, where the system allows as many. Beyond it a client's attempts are dropped, and
 * repeated after a second or more, or its connection is reset.
 */
const CONNECTIONS_WAITING_MAX = 4_096;
const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

/** Starts a server; the first line of its log has the address. On failure nothing stays open. */
export const startServer = async (settings: Settings): Promise<Running> => {
  const where = whereOf(settings.store, settings.data);
  // Before any request to an engine.
  heldKey(settings.secret, where);
  const log = openLog(settings.logLevel);
  const recordedAt = () => new Date().toISOString();
  const open = (isRestored: boolean) => openParts({ settings, where, log, recordedAt, isRestored });
  const first = await open(false);
  const restoring = restoringFrom(first, () => open(true), log);
  try {
    return await serve(restoring, where, settings, log, recordedAt);
  } catch (error) {
    await restoring.close();
    throw error;
  }
};

/** Always the currently open parts, which change after a restore. */
const servedApi = (
  { parts }: Restoring,
  where: Where,
  settings: Settings,
  metrics: Metrics,
  recordedAt: () => string,
): Api => ({
  get ledger() {
    return parts().ledger;
  },
  get clock() {
    return parts().clock;
  },
  get keyring() {
    return parts().keyring;
  },
  get jobs() {
    return parts().jobs;
  },
  get closes() {
    return parts().closes;
  },
  watched: {
    lag: () => parts().lag.seconds(),
    closeAt: settings.closeAt,
    lastCheckpoint: () => parts().business.watched.lastCheckpoint(),
    lastBackup: () => parts().business.watched.lastBackup(),
    isBackedUpHere: where.kind === 'file',
  },
  get sealer() {
    return parts().sealer;
  },
  get delivery() {
    return parts().delivery;
  },
  get serverKey() {
    return parts().key;
  },
  metrics,
  drive: (until) => {
    const { ledger, closes } = parts();
    return everyoneLivesUntil(ledger, until, settings.closeAt, closes);
  },
  inFlight: new Set(),
  realNow: Date.now,
  recordedAt,
});

const healthOf = (restoring: Restoring, settings: Settings): Health => {
  let failedAt = Number.NEGATIVE_INFINITY;
  return {
    failed: () => {
      failedAt = performance.now();
    },
    refusing: restoring.why,
    onRefusing: restoring.onBegun,
    notReady: () => {
      const why = restoring.notReady();
      if (why !== null) return why;
      const { ledger, catchUp, clock, lag } = restoring.parts();
      if (performance.now() - failedAt < FAILED_MS) return 'an append failed in the last 5 s';
      if (silentFor(ledger.store) > settings.engineSilentMs) return 'the engine does not answer';
      const waits = ledger.readsTrouble() ?? catchUp.notReady(clock.now(), ledger.calendar);
      if (waits !== null) return waits;
      return lag.seconds() > LAG_MAX_SECONDS ? `views are ${Math.round(lag.seconds())} s behind` : null;
    },
  };
};

const metricsOf = ({ parts }: Restoring): Metrics =>
  openMetrics({
    store: () => parts().ledger.store,
    lag: () => parts().lag.seconds(),
    deliveries: () => parts().delivery.counts(),
    deliveryHealth: () => parts().delivery.health(),
    quarantine: () => parts().ledger.quarantine(),
    business: {
      views: () => parts().ledger.views,
      month: () => parts().business.watched.month(),
      waiting: () => parts().business.watched.waiting(),
      lastCheckpoint: () => parts().business.watched.lastCheckpoint(),
      lastBackup: () => parts().business.watched.lastBackup(),
    },
  });

const serve = async (
  restoring: Restoring,
  where: Where,
  settings: Settings,
  log: Logger,
  recordedAt: () => string,
): Promise<Running> => {
  const { parts } = restoring;
  const api = servedApi(restoring, where, settings, metricsOf(restoring), recordedAt);
  const health = healthOf(restoring, settings);
  const app = await buildServer(api, health, {
    version,
    inFlightMax: settings.inFlightMax,
    requestsPerSecond: settings.requestsPerSecond,
    origins: settings.origins,
    logger: log,
    dashboard: builtDashboard(DASHBOARD_FOLDER),
  });
  const address = await app.listen({
    ...{ host: settings.host, port: settings.port },
    backlog: CONNECTIONS_WAITING_MAX,
  });
  const { clock } = parts();
  log.info(
    { address, store: where.shown, clock: clock.kind, now: instantText(clock.now()) },
    `listening on ${address}`,
  );
  parts().begin();
  return {
    app,
    api,
    address,
    waits: async () => {
      await parts().lookedAt();
      const { catchUp, ledger } = parts();
      return catchUp.lagging() === 0 ? null : catchUp.notReady(api.clock.now(), ledger.calendar);
    },
    notReady: health.notReady,
    catchUp: () => parts().catchUpAll(),
    stop: async () => {
      // Closes idle connections, whose last request is answered.
      const idle = setInterval(() => app.server.closeIdleConnections(), IDLE_MS);
      await app.close();
      clearInterval(idle);
      await restoring.close();
      log.info('stopped');
    },
  };
};
