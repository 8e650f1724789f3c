/** Who is signed in: the key is kept in memory, or for this tab on request, and nowhere else. */
import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useState } from 'react';
import { type Session as Known, type Suanpan, suanpan } from '../../../client/suanpan.ts';

export type Scope = Known['scopes'][number];

export interface Session {
  readonly client: Suanpan;
  /** The key's name. */
  readonly name: string;
  /** Of the ledger: its zone, its clock, and what time that showed at the sign-in. */
  readonly ledger: Pick<Known, 'zone' | 'clock' | 'now'>;
  /** May do what a scope allows; `admin` may do everything. */
  readonly may: (scope: Scope) => boolean;
  /** The accounts that the key is bound to; null: all. */
  readonly accounts: readonly string[] | null;
}

interface SessionState {
  readonly session: Session | null;
  /** True while a key that this tab remembers is tried. */
  readonly isResuming: boolean;
  /** Rejects with the server's refusal. */
  readonly signIn: (secret: string, isRemembered: boolean) => Promise<void>;
  readonly signOut: () => void;
}

const STORED = 'suanpan.key';
const SIGN_OUT_EVERYWHERE = 'suanpan.signed-out';
const SessionContext = createContext<SessionState | null>(null);

/** Scopes that each scope includes (docs/api.md, keys). */
const INCLUDED: Readonly<Record<Scope, readonly Scope[]>> = {
  admin: ['admin', 'operate', 'meter', 'read'],
  operate: ['operate', 'read'],
  meter: ['meter'],
  read: ['read'],
};

const opened = async (secret: string): Promise<Session> => {
  const client = suanpan({ base: location.origin, key: secret });
  const { name, scopes, accounts, ...ledger } = await client.getSession();
  return {
    ...{ client, name, ledger, accounts },
    may: (scope) => scopes.some((own) => INCLUDED[own].includes(scope)),
  };
};

export const SessionProvider = ({ children }: { readonly children: ReactNode }) => {
  const queries = useQueryClient();
  const [session, setSession] = useState<Session | null>(null);
  const [isResuming, setResuming] = useState(() => sessionStorage.getItem(STORED) !== null);

  const forget = useCallback(() => {
    sessionStorage.removeItem(STORED);
    queries.clear();
    setSession(null);
  }, [queries]);

  useEffect(() => {
    const stored = sessionStorage.getItem(STORED);
    if (stored === null) return;
    opened(stored)
      .then(setSession, forget)
      .finally(() => setResuming(false));
  }, [forget]);

  // Signing out in one tab signs out in all of them.
  useEffect(() => {
    const onStorage = (event: StorageEvent): void => {
      if (event.key === SIGN_OUT_EVERYWHERE) forget();
    };
    addEventListener('storage', onStorage);
    return () => removeEventListener('storage', onStorage);
  }, [forget]);

  const state = useMemo(
    () => ({
      session,
      isResuming,
      signIn: async (secret: string, isRemembered: boolean) => {
        const signedIn = await opened(secret);
        if (isRemembered) sessionStorage.setItem(STORED, secret);
        setSession(signedIn);
      },
      signOut: () => {
        localStorage.setItem(SIGN_OUT_EVERYWHERE, String(Date.now()));
        forget();
      },
    }),
    [session, isResuming, forget],
  );
  return <SessionContext value={state}>{children}</SessionContext>;
};

export const useSessionState = (): SessionState => {
  const state = use(SessionContext);
  if (!state) throw new Error('there is no SessionProvider above');
  return state;
};

/** Null where nobody is signed in, or nobody can be: on a page without a ledger. */
export const useSessionIfAny = (): Session | null => use(SessionContext)?.session ?? null;

/** The session of a page that is shown to nobody else. */
export const useSession = (): Session => {
  const { session } = useSessionState();
  if (!session) throw new Error('nobody is signed in');
  return session;
};
