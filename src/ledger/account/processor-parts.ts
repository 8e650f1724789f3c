/** What an account's processor is made of: the parts it shares with other accounts', and its own. */
import type { Snapshots } from '../../derived/account-snapshots.ts';
import type { EventStore } from '../../eventstore/event-store.ts';
import type { LedgerContext } from '../context.ts';
import type { AccountCache } from './cache.ts';
import type { Timing } from './command-instant.ts';
import type { ClockKind, Decider } from './decider.ts';
import type { Identities } from './identities.ts';
import type { Turns } from './turns.ts';

export interface ProcessorOf {
  readonly account: string;
  readonly store: EventStore;
  readonly identities: Identities;
  readonly snapshots: Snapshots | null;
  readonly context: LedgerContext;
  readonly clock: ClockKind;
  readonly timing: Timing;
  /** Append fairness between servers, and how long a decision is retried; absent for a single server. */
  readonly turns?: Turns | undefined;
  readonly turnMs?: number | undefined;
}

/** The dependencies of one account's steps. */
export interface AccountPath {
  readonly of: ProcessorOf;
  readonly deciding: Decider;
  readonly kept: AccountCache;
}
