/**
 * The ledger's events as they come. Each refreshes the queries that may show it; pages do not poll. When the stream
 * breaks, the client goes on behind the last position by itself, and the page says since when it may be stale.
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
const PROBE_MS = 5_000;

export const LiveProvider = ({ children }: { readonly children: ReactNode }) => {
  const queries = useQueryClient();
  const { client } = useSession();
  const position = useRef<string | undefined>(undefined);
  const [brokenSince, setBrokenSince] = useState<Date | null>(null);

  useEffect(() => {
    const ending = new AbortController();
    const changed = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = (): void => {
      timer = undefined;
      const accounts = new Set(changed);
      changed.clear();
      void queries.invalidateQueries({
        predicate: ({ queryKey: [scope, account] }) =>
          scope === 'ledger' || (scope === 'account' && accounts.has(String(account))),
      });
    };
    const follow = async (): Promise<void> => {
      for await (const event of client.getStream({}, { signal: ending.signal })) {
        position.current = event.position;
        changed.add(event.account);
        timer ??= setTimeout(refresh, REFRESH_MS);
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
