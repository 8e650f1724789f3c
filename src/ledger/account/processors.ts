/** An LRU of account processors; an evicted one is reloaded when needed. */
import type { AccountProcessor } from './processor.ts';

const PROCESSORS_KEPT = 20_000;
const DROPPED_TOGETHER = PROCESSORS_KEPT / 10;

export interface Processors {
  /** The processor of an account, opened if necessary. */
  of(account: string): AccountProcessor;
  /** The processor of an account, if it is open. */
  known(account: string): AccountProcessor | undefined;
}

export const openProcessors = (open: (account: string) => AccountProcessor): Processors => {
  const processors = new Map<string, AccountProcessor>();
  return {
    known: (account) => processors.get(account),
    of: (account) => {
      const known = processors.get(account);
      if (known) return known;
      if (processors.size >= PROCESSORS_KEPT) dropIdle(processors);
      const processor = open(account);
      processors.set(account, processor);
      return processor;
    },
  };
};

const dropIdle = (processors: Map<string, AccountProcessor>): void => {
  let dropped = 0;
  for (const [account, processor] of processors) {
    if (dropped > DROPPED_TOGETHER) return;
    if (!processor.idle()) continue;
    processors.delete(account);
    dropped += 1;
  }
};
