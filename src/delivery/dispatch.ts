/**
 * Sends what is due, each receiver from a queue of its own (queues.ts), and records the outcome: what was tried
 * and could not be written down is written before anything else is sent, and not sent again meanwhile.
 */
import { coalesced } from '../async/coalesce.ts';
import { cameTo, type Settled, type Tried } from './attempts.ts';
import { NOTICES_A_MAIL } from './mail.ts';
import { MAIL, MAIL_GATHER_MS, type Outbox, type Pending } from './outbox.ts';
import { openQueues, type Queues, type ReceiverHealth } from './queues.ts';
import type { Sent } from './send-webhook.ts';

export interface DispatchOf {
  readonly outbox: Outbox;
  readonly now: () => number;
  /** Sends messages as one; `signal` breaks it off. */
  readonly send: (letters: readonly Pending[], signal: AbortSignal) => Promise<Sent>;
  /** Whether a receiver is still there. */
  readonly isReceiver: (receiver: string) => boolean;
  /** Whether this server may deliver now. */
  readonly mayDeliver: () => Promise<boolean>;
  /** Records the outcomes of deliveries. */
  readonly record: (settled: readonly Settled[]) => Promise<void>;
  readonly log: (level: 'warn' | 'error', message: string, fields: object) => void;
}

export interface DispatchCounts {
  readonly delivered: number;
  readonly failed: number;
  readonly dead: number;
}

export interface Dispatch {
  /** Writes down what is owed; rejects where that cannot be done. */
  writeDown(): Promise<void>;
  /** Writes down what is owed and starts what is due and has room; never waits for a receiver. */
  step(): Promise<void>;
  /** Waits until everything due, and e-mail that is still gathered, was tried and is written down. */
  settle(): Promise<void>;
  /** The instant until which everything due was looked at. */
  lookedAt(): number;
  counts(): DispatchCounts;
  health(): ReceiverHealth[];
  /** Starts nothing more, gives what is in progress a moment to end, and records the outcome. */
  stop(): Promise<void>;
}

/** What a server that stops waits for receivers. */
const STOP_MS = 2_000;

/** The sending as it is now. */
interface Dispatching {
  readonly of: DispatchOf;
  readonly queues: Queues;
  readonly counts: { delivered: number; failed: number; dead: number };
  /** Messages being sent, and attempts not yet persisted, by receiver. */
  readonly held: Map<string, Set<string>>;
  /** Calls in progress. */
  readonly calls: Set<Promise<void>>;
  readonly ending: AbortController;
  /** Attempts not yet persisted. */
  owed: Tried[];
  isOpen: boolean;
  /** E-mail is not gathered any longer. */
  isHurried: boolean;
  /** Whether the next round starts what is due. */
  mayStart: boolean;
  lookedAt: number;
  /** Which receiver is first; another one each time. */
  turn: number;
  readonly round: () => Promise<void>;
}

/** Sends from an outbox; nothing is started before `step`. */
export const openDispatch = (of: DispatchOf): Dispatch => {
  const sending: Dispatching = {
    of,
    queues: openQueues(),
    counts: { delivered: 0, failed: 0, dead: 0 },
    held: new Map(),
    calls: new Set(),
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
    await step(sending);
    while (sending.calls.size > 0) {
      await Promise.race(sending.calls);
      await step(sending);
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

const send = (sending: Dispatching, receiver: string, letters: readonly Pending[]): void => {
  const { of, held, calls, ending, queues } = sending;
  const own = held.get(receiver) ?? new Set();
  held.set(receiver, own);
  for (const { delivery } of letters) own.add(delivery);
  queues.started(receiver);
  const release = () => {
    for (const { delivery } of letters) own.delete(delivery);
    if (own.size === 0) held.delete(receiver);
  };
  const call = of
    .send(letters, ending.signal)
    .catch((error: unknown): Sent => ({ outcome: 'failed', error: String(error), final: false }))
    .then((sent) => {
      calls.delete(call);
      // Broken off: it is as if it had not been tried.
      const isBroken = ending.signal.aborted && sent.outcome === 'failed';
      queues.ended(receiver, isBroken ? null : sent.outcome === 'delivered');
      if (isBroken) return release();
      owe(sending, letters, sent, release);
      if (sending.isOpen)
        step(sending).catch((error) => of.log('error', 'delivering failed', { err: error }));
    });
  calls.add(call);
};

/** Owes what follows from an attempt; its messages are released when that is noted. */
const owe = (sending: Dispatching, letters: readonly Pending[], sent: Sent, release: () => void): void => {
  const { of, counts } = sending;
  const at = of.now();
  const attempts = { outbox: of.outbox, counts, log: of.log };
  const tried = letters.map((letter) => cameTo(attempts, letter, sent, at));
  sending.owed.push({
    settled: tried.flatMap(({ settled }) => settled),
    note: () => {
      for (const { note } of tried) note();
      release();
    },
  });
};

/** Owed stays owed where it cannot be written: then nothing is started either. */
const writeDown = async (sending: Dispatching): Promise<void> => {
  const writing = [...sending.owed];
  const settled = writing.flatMap((one) => one.settled);
  if (settled.length > 0) {
    await sending.of.record(settled);
    // Recorded once, also if the outbox cannot be written now.
    sending.owed = sending.owed.map((one) => (writing.includes(one) ? { ...one, settled: [] } : one));
  }
  for (const one of sending.owed.filter(({ settled: rest }) => rest.length === 0)) {
    one.note();
    sending.owed = sending.owed.filter((other) => other !== one);
  }
};

/** The next messages of a receiver that are not being sent already: one, or what goes into one mail. */
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
  // Another one is first each time: those that wait for room have their turn.
  sending.turn = (sending.turn + 1) % receivers.length;
  for (const receiver of [...receivers.slice(sending.turn), ...receivers.slice(0, sending.turn)])
    while (sending.isOpen && queues.room(receiver) > 0) {
      const letters = nextOf(sending, receiver, at);
      if (letters.length === 0) break;
      send(sending, receiver, letters);
    }
};
