/** The explanation of a bill. A bill never changes once issued, and neither does what made it. */
import type { UseQueryResult } from '@tanstack/react-query';
import type { Explanation } from '../../../../src/audit/explain/explain-bill.ts';
import { useFromSource } from './source.tsx';

export const useExplanation = (account: string, month: string): UseQueryResult<Explanation> =>
  useFromSource(['explanation', account, month], (source, signal) =>
    source.explanation(account, month, signal),
  );
