/** The dependencies of routes: the ledger, the clock, the keys and background work. */
import type { Keyring } from '../../access/keyring.ts';
import type { CheckpointSigner } from '../../checkpoint/checkpoint-queue.ts';
import type { Delivery } from '../../delivery/delivery.ts';
import type { Instant } from '../../domain/calendar.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Clock } from '../../operation/clock.ts';
import type { ServerWatched } from '../../operation/inbox.ts';
import type { Jobs } from '../../operation/jobs.ts';
import type { Metrics } from '../../operation/metrics.ts';
import type { WaitingCloses } from '../../operation/waiting-closes.ts';

export interface Api {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly keyring: Keyring;
  readonly jobs: Jobs;
  /** Closes that were refused, or failed, at this server. */
  readonly closes: WaitingCloses;
  /** The state of this server alone: lag, checkpoint, backup. */
  readonly watched: ServerWatched;
  readonly sealer: CheckpointSigner;
  /** Null if notices are not delivered. */
  readonly delivery: Delivery | null;
  /** Encrypts secrets that must be readable later, and derives secrets that a retried request must get again. */
  readonly serverKey: Buffer;
  readonly metrics: Metrics;
  /** Lets everything happen until an instant, on a test clock. */
  readonly drive: (until: Instant) => Promise<void>;
  /** Idempotency keys whose first request is in progress. */
  readonly inFlight: Set<string>;
  /** The real clock, for keys: a test clock must not keep them from expiring. */
  readonly realNow: () => number;
  readonly recordedAt: () => string;
}
