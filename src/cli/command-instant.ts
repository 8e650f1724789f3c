/** The instant of a command: from `--at`, or now by the ledger's clock. */
import type { Instant } from '../domain/calendar.ts';
import type { EventStore } from '../eventstore/event-store.ts';
import { CLOCK_BEHIND_MAX_MS } from '../ledger/account/command-instant.ts';
import { chosenClock, type LedgerClock, testNow } from '../ledger/system/clock-choice.ts';
import { type Context, instantFlag, textFlag, WrongUse } from './command.ts';

/**
 * The latest instant allowed on a ledger; null: any. On the system's clock, an instant in the future would close months
 * and expire packs prematurely.
 */
export const latestInstant = (clock: LedgerClock | null): Instant | null =>
  clock === 'system' ? Date.now() + CLOCK_BEHIND_MAX_MS : null;

/** The instant of `--at`, or now. Throws WrongUse for one in the future, or if the ledger has no current instant. */
export const commandInstant = async (context: Context, store: EventStore): Promise<Instant> => {
  const given = instantFlag(context, 'at');
  if (given !== null) {
    const latest = latestInstant(await chosenClock(store));
    if (latest !== null && given > latest)
      throw new WrongUse(
        `--at: ${textFlag(context, 'at')} is in the future; this ledger uses the system clock`,
      );
    return given;
  }
  if ((await chosenClock(store)) !== 'test') return Date.now();
  const stands = await testNow(store);
  if (stands === null)
    throw new WrongUse('this ledger uses a test clock that was never set: give the instant with --at');
  return Date.parse(stands);
};
