/** Groups events into as few appends as their order allows. */
import { Buffer } from 'node:buffer';
import type { SealedEvent } from '../integrity/sealed-event.ts';

/** Limits of one append, well below an engine's, which also counts its own overhead per event. */
const RUN_EVENTS = 100;
const RUN_BYTES = 256 * 1024;

/** Groups consecutive events of the same stream, to be appended together. */
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
