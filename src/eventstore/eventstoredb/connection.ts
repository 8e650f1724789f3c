/**
 * The connection to the engine: one client at a time, and a heartbeat (pulse) that reads the engine's last event
 * several times a second. A pulse that fails or times out reveals a dead or frozen connection long before the client's
 * own keepalive (20 s): the client is abandoned with all calls waiting on it, and a new one is created. The same pulse
 * detects appends of any server.
 */
import { EventStoreDBClient } from '@eventstore/db-client';
import type { EngineAddress } from './address.ts';
import { LinkLost, textOf } from './failures.ts';
import { ownConnection } from './own-connection.ts';
import { lastPosition } from './pages.ts';
import type { EngineTimes } from './timeouts.ts';

export interface Link {
  /** Runs a call on the current client. Rejects with LinkLost if the client is abandoned meanwhile, or on timeout. */
  call<T>(work: (client: EventStoreDBClient) => Promise<T>, timeoutMs: number): Promise<T>;
  /** Calls back when the engine's last position changed, and after a reconnect. */
  onMoved(listener: () => void): () => void;
  /** How long the link has been without an answer, in milliseconds; 0 while it beats. */
  silentFor(): number;
  close(): Promise<void>;
}

type Lose = (error: LinkLost) => void;

/** The link as it is now. */
interface Linked {
  client: EventStoreDBClient;
  /** The calls that wait on the client. */
  waiting: Set<Lose>;
  /** The engine's last position at the last pulse. */
  last: string | null;
  beatAt: number;
  isSilent: boolean;
  isOpen: boolean;
  timer: NodeJS.Timeout | undefined;
  readonly listeners: Set<() => void>;
}

/** Links to an engine, and beats until it is closed. */
export const openLink = (
  { connectionString }: EngineAddress,
  times: Pick<EngineTimes, 'pulseMs' | 'deadMs'>,
): Link => {
  const connect = () => EventStoreDBClient.connectionString(ownConnection(connectionString));
  const link: Linked = {
    client: connect(),
    waiting: new Set(),
    last: '',
    beatAt: performance.now(),
    isSilent: false,
    isOpen: true,
    timer: undefined,
    listeners: new Set(),
  };
  beat(link, connect, times);
  return {
    call: (work, timeoutMs) => call(link, work, timeoutMs),
    onMoved: (listener) => {
      link.listeners.add(listener);
      return () => link.listeners.delete(listener);
    },
    silentFor: () => (link.isSilent ? performance.now() - link.beatAt : 0),
    close: () => close(link),
  };
};

type Work<T> = (client: EventStoreDBClient) => Promise<T>;

/**
 * Runs a call. While the engine is silent only the pulse is attempted: repeated failing calls would keep a refused
 * connection, whose back-off doubles with each attempt.
 */
const call = <T>(link: Linked, work: Work<T>, timeoutMs: number): Promise<T> => {
  if (!link.isOpen) return Promise.reject(new LinkLost('the link is closed'));
  if (link.isSilent) return Promise.reject(new LinkLost('the engine does not answer'));
  return attempt(link, work, timeoutMs);
};

const attempt = <T>(link: Linked, work: Work<T>, timeoutMs: number): Promise<T> => {
  const own = link.waiting;
  return new Promise((resolve, reject) => {
    const settle = () => {
      clearTimeout(timer);
      own.delete(lose);
    };
    const lose: Lose = (error) => {
      settle();
      reject(error);
    };
    const timer = setTimeout(
      () => afterInput(() => lose(new LinkLost(`no answer within ${timeoutMs} ms`))),
      timeoutMs,
    );
    own.add(lose);
    work(link.client).then(
      (value) => {
        settle();
        resolve(value);
      },
      (error: unknown) => {
        settle();
        reject(error);
      },
    );
  });
};

/** Abandons the client and its connection, and rejects all calls waiting on it. */
const replace = (link: Linked, connect: () => EventStoreDBClient, error: unknown): void => {
  const { client: old, waiting: lost } = link;
  link.waiting = new Set();
  for (const lose of [...lost]) lose(new LinkLost(`the engine does not answer: ${textOf(error)}`));
  try {
    link.client = connect();
  } catch {
    // A certificate file that is temporarily missing: the next pulse retries.
    return;
  }
  // The client itself closes a refused connection.
  const ended = error instanceof LinkLost ? disconnected(old) : old.dispose();
  ended.catch(() => undefined);
};

/** Closes a client's streams and its connection, which `dispose` leaves open. */
const disconnected = async (client: EventStoreDBClient): Promise<void> => {
  const channel = await client['getChannel']();
  channel.close();
  await client.dispose();
};

const pulse = async (link: Linked, deadMs: number): Promise<void> => {
  const end = await attempt(link, lastPosition, deadMs);
  const moved = end !== link.last || link.isSilent;
  link.last = end;
  link.isSilent = false;
  link.beatAt = performance.now();
  if (moved) for (const listener of [...link.listeners]) listener();
};

const beat = (
  link: Linked,
  connect: () => EventStoreDBClient,
  times: Pick<EngineTimes, 'pulseMs' | 'deadMs'>,
): void => {
  link.timer = setTimeout(() => {
    pulse(link, times.deadMs)
      .catch((error: unknown) => {
        if (!link.isOpen) return;
        link.isSilent = true;
        replace(link, connect, error);
      })
      .finally(() => {
        if (link.isOpen) beat(link, connect, times);
      });
  }, times.pulseMs).unref();
};

const close = async (link: Linked): Promise<void> => {
  if (!link.isOpen) return;
  link.isOpen = false;
  clearTimeout(link.timer);
  for (const lose of [...link.waiting]) lose(new LinkLost('the link is closed'));
  // An aborted read may never settle there.
  let late: NodeJS.Timeout | undefined;
  const waited = new Promise<void>((resolve) => {
    late = setTimeout(resolve, DISPOSED_MS);
  });
  await Promise.race([disconnected(link.client), waited]).finally(() => clearTimeout(late));
};

const DISPOSED_MS = 1_000;

/** A busy process must not mistake an unread answer for a missing one. */
const afterInput = (work: () => void): void => void setImmediate(() => setImmediate(work));
