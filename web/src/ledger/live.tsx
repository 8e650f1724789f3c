/**
 * The ledger's events as they come, without what they say. Each refreshes the queries that may show it; pages do not
 * poll. However fast events come, a refresh waits for the one before it, and all that is kept of them is which accounts
 * they were of. When the stream breaks, the client goes on behind the last position by itself, and the page says since
 * when it may be stale.
 */
import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, use, useEffect, useMemo, useRef, useState } from 'react';
import { useSession } from '../session/session.tsx';

export interface Live {
  /** Since when nothing has come from the server, in real time; null while the stream is connected. */
  readonly brokenSince: Date | null;
  /** Position of the last event seen: a read `after` it shows that event. Undefined before the first. */
  readonly position: () => string | undefined;
}

const LiveContext = createContext<Live | null>(null);

/** Events come in bursts: queries are refreshed at most this often. */
const REFRESH_MS = 400;
/** A query that hangs does not keep the others from being refreshed for longer. */
const REFRESHED_MS = 5_000;
/** When events of more accounts than this came between two refreshes, all accounts are refreshed. */
const ACCOUNTS_MAX = 1_000;
const PROBE_MS = 5_000;

const paused = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export const LiveProvider = ({ children }: { readonly children: ReactNode }) => {
  const queries = useQueryClient();
  const { client } = useSession();
  const position = useRef<string | undefined>(undefined);
  const [brokenSince, setBrokenSince] = useState<Date | null>(null);

  useEffect(() => {
    const ending = new AbortController();
    let changed = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = async (): Promise<void> => {
      const accounts = changed;
      changed = new Set();
      const isChanged = (account: unknown): boolean =>
        accounts.size > ACCOUNTS_MAX || accounts.has(String(account));
      const refreshed = queries.invalidateQueries({
        predicate: ({ queryKey: [scope, account] }) =>
          scope === 'ledger' || (scope === 'account' && isChanged(account)),
      });
      await Promise.race([refreshed, paused(REFRESHED_MS)]);
      timer = undefined;
      if (changed.size > 0) refreshSoon();
    };
    const refreshSoon = (): void => {
      if (!ending.signal.aborted) timer ??= setTimeout(() => void refresh(), REFRESH_MS);
    };
    const follow = async (): Promise<void> => {
      for await (const event of client.getStream({ data: 'false' }, { signal: ending.signal })) {
        position.current = event.position;
        if (changed.size <= ACCOUNTS_MAX) changed.add(event.account);
        refreshSoon();
      }
    };
    follow().catch(() => undefined);
    return () => {
      ending.abort();
      clearTimeout(timer);
    };
  }, [client, queries]);

  // The stream is quiet when nothing happens, so whether the server is there is asked for.
  useEffect(() => {
    const ending = new AbortController();
    let isBroken = false;
    const probe = async (): Promise<void> => {
      const isThere = await fetch('/healthz', { signal: ending.signal }).then(
        ({ ok }) => ok,
        () => false,
      );
      if (ending.signal.aborted || isThere !== isBroken) return;
      isBroken = !isThere;
      setBrokenSince(isBroken ? new Date() : null);
      if (!isBroken) void queries.invalidateQueries();
    };
    const timer = setInterval(() => void probe(), PROBE_MS);
    return () => {
      ending.abort();
      clearInterval(timer);
    };
  }, [queries]);

  const live = useMemo(() => ({ brokenSince, position: () => position.current }), [brokenSince]);
  return <LiveContext value={live}>{children}</LiveContext>;
};

export const useLive = (): Live => {
  const live = use(LiveContext);
  if (!live) throw new Error('there is no LiveProvider above');
  return live;
};
