/** Puts that are batched for the index's thread: their accounts, and the numbers of all their records. */
import type { Filter } from './bloom-filter.ts';
import type { Put } from './messages.ts';
import { type IndexEntry, keyText, RECORD_NUMBERS } from './port.ts';

export interface WaitingPuts {
  readonly puts: Put[];
  /** The numbers of each put's records. */
  readonly parts: Uint32Array[];
  /** Total count of numbers. */
  count: number;
}

export const emptyPuts = (): WaitingPuts => ({ puts: [], parts: [], count: 0 });

/** Adds a put, and its records to the filter. */
export const gather = (
  waiting: WaitingPuts,
  filter: Filter,
  account: string,
  length: number,
  head: string | null,
  entries: readonly IndexEntry[],
): void => {
  const numbers = new Uint32Array(entries.length * RECORD_NUMBERS);
  const texts: { readonly key: string; readonly revision: number }[] = [];
  let used = 0;
  for (const { key, revision, ordinal } of entries) {
    if (key.kind !== 'record') {
      texts.push({ key: keyText(key), revision });
      continue;
    }
    filter.add(account, key.print);
    numbers[used] = key.print.hi;
    numbers[used + 1] = key.print.lo;
    numbers[used + 2] = revision;
    numbers[used + 3] = ordinal;
    used += RECORD_NUMBERS;
  }
  waiting.puts.push({ account, length, head, records: used / RECORD_NUMBERS, texts });
  waiting.parts.push(used === numbers.length ? numbers : numbers.subarray(0, used));
  waiting.count += used;
};

/** The numbers of all puts, concatenated. */
export const packed = ({ parts, count }: WaitingPuts): Uint32Array<ArrayBuffer> => {
  const numbers = new Uint32Array(count);
  let at = 0;
  for (const part of parts) {
    numbers.set(part, at);
    at += part.length;
  }
  return numbers;
};
