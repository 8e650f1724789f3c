/** Operational metrics in Prometheus' format. */

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { OUTCOMES } from '../domain/outcome-counts.ts';
import type { EventStore } from '../eventstore/event-store.ts';
import type { EngineStore } from '../eventstore/eventstoredb/store.ts';
import type { SqliteStore } from '../eventstore/sqlite/store.ts';
import { type BusinessWatched, openBusinessMetrics } from './business-metrics.ts';
import { type DeliveriesWatched, watchDeliveries } from './delivery-metrics.ts';
import { type QuarantineWatched, watchQuarantine } from './quarantine-metrics.ts';

export interface Metrics {
  readonly registry: Registry;
  readonly requests: Counter<'route' | 'status'>;
  readonly seconds: Histogram<'route'>;
  readonly records: Counter<'outcome'>;
  readonly refusals: Counter<'code'>;
  /** Usage records refused, by code. */
  readonly refusedUsage: Counter<'code'>;
  readonly refusedNotKept: Counter;
}

export interface Watched {
  /** The store now: after an engine was restored it is another one. */
  readonly store: () => EventStore;
  /** Lag of the views in seconds. */
  readonly lag: () => number;
  readonly deliveries: () => {
    readonly delivered: number;
    readonly failed: number;
    readonly dead: number;
    readonly pending: number;
  } | null;
  /** Streams in quarantine because of an event that cannot be read. */
  readonly quarantine: QuarantineWatched;
  readonly business: BusinessWatched;
  readonly deliveryHealth: () => DeliveriesWatched | null;
}

/** Outcomes of a usage record, as they are counted. */

/** A store that notifies of its commits. */
type Telling = EventStore & Pick<SqliteStore, 'metrics' | 'walBytes' | 'onCommitted'>;
const tells = (store: EventStore): store is Telling => 'metrics' in store && 'onCommitted' in store;

const isEngine = (store: EventStore): store is EngineStore => 'silentFor' in store;

/** Milliseconds for which a store's engine has not answered; 0 for one in this process. */
export const silentFor = (store: EventStore): number => (isEngine(store) ? store.silentFor() : 0);

/** Observed once a commit, never once an append: beside a sync that costs nothing. */
const observeCommits = (store: Telling, registers: Registry[]): void => {
  const events = new Histogram({
    name: 'suanpan_commit_events',
    help: 'Events that one commit made durable',
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000],
    registers,
  });
  const seconds = new Histogram({
    name: 'suanpan_commit_seconds',
    help: 'How long a commit took, with its sync',
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers,
  });
  store.onCommitted((written, ms) => {
    events.observe(written);
    seconds.observe(ms / 1_000);
  });
};

/** Gauges of the client library that are called `_total`, which only counters may be; each has a labelled twin. */
const MISNAMED = [
  'nodejs_active_resources_total',
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
];

/** Counters and gauges whose value is read at the scrape. */
const askedOf = (registers: Registry[]) => ({
  counter: (name: string, help: string, value: () => number): void =>
    void new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(value());
      },
    }),
  gauge: (name: string, help: string, value: () => number): void =>
    void new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value());
      },
    }),
});
type Asked = ReturnType<typeof askedOf>;

const watchCommits = (store: Telling, { counter, gauge }: Asked, registers: Registry[]): void => {
  counter('suanpan_appends_total', 'Appends acknowledged', () => store.metrics.appends);
  counter('suanpan_events_total', 'Events appended', () => store.metrics.events);
  counter('suanpan_commits_total', 'Commits, each with one sync', () => store.metrics.commits);
  gauge(
    'suanpan_commit_last_seconds',
    'How long the last commit took',
    () => store.metrics.lastCommitMs / 1_000,
  );
  observeCommits(store, registers);
  gauge('suanpan_wal_bytes', 'Size of the write-ahead log', () => store.walBytes());
};

const watchEngine = (storeNow: () => EventStore, { counter, gauge }: Asked): void => {
  const appended = (what: keyof EngineStore['appendMetrics']) => () => {
    const now = storeNow();
    return isEngine(now) ? now.appendMetrics[what] : 0;
  };
  counter('suanpan_appends_total', 'Appends acknowledged', appended('appends'));
  counter('suanpan_events_total', 'Events appended', appended('events'));
  counter('suanpan_append_tries_total', 'Appends sent, with those sent again', appended('tries'));
  counter('suanpan_append_conflicts_total', 'Appends that came after another', appended('conflicts'));
  gauge('suanpan_engine_silent_seconds', 'Time without an answer', () => silentFor(storeNow()) / 1_000);
};

const openRequestMetrics = (registers: Registry[]): Pick<Metrics, 'requests' | 'seconds' | 'refusals'> => ({
  requests: new Counter({
    name: 'suanpan_requests_total',
    help: 'Requests answered',
    labelNames: ['route', 'status'],
    registers,
  }),
  seconds: new Histogram({
    name: 'suanpan_request_seconds',
    help: 'Time to answer',
    labelNames: ['route'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers,
  }),
  refusals: new Counter({
    name: 'suanpan_refusals_total',
    help: 'Commands refused',
    labelNames: ['code'],
    registers,
  }),
});

export const openMetrics = (watched: Watched): Metrics => {
  const { deliveries } = watched;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  const registers = [registry];
  const asked = askedOf(registers);
  const store = watched.store();
  if (tells(store)) watchCommits(store, asked, registers);
  if (isEngine(store)) watchEngine(watched.store, asked);
  const { refusedUsage, refusedNotKept } = openBusinessMetrics(registry, watched.business);
  watchQuarantine(registry, watched.quarantine);
  asked.gauge('suanpan_view_lag_seconds', 'How far the views are behind', watched.lag);
  for (const what of ['delivered', 'failed', 'dead', 'pending'] as const)
    asked.gauge(`suanpan_deliveries_${what}`, `Deliveries ${what}`, () => deliveries()?.[what] ?? 0);
  watchDeliveries(watched.deliveryHealth, registers);
  const records = new Counter({
    name: 'suanpan_records_total',
    help: 'Usage records by outcome',
    labelNames: ['outcome'],
    registers,
  });
  // A rate needs two samples, so all series exist from the beginning.
  for (const outcome of OUTCOMES) records.inc({ outcome }, 0);
  return { registry, ...openRequestMetrics(registers), records, refusedUsage, refusedNotKept };
};
