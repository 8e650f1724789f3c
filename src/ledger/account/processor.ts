/**
 * Serializes one account's commands and usage (`command-path.ts`). Nothing is answered before it is durable, and the
 * cached account changes only after that.
 */
import { openSerialQueue } from '../../async/serial-queue.ts';
import type { CommandMark } from '../../codec/event-codec.ts';
import type { Instant } from '../../domain/calendar.ts';
import type { UsageRecord } from '../../domain/usage.ts';
import { openAccountCache } from './cache.ts';
import { meterRecords, runCommand } from './command-path.ts';
import { deciderOf } from './decider.ts';
import { tryingOut } from './dry-run.ts';
import { type LoadedAccount, loadAccount } from './loaded-account.ts';
import type { AccountPath, ProcessorOf } from './processor-parts.ts';
import type { AskedCommand } from './resolve-command.ts';
import type { Answer } from './result.ts';
import { parts } from './split-usage.ts';
import { openUsageQueue } from './usage-queue.ts';
import { asOne, type Reported } from './usage-result.ts';

export interface AccountProcessor {
  /** Runs a command; with a `mark` (idempotency key) it can be retried safely. */
  run(command: AskedCommand, at: Instant, mark: CommandMark | null): Promise<Answer>;
  /** Dry run of a command; nothing is recorded. */
  tryOut(command: AskedCommand, at: Instant, mark: CommandMark | null): Promise<Answer>;
  /** Meters records. Null if there is no such account. */
  meter(records: readonly UsageRecord[], at: Instant): Promise<Reported | null>;
  /** Dry run of `meter`; nothing is recorded. */
  tryMeter: AccountProcessor['meter'];
  /** The current account; readable even while the index cannot be written. */
  entry(): Promise<LoadedAccount>;
  /** The account as of the last acknowledged command, without waiting for those in progress; null if not loaded. */
  known(): LoadedAccount | null;
  /** Notes the stream's current length: another server may have appended to it. */
  seen(length: number): void;
  idle(): boolean;
}

export const openProcessor = (of: ProcessorOf): AccountProcessor => {
  const kept = openAccountCache(of);
  const path: AccountPath = { of, kept, deciding: deciderOf(of.context, of.clock) };
  const trying = tryingOut(path);
  const queue = openSerialQueue();
  const usage = openUsageQueue(queue, (records, at) => meterRecords(path, records, at));
  return {
    run: (command, at, mark) => queue.run(() => runCommand(path, command, at, mark)),
    tryOut: (command, at, mark) => queue.run(() => trying.command(command, at, mark)),
    tryMeter: (records, at) => queue.run(() => trying.usage(records, at)),
    meter: async (records, at) => {
      const all = parts(records);
      const [only] = all;
      if (only && all.length === 1) return usage.add(only, at);
      return asOne(await Promise.all(all.map((part) => usage.add(part, at))));
    },
    known: kept.known,
    seen: kept.seen,
    entry: () => queue.run(() => kept.current().catch(() => loadAccount(of.store, of.snapshots, of.account))),
    idle: () => queue.size() === 0 && usage.isEmpty(),
  };
};
