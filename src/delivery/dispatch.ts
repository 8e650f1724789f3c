/**
 * Sends due messages, with limits per receiver (`queues.ts`), and records their outcomes. Attempts whose outcome could
 * not be persisted are persisted before anything else is sent, and are not resent meanwhile.
 */
import { coalesced } from '../async/coalesce.ts';
import { afterAttempt, type Settled, type Tried } from './attempts.ts';
import { NOTICES_A_MAIL } from './mail.ts';
import { MAIL, MAIL_GATHER_MS, type Outbox, type Pending } from './outbox.ts';
import { openQueues, type Queues, type ReceiverHealth } from './queues.ts';
import type { Attempted } from './send-messages.ts';
import type { Sent } from './send-webhook.ts';

export interface DispatchOf {
  readonly outbox: Outbox;
  readonly now: () => number;
  /** Sends messages together; `signal` aborts. */
  readonly send: (messages: readonly Pending[], signal: AbortSignal) => Promise<Attempted>;
  /** Whether a receiver still exists. */
  readonly isReceiver: (receiver: string) => boolean;
  /** Whether this server may deliver now. */
  readonly mayDeliver: () => Promise<boolean>;
  /** Records final outcomes. */
  readonly record: (settled: readonly Settled[]) => Promise<void>;
  readonly log: (level: 'warn' | 'error', message: string, fields: object) => void;
}

export interface DispatchCounts {
  readonly delivered: number;
  readonly failed: number;
  readonly dead: number;
}

export interface Dispatch {
  /** Persists pending outcomes; rejects if that fails. */
  writeDown(): Promise<void>;
  /** Persists pending outcomes and starts due messages within the limits; never waits for a receiver. */
  step(): Promise<void>;
  /** Waits until all due messages, and e-mail still being gathered, are attempted and their outcomes persisted. */
  settle(): Promise<void>;
  /** Messages due until this instant have been considered. */
  lookedAt(): number;
  counts(): DispatchCounts;
  health(): ReceiverHealth[];
  /** Starts nothing more, waits briefly for calls in progress, and records their outcomes. */
  stop(): Promise<void>;
}

/** How long `stop` waits for receivers. */
const STOP_MS = 2_000;

/** The state of a dispatch. */
interface Dispatching {
  readonly of: DispatchOf;
  readonly queues: Queues;
  readonly counts: { delivered: number; failed: number; dead: number };
  /** Messages being sent, and attempts not yet persisted, by receiver. */
  readonly held: Map<string, Set<string>>;
  /** Calls in progress. */
  readonly calls: Set<Promise<void>>;
  /** Number of calls that have ended. */
  ended: number;
  readonly ending: AbortController;
  /** Attempts not yet persisted. */
  owed: Tried[];
  isOpen: boolean;
  /** Sends e-mail without waiting for further notices. */
  isHurried: boolean;
  /** Whether the next round starts due messages. */
  mayStart: boolean;
  lookedAt: number;
  /** Index of the receiver that is served first; rotates. */
  turn: number;
  readonly round: () => Promise<void>;
}

/** Opens a dispatch from an outbox; nothing is sent before `step`. */
export const openDispatch = (of: DispatchOf): Dispatch => {
  const sending: Dispatching = {
    of,
    queues: openQueues(),
    counts: { delivered: 0, failed: 0, dead: 0 },
    held: new Map(),
    calls: new Set(),
    ended: 0,
    ending: new AbortController(),
    owed: [],
    isOpen: true,
    isHurried: false,
    mayStart: false,
    lookedAt: Number.NEGATIVE_INFINITY,
    turn: 0,
    round: coalesced(() => roundOf(sending)),
  };
  return {
    writeDown: sending.round,
    step: () => step(sending),
    settle: () => settle(sending),
    lookedAt: () => sending.lookedAt,
    counts: () => sending.counts,
    health: sending.queues.health,
    stop: () => stop(sending),
  };
};

const roundOf = async (sending: Dispatching): Promise<void> => {
  const starts = sending.mayStart;
  sending.mayStart = false;
  await writeDown(sending);
  if (sending.isOpen && starts) await startDue(sending);
};

const step = (sending: Dispatching): Promise<void> => {
  sending.mayStart = true;
  return sending.round();
};

const settle = async (sending: Dispatching): Promise<void> => {
  sending.isHurried = true;
  try {
    for (;;) {
      const { ended } = sending;
      await step(sending);
      if (sending.calls.size > 0) await Promise.race(sending.calls);
      // A call that ended while the step ran may have left an outcome to persist, or made room for another.
      else if (sending.ended === ended) return;
    }
  } finally {
    sending.isHurried = false;
  }
};

