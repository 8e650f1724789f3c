/** A command that a person gives: asked for by a form, tried without recording, confirmed, done. */
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { CommandOptions, Suanpan } from '../../../client/suanpan.ts';
import { newIdempotencyKey } from '../ledger/idempotency-key.ts';
import { useSession } from '../session/session.tsx';

/** The last two parameters of every command of the client. */
export type Sent = [query: { dryRun?: 'events' | undefined }, options: CommandOptions];
export type Send<Values, Answer> = (client: Suanpan, values: Values, ...sent: Sent) => Promise<Answer>;

/** An event that a command would record, as `dryRun=events` says it (docs/api.md). */
export interface WouldRecord {
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  readonly at: string;
  readonly data: unknown;
}

/** The events in the answer of a dry run; none where it has none. */
export const wouldRecordIn = (answer: unknown): readonly WouldRecord[] => {
  const { wouldRecord } = Object(answer) as { readonly wouldRecord?: unknown };
  return Array.isArray(wouldRecord) ? wouldRecord : [];
};

/** Who asks and why, as the caller says: stored with the events. */
export interface Audit {
  readonly actor: string;
  readonly reason: string;
}

export type Step<Answer> =
  | { readonly name: 'form' }
  | { readonly name: 'confirm'; readonly answer: Answer }
  | { readonly name: 'done'; readonly answer: Answer };

interface Steps<Answer> {
  readonly step: Step<Answer>;
  readonly isBusy: boolean;
  /** Of the last request; null: none, or it was answered well. */
  readonly failure: unknown;
  /** Asks what the command would do; nothing is recorded. */
  readonly tryOut: () => Promise<void>;
  readonly confirm: () => Promise<void>;
  readonly back: () => void;
}

/** The steps of one opened dialog: one idempotency key, so that sending again after a lost answer acts once. */
export const useCommandSteps = <Values, Answer>(
  send: Send<Values, Answer>,
  values: Values,
  { actor, reason }: Audit,
): Steps<Answer> => {
  const { client } = useSession();
  const queries = useQueryClient();
  const [idempotencyKey] = useState(newIdempotencyKey);
  const [step, setStep] = useState<Step<Answer>>({ name: 'form' });
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);

  const isDone = useRef(false);
  // When the dialog closes: what is refreshed may be the row that the dialog was opened from.
  useEffect(
    () => () => {
      if (isDone.current) refresh(queries);
    },
    [queries],
  );

  const run = async (isDry: boolean): Promise<void> => {
    setBusy(true);
    setFailure(null);
    const options = {
      idempotencyKey,
      ...(actor.trim() === '' ? {} : { actor: actor.trim() }),
      ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
    };
    try {
      const answer = await send(client, values, isDry ? { dryRun: 'events' } : {}, options);
      setStep(isDry ? { name: 'confirm', answer } : { name: 'done', answer });
      if (!isDry) isDone.current = true;
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  const back = (): void => {
    setFailure(null);
    setStep({ name: 'form' });
  };
  return { step, isBusy, failure, tryOut: () => run(true), confirm: () => run(false), back };
};

/** Keys, webhooks and the clock belong to no account, so no event of the stream refreshes what shows them. */
const refresh = (queries: QueryClient): void =>
  void queries.invalidateQueries({ predicate: ({ queryKey: [scope] }) => scope !== 'fixed' });
