/** Events put together for as few appends as keep their order. */
import { Buffer } from 'node:buffer';
import type { SealedEvent } from '../integrity/sealed-event.ts';

/** How much goes into one append: well below what an engine takes, since what it adds to each event counts too. */
const RUN_EVENTS = 100;
const RUN_BYTES = 256 * 1024;

/** Events that follow one another in one stream, to be appended together: that keeps their order and is faster. */
export const runsOf = (events: readonly SealedEvent[]): SealedEvent[][] => {
  const runs: SealedEvent[][] = [];
  let bytes = 0;
  for (const event of events) {
    const size =
      Buffer.byteLength(event.header) + Buffer.byteLength(event.data) + (event.records?.length ?? 0);
    const run = runs.at(-1);
    const fits = run && run.length < RUN_EVENTS && bytes + size <= RUN_BYTES;
    if (fits && run[0]?.stream === event.stream) {
      run.push(event);
      bytes += size;
    } else {
      runs.push([event]);
      bytes = size;
    }
  }
  return runs;
};
