/** What every route stands on: the ledger, the clock, the keys and what happens beside requests. */
import type { Keyring } from '../../access/keyring.ts';
import type { CheckpointSigner } from '../../checkpoint/checkpoint-queue.ts';
import type { Delivery } from '../../delivery/delivery.ts';
import type { Instant } from '../../domain/calendar.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Clock } from '../../operation/clock.ts';
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
  readonly sealer: CheckpointSigner;
  /** Null where notices are not delivered. */
  readonly delivery: Delivery | null;
  /** Encrypts what must be read again, and makes secrets that a repeated request gets again. */
  readonly serverKey: Buffer;
  readonly metrics: Metrics;
  /** Lets everything happen until an instant, on a test clock. */
  readonly drive: (until: Instant) => Promise<void>;
  /** Idempotency keys whose first request is in progress. */
  readonly inFlight: Set<string>;
  /** The real instant: for keys, which a test clock must not make eternal. */
  readonly realNow: () => number;
  readonly recordedAt: () => string;
}
