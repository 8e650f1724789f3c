/** How a mishap befalls a call that is under way. */

import { setTimeout as pause } from 'node:timers/promises';
import type { Mishap } from './faults.ts';
import { refusal } from './refusals.ts';

/** The part of a call of any kind that says whose it is. */
interface Call {
  getPeer(): string;
}

/** A reset discards what is still on its way: what was sent before the mishap gets this long to arrive. */
const FLUSH = 20;

/** Returns when the call may go on, throws when it fails, and never settles when nothing more is heard of it. */
export type Suffer = (call: Call, mishap: Mishap) => Promise<void>;

export const sufferWith =
  (reset: (peer: string) => void): Suffer =>
  async (call, mishap) => {
    switch (mishap.kind) {
      case 'late':
        await pause(mishap.milliseconds);
        return;
      case 'status':
        throw refusal(mishap.code, mishap.details);
      case 'connection lost':
        await pause(FLUSH);
        reset(call.getPeer());
    }
    await new Promise<never>(() => undefined);
  };
