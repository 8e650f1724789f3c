/** Idempotency: a retried command (same key) gets the events of its first run; a key with other content is refused. */

import { type CommandMark, decodeEvent, decodeHeader } from '../../codec/event-codec.ts';
import { refuse } from '../../domain/decision.ts';
import type { RecordedEvent } from '../../eventstore/event-store.ts';
import { eventsOf } from '../../eventstore/reading.ts';
import type { LoadedAccount } from './loaded-account.ts';
import type { ProcessorOf } from './processor-parts.ts';
import type { Answer } from './result.ts';

/** The stored answer of an idempotency key; null if the key is new, or there is none. */
export const answeredBefore = async (
  { store, identities, account }: ProcessorOf,
  { stream }: LoadedAccount,
  mark: CommandMark | null,
): Promise<Answer | null> => {
  if (!mark) return null;
  const first = await identities.event(account, stream, 'command', mark.key);
  const stored = first && decodeHeader(first).command;
  if (!first || stored?.key !== mark.key) return null;
  if (stored.hash !== mark.hash) {
    return refuse('idempotency_key_reused', 'this key was used before with different content');
  }
  const recorded: RecordedEvent[] = [];
  const range = { from: first.revision, to: first.revision + stored.facts - 1 };
  for await (const event of eventsOf(store, stream, range)) recorded.push(event);
  return {
    outcome: 'repeated',
    position: recorded.at(-1)?.position ?? null,
    events: recorded
      .map((one) => ({ revision: one.revision, event: decodeEvent(one) }))
      .filter(({ event }) => event.type !== 'NothingChanged'),
  };
};
