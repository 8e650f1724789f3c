/** Commands and queries of accounts, each run by the account's own processor. */
import type { CommandMark } from '../../codec/event-codec.ts';
import type { Instant } from '../../domain/calendar.ts';
import type { Evidence } from '../../domain/disputes.ts';
import type { RecordOutcome, UsageRecord } from '../../domain/usage.ts';
import type { EventStore } from '../../eventstore/event-store.ts';
import type { LedgerCommand } from '../../input/commands.ts';
import { nameHolder } from '../system/account-holder.ts';
import type { LoadedAccount } from './loaded-account.ts';
import type { AccountProcessor } from './processor.ts';
import type { Answer } from './result.ts';
import type { Reported } from './usage-result.ts';

export interface AccountCommandsOf {
  readonly store: EventStore;
  /** The processor of an account. */
  readonly of: (account: string) => AccountProcessor;
  /** The real instant, for `recordedAt`; RFC 3339. */
  readonly recordedAt: () => string;
}

export interface AccountCommands {
  /** Runs a command of an account at an instant; with a mark (idempotency key) it can be retried safely. */
  execute(account: string, command: LedgerCommand, at: Instant, mark: CommandMark | null): Promise<Answer>;
  /** Dry run of a command; nothing is recorded. */
  tryOut(account: string, command: LedgerCommand, at: Instant, mark: CommandMark | null): Promise<Answer>;
  /** Attaches evidence to an open dispute of an account. */
  attach(account: string, evidence: Evidence, at: Instant, mark: CommandMark | null): Promise<Answer>;
  /** Dry run of attaching evidence; nothing is recorded. */
  tryAttach(account: string, evidence: Evidence, at: Instant, mark: CommandMark | null): Promise<Answer>;
  /** Lets everything happen to an account that is due until an instant. */
  passTime(account: string, at: Instant): Promise<Answer>;
  /** Calls back after a month of an account was closed, or found to be closed. */
  onClosed(listener: (account: string) => void): void;
  /** Meters records of one account; null if there is no such account. */
  report(account: string, records: readonly UsageRecord[], at: Instant): Promise<Reported | null>;
  /** Dry run of `report`; nothing is recorded. */
  tryReport: AccountCommands['report'];
  /** Like `report`, outcomes alone. */
  meter(account: string, records: readonly UsageRecord[], at: Instant): Promise<Outcomes | null>;
  /** The current account. */
  entry(account: string): Promise<LoadedAccount>;
}

type Outcomes = readonly RecordOutcome[];

export const accountCommands = ({ store, of, recordedAt }: AccountCommandsOf): AccountCommands => {
  const closed: ((account: string) => void)[] = [];
  return {
    execute: async (account, command, at, mark) => {
      const processor = of(account);
      const answer = await processor.run(command, at, mark);
      if (command.name === 'open-account' && answer.outcome !== 'refused')
        await nameHolder(store, account, command.body.name, at, recordedAt());
      if (answer.outcome === 'refused') {
        const { followUp } = answer;
        if (followUp) await processor.run(followUp, at, null);
      } else if (command.name === 'close-month') for (const listener of closed) listener(account);
      return answer;
    },
    tryOut: (account, command, at, mark) => of(account).tryOut(command, at, mark),
    attach: (account, evidence, at, mark) =>
      of(account).run({ name: 'attach-evidence', body: evidence }, at, mark),
    tryAttach: (account, evidence, at, mark) =>
      of(account).tryOut({ name: 'attach-evidence', body: evidence }, at, mark),
    passTime: (account, at) => of(account).run({ name: 'pass-time' }, at, null),
    onClosed: (listener) => void closed.push(listener),
    meter: async (account, records, at) => (await of(account).meter(records, at))?.outcomes ?? null,
    report: (account, records, at) => of(account).meter(records, at),
    tryReport: (account, records, at) => of(account).tryMeter(records, at),
    entry: async (account) => of(account).known() ?? of(account).entry(),
  };
};
