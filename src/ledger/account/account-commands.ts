/** Commands and queries of accounts, each run by the account's own processor. */
import type { EventStore } from '../../eventstore/event-store.ts';
import type { Ledger } from '../ledger.ts';
import { nameHolder } from '../system/account-holder.ts';
import type { Identities } from './identities.ts';
import type { AccountProcessor } from './processor.ts';
import { prepared } from './resolve-command.ts';

export interface AccountCommandsOf {
  readonly store: EventStore;
  readonly identities: Identities;
  /** The processor of an account. */
  readonly of: (account: string) => AccountProcessor;
  /** The real instant, for `recordedAt`; RFC 3339. */
  readonly recordedAt: () => string;
}

type AccountCommands = Pick<
  Ledger,
  | 'execute'
  | 'tryOut'
  | 'attach'
  | 'tryAttach'
  | 'passTime'
  | 'onClosed'
  | 'meter'
  | 'report'
  | 'tryReport'
  | 'entry'
>;

export const accountCommands = ({
  store,
  identities,
  of,
  recordedAt,
}: AccountCommandsOf): AccountCommands => {
  const closed: ((account: string) => void)[] = [];
  return {
    execute: async (account, command, at, mark) => {
      const processor = of(account);
      const prepare = (entry: Awaited<ReturnType<Ledger['entry']>>) =>
        prepared(store, identities, account, entry, command);
      const answer = await processor.run(prepare, at, mark);
      if (command.name === 'open-account' && answer.outcome !== 'refused')
        await nameHolder(store, account, command.body.name, at, recordedAt());
      if (answer.outcome === 'refused') {
        const { followUp } = answer;
        if (followUp) await processor.run(async () => followUp, at, null);
      } else if (command.name === 'close-month') for (const listener of closed) listener(account);
      return answer;
    },
    tryOut: (account, command, at, mark) =>
      of(account).tryOut((entry) => prepared(store, identities, account, entry, command), at, mark),
    attach: (account, evidence, at, mark) =>
      of(account).run(async () => ({ type: 'AttachEvidence', ...evidence }), at, mark),
    tryAttach: (account, evidence, at, mark) =>
      of(account).tryOut(async () => ({ type: 'AttachEvidence', ...evidence }), at, mark),
    passTime: (account, at) => of(account).run(async () => ({ type: 'PassTime' }), at, null),
    onClosed: (listener) => void closed.push(listener),
    meter: async (account, records, at) => (await of(account).meter(records, at))?.outcomes ?? null,
    report: (account, records, at) => of(account).meter(records, at),
    tryReport: (account, records, at) => of(account).tryMeter(records, at),
    entry: async (account) => of(account).known() ?? of(account).entry(),
  };
};
