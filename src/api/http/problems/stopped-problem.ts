/** HTTP problems of a stopped account or price book, with the event that causes it. */
import { StoredEventUnreadable } from '../../../codec/event-codec.ts';
import { EventUnwritable } from '../../../codec/reads-back.ts';
import { EditionBroken } from '../../../domain/catalogue.ts';
import { AppendTooLarge } from '../../../eventstore/event-store.ts';
import { stoppedBy } from '../../../ledger/account/single-account-failure.ts';
import { ApiProblem, type Members } from './problem.ts';

/** The problem of a failure that is one account's or one book's alone; null for any other. */
export const stoppedProblem = (error: unknown): ApiProblem | null => {
  const stopped = stoppedBy(error);
  return stopped && new ApiProblem(stopped.code, stopped.detail, placeOf(error));
};

const placeOf = (error: unknown): Members => {
  if (error instanceof StoredEventUnreadable) return { stream: error.stream, revision: error.revision };
  if (error instanceof EventUnwritable) return { stream: error.stream, fact: error.type };
  if (error instanceof AppendTooLarge) return { stream: error.stream };
  if (!(error instanceof EditionBroken)) return {};
  const { stream, revision, product, edition } = error.broken;
  return { stream, revision, product, edition };
};
