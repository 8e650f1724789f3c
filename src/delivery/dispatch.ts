/**
 * Sends what is due, each receiver from a queue of its own (queues.ts), and records the outcome: what was tried
 * and could not be written down is written before anything else is sent, and not sent again meanwhile.
 */
import { coalesced } from '../async/coalesce.ts';
import type { SystemEventData } from '../ledger/system/events.ts';
import { NOTICES_A_MAIL } from './mail.ts';
import { MAIL, MAIL_GATHER_MS, type Outbox, type Pending } from './outbox.ts';
import { openQueues, type ReceiverHealth } from './queues.ts';
import type { Sent } from './send-webhook.ts';

export type Settled = SystemEventData['DeliveriesSettled']['deliveries'][number];

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

/** Seconds until the next try; after the last a message is dead. About three days in all. */
export const RETRIES = [5, 30, 120, 600, 3_600, 10_800, 21_600, 43_200, 86_400, 86_400] as const;
const SECOND_MS = 1_000;
const ERROR_SHOWN = 300;
/** What a server that stops waits for receivers. */
const STOP_MS = 2_000;

interface Tried {
  /** The events to be recorded; none where it is tried again later, or they are recorded. */
  readonly settled: readonly Settled[];
  /** Notes it in the outbox. */
  readonly note: () => void;
}

export const openDispatch = (of: DispatchOf): Dispatch => {
  const { outbox, now } = of;
  const queues = openQueues();
  const counts = { delivered: 0, failed: 0, dead: 0 };
  /** Messages being sent, and attempts not yet persisted, by receiver. */
  const held = new Map<string, Set<string>>();
  /** Calls in progress. */
  const calls = new Set<Promise<void>>();
  const ending = new AbortController();
  let owed: Tried[] = [];
  let isOpen = true;
  /** E-mail is not gathered any longer. */
  let isHurried = false;
  let lookedAt = Number.NEGATIVE_INFINITY;

  /** What follows from the outcome of a message at an instant. */
  const cameTo = (letter: Pending, sent: Sent, at: number): Tried => {
    const { delivery, channel, target, attempts: before } = letter;
    const attempts = before + 1;
    if (sent.outcome === 'delivered') {
      counts.delivered += 1;
      const settled = [{ delivery, outcome: 'delivered', attempts, error: null } as const];
      return { settled, note: () => outbox.remove([delivery]) };
    }
    counts.failed += 1;
    const wait = RETRIES[before];
    if (wait === undefined || sent.final) {
      counts.dead += 1;
      of.log('error', 'a delivery was given up', { delivery, channel, attempts, error: sent.error });
      const error = sent.error.slice(0, ERROR_SHOWN);
      const settled = [{ delivery, outcome: 'dead', attempts, error } as const];
      return { settled, note: () => outbox.bury(delivery) };
    }
    of.log('warn', 'a delivery failed', { delivery, channel, attempts, error: sent.error });
    // What failed as one mail falls due as one again.
    const next = at + jittered(wait * SECOND_MS, channel === 'email' ? target : delivery);
    return { settled: [], note: () => outbox.later(delivery, attempts, next) };
  };

  const send = (receiver: string, letters: readonly Pending[]): void => {
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
        const at = now();
        const tried = letters.map((letter) => cameTo(letter, sent, at));
        owed.push({
          settled: tried.flatMap(({ settled }) => settled),
          note: () => {
            for (const { note } of tried) note();
            release();
          },
        });
        if (isOpen) step().catch((error) => of.log('error', 'delivering failed', { err: error }));
      });
    calls.add(call);
  };

  /** Owed stays owed where it cannot be written: then nothing is started either. */
  const writeDown = async (): Promise<void> => {
    const writing = [...owed];
    const settled = writing.flatMap((one) => one.settled);
    if (settled.length > 0) {
      await of.record(settled);
      // Recorded once, also if the outbox cannot be written now.
      owed = owed.map((one) => (writing.includes(one) ? { ...one, settled: [] } : one));
    }
    for (const one of owed.filter(({ settled: rest }) => rest.length === 0)) {
      one.note();
      owed = owed.filter((other) => other !== one);
    }
  };

  /** The next messages of a receiver that are not being sent already: one, or what goes into one mail. */
  const nextOf = (receiver: string, at: number): readonly Pending[] => {
    const own = held.get(receiver) ?? new Set();
    const isFree = ({ delivery }: Pending) => !own.has(delivery);
    const until = receiver === MAIL && isHurried ? at + MAIL_GATHER_MS : at;
    const first = outbox.due(receiver, until, own.size + 1).find(isFree);
    if (!first) return [];
    if (receiver !== MAIL) return [first];
    return outbox
      .mailTo(first.target, at, own.size + NOTICES_A_MAIL)
      .filter(isFree)
      .slice(0, NOTICES_A_MAIL);
  };

  let turn = 0;
  const startDue = async (): Promise<void> => {
    const at = now();
    const receivers = outbox.receivers();
    queues.forget((receiver) => !of.isReceiver(receiver));
    const isDue = receivers.some((receiver) => nextOf(receiver, at).length > 0);
    if (isDue && !(await of.mayDeliver())) return;
    lookedAt = at;
    if (!isDue) return;
    // Another one is first each time: those that wait for room have their turn.
    turn = (turn + 1) % receivers.length;
    for (const receiver of [...receivers.slice(turn), ...receivers.slice(0, turn)])
      while (isOpen && queues.room(receiver) > 0) {
        const letters = nextOf(receiver, at);
        if (letters.length === 0) break;
        send(receiver, letters);
      }
  };

  let mayStart = false;
  const round = coalesced(async () => {
    const starts = mayStart;
    mayStart = false;
    await writeDown();
    if (isOpen && starts) await startDue();
  });
  const step = (): Promise<void> => {
    mayStart = true;
    return round();
  };

  return {
    writeDown: round,
    step,
    settle: async () => {
      isHurried = true;
      try {
        await step();
        while (calls.size > 0) {
          await Promise.race(calls);
          await step();
        }
      } finally {
        isHurried = false;
      }
    },
    lookedAt: () => lookedAt,
    counts: () => counts,
    health: queues.health,
    stop: async () => {
      isOpen = false;
      const timer = setTimeout(() => ending.abort(), STOP_MS);
      while (calls.size > 0) await Promise.race(calls);
      clearTimeout(timer);
      await step().catch(() => undefined);
    },
  };
};

const JITTER = 0.1;
/**
 * Spread by a tenth, always the same for a name, so that many receivers that failed together do not come back together.
 */
const jittered = (ms: number, name: string): number => {
  let hash = 0;
  for (let i = 0; i < name.length; i++) hash = (Math.imul(hash, 31) + name.charCodeAt(i)) >>> 0;
  return Math.round(ms * (1 - JITTER + (2 * JITTER * (hash % 1_000)) / 1_000));
};
