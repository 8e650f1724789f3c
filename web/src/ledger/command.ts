/** A command that a person gives: first as a dry run, then for good, with one idempotency key for every attempt of it. */
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { CommandOptions, Suanpan } from '../../../client/suanpan.ts';
import { useSession } from '../session/session.tsx';
import { newIdempotencyKey } from './idempotency-key.ts';

export interface Sending {
  readonly client: Suanpan;
  readonly query: { readonly dryRun?: 'true' };
  readonly options: CommandOptions;
}

export interface Command<Answer> {
  /** What it would do; null before a dry run, and after a change of what is asked for. */
  readonly tried: Answer | null;
  readonly failure: unknown;
  readonly isBusy: boolean;
  readonly tryOut: () => Promise<void>;
  /** Gives it for good; resolves with the answer, or null where it was refused. */
  readonly give: () => Promise<Answer | null>;
  /** Forgets the dry run: what is asked for has changed. */
  readonly forget: () => void;
}

export const useCommand = <Answer>(send: (sending: Sending) => Promise<Answer>): Command<Answer> => {
  const { client } = useSession();
  const queries = useQueryClient();
  const key = useRef<string | null>(null);
  const [tried, setTried] = useState<Answer | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const doing = async (work: () => Promise<Answer>): Promise<Answer | null> => {
    setBusy(true);
    setFailure(null);
    try {
      return await work();
    } catch (error) {
      setFailure(error);
      return null;
    } finally {
      setBusy(false);
    }
  };
  return {
    ...{ tried, failure, isBusy },
    tryOut: async () => {
      const idempotencyKey = newIdempotencyKey();
      key.current = idempotencyKey;
      setTried(await doing(() => send({ client, query: { dryRun: 'true' }, options: { idempotencyKey } })));
    },
    give: async () => {
      const idempotencyKey = key.current ?? newIdempotencyKey();
      const answer = await doing(() => send({ client, query: {}, options: { idempotencyKey } }));
      if (answer !== null) {
        setTried(null);
        void queries.invalidateQueries({ predicate: ({ queryKey: [scope] }) => scope !== 'fixed' });
      }
      return answer;
    },
    forget: () => {
      setTried(null);
      setFailure(null);
    },
  };
};
