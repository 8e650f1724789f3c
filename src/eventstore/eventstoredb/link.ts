/**
 * The link to the engine: one client at a time, and a heartbeat (pulse) that reads the engine's last event some times a
 * second. A pulse that fails or does not come back in time means that the connection is dead or frozen, long before the
 * client's own keepalive (20 s) says so: the client is given up with every call that waits on it, and a new one is
 * made. The same pulse detects appends of any server.
 */
import { EventStoreDBClient } from '@eventstore/db-client';
import type { EngineAddress } from './address.ts';
import { LinkLost, textOf } from './failures.ts';
import { lastPosition } from './pages.ts';
import type { EngineTimes } from './timeouts.ts';

export interface Link {
  /** Runs a call on the present client. Rejects with LinkLost when the link is given up meanwhile, or time is. */
  call<T>(work: (client: EventStoreDBClient) => Promise<T>, timeoutMs: number): Promise<T>;
  /** Calls back when the engine's last position changed, and after the link came back. */
  onMoved(listener: () => void): () => void;
  /** How long the link has been without an answer, in milliseconds; 0 while it beats. */
  silentFor(): number;
  close(): Promise<void>;
}

export const openLink = (
  { connectionString }: EngineAddress,
  times: Pick<EngineTimes, 'pulseMs' | 'deadMs'>,
): Link => {
  const connect = () => EventStoreDBClient.connectionString(connectionString);
  let client = connect();
  let waiting = new Set<(error: LinkLost) => void>();
  let last: string | null = '';
  let beatAt = performance.now();
  let isSilent = false;
  let isOpen = true;
  const listeners = new Set<() => void>();

  const call: Link['call'] = (work, timeoutMs) => {
    if (!isOpen) return Promise.reject(new LinkLost('the link is closed'));
    const own = waiting;
    return new Promise((resolve, reject) => {
      const settle = () => {
        clearTimeout(timer);
        own.delete(lose);
      };
      const lose = (error: LinkLost) => {
        settle();
        reject(error);
      };
      const timer = setTimeout(
        () => afterInput(() => lose(new LinkLost(`no answer within ${timeoutMs} ms`))),
        timeoutMs,
      );
      own.add(lose);
      work(client).then(
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

  /** Gives the client up, and rejects every call that waits on it at once. */
  const replace = (why: string): void => {
    const [old, lost] = [client, waiting];
    waiting = new Set();
    for (const lose of [...lost]) lose(new LinkLost(why));
    try {
      client = connect();
    } catch {
      // A certificate that is not there just now: the next pulse tries again.
      return;
    }
    void old.dispose().catch(() => undefined);
  };

  const pulse = async (): Promise<void> => {
    const end = await call(lastPosition, times.deadMs);
    const moved = end !== last || isSilent;
    last = end;
    isSilent = false;
    beatAt = performance.now();
    if (moved) for (const listener of [...listeners]) listener();
  };

  let timer: NodeJS.Timeout;
  const beat = (): void => {
    timer = setTimeout(() => {
      pulse()
        .catch((error: unknown) => {
          if (!isOpen) return;
          isSilent = true;
          replace(`the engine does not answer: ${textOf(error)}`);
        })
        .finally(() => {
          if (isOpen) beat();
        });
    }, times.pulseMs).unref();
  };
  beat();

  return {
    call,
    onMoved: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    silentFor: () => (isSilent ? performance.now() - beatAt : 0),
    close: async () => {
      if (!isOpen) return;
      isOpen = false;
      clearTimeout(timer);
      for (const lose of [...waiting]) lose(new LinkLost('the link is closed'));
      // A read that was broken off is sometimes waited for in vain there.
      let late: NodeJS.Timeout | undefined;
      const waited = new Promise<void>((resolve) => {
        late = setTimeout(resolve, DISPOSED_MS);
      });
      await Promise.race([client.dispose(), waited]).finally(() => clearTimeout(late));
    },
  };
};

const DISPOSED_MS = 1_000;

/** A busy process must not take an answer that waits to be read for one that did not come. */
const afterInput = (work: () => void): void => void setImmediate(() => setImmediate(work));
