/**
 * Content of a command under a key, by two hashes: by the values of its fields, and as written, which earlier releases
 * recorded.
 */
import type { CommandMark } from '../../codec/event-codec.ts';
import type { Answer } from './result.ts';

export interface ContentHashes {
  /** SHA-256 by the values of the fields. */
  readonly hash: string;
  /** SHA-256 of the fields as written. */
  readonly written: string;
}

/** Runs under a mark, and again under the older content hash if an earlier release recorded the key. */
export const asWrittenBefore = async (
  mark: CommandMark | null,
  { hash, written }: ContentHashes,
  run: (mark: CommandMark | null) => Promise<Answer>,
): Promise<Answer> => {
  const answer = await run(mark);
  const isReused = answer.outcome === 'refused' && answer.refusal.code === 'idempotency_key_reused';
  return mark && isReused && hash !== written ? run({ ...mark, hash: written }) : answer;
};