const stop = async (sending: Dispatching): Promise<void> => {
  const { calls, ending } = sending;
  sending.isOpen = false;
  const timer = setTimeout(() => ending.abort(), STOP_MS);
  while (calls.size > 0) await Promise.race(calls);
  clearTimeout(timer);
  await step(sending).catch(() => undefined);
};

const send = (sending: Dispatching, receiver: string, messages: readonly Pending[]): void => {
  const { of, held, calls, ending, queues } = sending;
  const own = held.get(receiver) ?? new Set();
  held.set(receiver, own);
  for (const { delivery } of messages) own.add(delivery);
  queues.started(receiver);
  const release = () => {
    for (const { delivery } of messages) own.delete(delivery);
    if (own.size === 0) held.delete(receiver);
  };
  const call = of
    .send(messages, ending.signal)
    .catch((error: unknown): Attempted => ({ outcome: 'failed', error: String(error), final: false }))
    .then((sent) => {
      calls.delete(call);
      sending.ended += 1;
      // An aborted call does not count as an attempt.
      const isBroken = ending.signal.aborted && sent.outcome === 'failed';
      queues.ended(receiver, isBroken || sent.outcome === 'unsent' ? null : sent.outcome === 'delivered');
      if (isBroken || sent.outcome === 'unsent') release();
      else owe(sending, messages, sent, release);
      if (sending.isOpen)
        step(sending).catch((error) => of.log('error', 'delivering failed', { err: error }));
    });
  calls.add(call);
};

/** Queues the outcome of an attempt; its messages are released when that is persisted. */
const owe = (sending: Dispatching, messages: readonly Pending[], sent: Sent, release: () => void): void => {
  const { of, counts } = sending;
  const at = of.now();
  const attempts = { outbox: of.outbox, counts, log: of.log };
  const tried = messages.map((message) => afterAttempt(attempts, message, sent, at));
  sending.owed.push({
    settled: tried.flatMap(({ settled }) => settled),
    note: () => {
      for (const { note } of tried) note();
      release();
    },
  });
};

/** Persists pending outcomes. If that fails they stay pending, and nothing is started. */
const writeDown = async (sending: Dispatching): Promise<void> => {
  const writing = [...sending.owed];
  const settled = writing.flatMap((one) => one.settled);
  if (settled.length > 0) {
    await sending.of.record(settled);
    // Must not be recorded again if updating the outbox fails below.
    sending.owed = sending.owed.map((one) => (writing.includes(one) ? { ...one, settled: [] } : one));
  }
  for (const one of sending.owed.filter(({ settled: rest }) => rest.length === 0)) {
    one.note();
    sending.owed = sending.owed.filter((other) => other !== one);
  }
};

/** The next messages of a receiver that are not in progress: one, or those of one mail. */
const nextOf = (sending: Dispatching, receiver: string, at: number): readonly Pending[] => {
  const { outbox } = sending.of;
  const own = sending.held.get(receiver) ?? new Set();
  const isFree = ({ delivery }: Pending) => !own.has(delivery);
  const until = receiver === MAIL && sending.isHurried ? at + MAIL_GATHER_MS : at;
  const first = outbox.due(receiver, until, own.size + 1).find(isFree);
  if (!first) return [];
  if (receiver !== MAIL) return [first];
  return outbox
    .mailTo(first.target, at, own.size + NOTICES_A_MAIL)
    .filter(isFree)
    .slice(0, NOTICES_A_MAIL);
};

const startDue = async (sending: Dispatching): Promise<void> => {
  const { of, queues } = sending;
  const at = of.now();
  const receivers = of.outbox.receivers();
  queues.forget((receiver) => !of.isReceiver(receiver));
  const isDue = receivers.some((receiver) => nextOf(sending, receiver, at).length > 0);
  if (isDue && !(await of.mayDeliver())) return;
  sending.lookedAt = at;
  if (!isDue) return;
  // Rotate the first receiver, so that the limits starve none.
  sending.turn = (sending.turn + 1) % receivers.length;
  for (const receiver of [...receivers.slice(sending.turn), ...receivers.slice(0, sending.turn)])
    while (sending.isOpen && queues.room(receiver) > 0) {
      const messages = nextOf(sending, receiver, at);
      if (messages.length === 0) break;
      send(sending, receiver, messages);
    }
};
