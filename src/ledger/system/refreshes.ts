/** Keeps cached state of streams that several servers write (price books, keys, a clock) up to date. */
import { coalesced } from '../../async/coalesce.ts';
import { retried } from '../../async/retry.ts';

export interface Refreshes {
  /** Calls `refresh` after a stream was appended to by any server, and retries it until it succeeds. */
  on(stream: string, refresh: () => Promise<void>): void;
  /** A stream was appended to. */
  followed(stream: string): void;
  /** Resolves when everything followed so far is applied. */
  settled(): Promise<void>;
}

/** Refreshes that are tried for as long as `isOpen`. */
export const openRefreshes = (isOpen: () => boolean): Refreshes => {
  const byStream = new Map<string, (() => Promise<void>)[]>();
  const underWay = new Set<Promise<void>>();
  return {
    on: (stream, refresh) => {
      const round = coalesced(() => retried(refresh, isOpen));
      const others = byStream.get(stream);
      if (others) others.push(round);
      else byStream.set(stream, [round]);
    },
    followed: (stream) => {
      for (const refresh of byStream.get(stream) ?? []) {
        const round = refresh().finally(() => underWay.delete(round));
        underWay.add(round);
      }
    },
    settled: async () => void (await Promise.all(underWay)),
  };
};
