/**
 * Prevents starvation: a server that appends back to back always wins the version race, since another must first read
 * the last event before it can append at the next version. So a run of appends without a gap ends with a pause.
 */
import { setTimeout as pause } from 'node:timers/promises';

export interface AppendGaps {
  /** Resolves when an append to a stream may be sent. */
  room(stream: string): Promise<void>;
  appended(stream: string): void;
  /** Another server appended. */
  lost(stream: string): void;
}

/** How long a run may be, in milliseconds. */
const RUN_MS = 500;
/** Such a gap is long enough for another server to read the last append, decide, and append. */
const ROOM_MS = 50;
const RUNS_KEPT = 10_000;

export const openAppendGaps = (): AppendGaps => {
  const runs = new Map<string, { readonly beganAt: number; readonly endedAt: number }>();
  return {
    room: async (stream) => {
      const run = runs.get(stream);
      if (!run) return;
      const left = run.endedAt + ROOM_MS - performance.now();
      if (left > 0 && run.endedAt - run.beganAt < RUN_MS) return;
      runs.delete(stream);
      if (left > 0) await pause(left);
    },
    appended: (stream) => {
      const endedAt = performance.now();
      const beganAt = runs.get(stream)?.beganAt ?? endedAt;
      // Evicting an entry only skips one gap of its stream.
      if (runs.size >= RUNS_KEPT) runs.clear();
      runs.set(stream, { beganAt, endedAt });
    },
    lost: (stream) => void runs.delete(stream),
  };
};
