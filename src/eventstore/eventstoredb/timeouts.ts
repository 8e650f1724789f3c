/** Timeouts and intervals for an engine, in milliseconds. */

export interface EngineTimes {
  /** Heartbeat interval. */
  readonly pulseMs: number;
  /** Heartbeat timeout: without an answer for this long the connection is dead or frozen. */
  readonly deadMs: number;
  /** An append without an answer for this long is retried. */
  readonly callMs: number;
  /** How long a call is retried before it fails as unavailable. */
  readonly patienceMs: number;
  /** How long a decision is retried on version conflicts. */
  readonly turnMs: number;
}

/** Defaults. */
export const ENGINE_TIMES: EngineTimes = {
  pulseMs: 200,
  deadMs: 1_500,
  callMs: 4_000,
  patienceMs: 8_000,
  turnMs: 5_000,
};
