/** Decided events as the bytes that are appended; each is read back before it is. */
import { type CommandMark, encodeEvent } from '../../codec/event-codec.ts';
import { checkReadsBack, EventUnwritable } from '../../codec/reads-back.ts';
import type { AccountEvent } from '../../domain/events.ts';
import type { EventDraft, SealedEvent } from '../../integrity/sealed-event.ts';
import type { LedgerContext } from '../context.ts';
import { advanced, type LoadedAccount } from './loaded-account.ts';

/**
 * Drafts of events for the end of a stream; the first has the mark of its command. Throws EventUnwritable for an event
 * that would not decode to itself.
 */
export const draftsOf = (
  { stream, length }: { readonly stream: string; readonly length: number },
  events: readonly AccountEvent[],
  mark: CommandMark | null,
  { recordedAt, server }: LedgerContext,
): EventDraft[] => {
  const recorded = recordedAt();
  return events.map((event, i) => {
    const draft = encodeEvent(event, recorded, {
      ...(i === 0 && mark ? { command: { ...mark, facts: events.length } } : {}),
      ...(server === null ? {} : { server }),
    });
    checkReadsBack({ stream, revision: length + i }, event, draft);
    return draft;
  });
};

/**
 * The loaded account after events that are about to be written. Throws EventUnwritable if they contradict its state.
 */
export const lived = (
  entry: LoadedAccount,
  events: readonly AccountEvent[],
  sealed: readonly SealedEvent[],
): LoadedAccount => {
  try {
    return advanced(entry, events, sealed);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new EventUnwritable(entry.stream, events.map(({ type }) => type).join(', '), why);
  }
};
