/** Failures of one account alone: work over many accounts notes them, and continues with the others. */
import { StoredEventUnreadable } from '../../codec/event-codec.ts';
import { EventUnwritable } from '../../codec/reads-back.ts';
import { EditionBroken } from '../../domain/catalogue.ts';
import type { StoppedRefusal } from '../../domain/refusals.ts';
import { AppendTooLarge } from '../../eventstore/event-store.ts';
import type { LoadedAccount } from './loaded-account.ts';

export interface Stopped {
  readonly code: StoppedRefusal;
  readonly detail: string;
}

/** The refusal for an error that stops one account; null for any other error. */
export const stoppedBy = (error: unknown): Stopped | null => {
  if (error instanceof StoredEventUnreadable) return { code: 'stream_unreadable', detail: error.message };
  if (error instanceof EventUnwritable) return { code: 'fact_unwritable', detail: error.message };
  if (error instanceof AppendTooLarge) return { code: 'append_too_large', detail: error.message };
  if (error instanceof EditionBroken) return { code: 'price_book_unreadable', detail: error.message };
  return null;
};

/** The refusal for an error that stops one account; throws any other error. */
export const stoppedOrThrow = (error: unknown): Stopped => {
  const stopped = stoppedBy(error);
  if (stopped) return stopped;
  throw error;
};

/** Whether an account exists; one in quarantine does. */
export const existsStopped = async (entry: Promise<LoadedAccount>): Promise<boolean> => {
  try {
    return (await entry).account !== null;
  } catch (error) {
    stoppedOrThrow(error);
    return true;
  }
};
