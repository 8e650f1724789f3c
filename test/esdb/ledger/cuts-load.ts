/** Senders that give two servers records and deposits without end, and send again, blindly, what was not answered. */
import { setTimeout as pause } from 'node:timers/promises';
import type { CommandMark } from '../../../src/codec/event-codec.ts';
import type { UsageRecord } from '../../../src/domain/usage.ts';
import { StoreUnavailable } from '../../../src/eventstore/event-store.ts';
import type { LedgerCommand } from '../../../src/input/commands.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import type { Pair } from '../ledger-servers.ts';

export const ACCOUNTS = ['hot', 'one', 'two'] as const;
const AT = Date.parse('2019-01-10T00:00:00+08:00');
const SENDERS = 3;
const BATCH = 8;
const PAUSE_MS = 10;
const DEPOSIT_ONE_IN = 10;

export interface Sent {
  /** How often each record was accepted; 0 where no answer but that it is there already came back. */
  readonly records: Map<string, number>;
  readonly deposits: Map<string, number>;
  readonly wrong: string[];
  /** Calls that ended without an answer and were made again. */
  unanswered: number;
}

export interface Load {
  readonly sent: Sent;
  /** Runs something while nothing new is sent. */
  quietly<T>(work: () => Promise<T>): Promise<T>;
  /** Sends no more; resolves when everything sent was answered. */
  stop(): Promise<void>;
}

const mark = (key: string): CommandMark => ({ key, hash: key });

/** Opens an account that takes usage. */
export const openAccount = async (ledger: Ledger, account: string): Promise<void> => {
  const run = (command: LedgerCommand) =>
    ledger.execute(account, command, AT, mark(`${account} ${command.name}`));
  await run({ name: 'open-account', body: { name: account } });
  await run({ name: 'activate-service', body: { product: 'face-recognition' } });
};

export const recordOf = (id: string): UsageRecord => ({
  source: '/gateway/1',
  id,
  interface: 'face-recognition/compare',
  time: AT,
  calls: 1,
  submitted: null,
});

/** Reports records of an account, once. */
export const report = (ledger: Ledger, account: string, ids: readonly string[]) =>
  ledger.meter(account, ids.map(recordOf), AT);

/** Does it again until it is answered; says each time when it was not. */
export const answered = async <T>(work: () => Promise<T>, unanswered = () => {}): Promise<T> => {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      unanswered();
    }
  }
};

/** Starts sending to both servers; every other batch goes to both of them at once. */
export const startLoad = (pair: Pair): Load => {
  const sent: Sent = { records: new Map(), deposits: new Map(), wrong: [], unanswered: 0 };
  let isOn = true;
  let quiet: Promise<unknown> = Promise.resolve();
  let count = 0;
  const again = () => {
    sent.unanswered += 1;
  };

  const batch = async (ledger: Ledger, account: string, ids: readonly string[]): Promise<void> => {
    const outcomes = (await answered(() => report(ledger, account, ids), again)) ?? [];
    for (const [i, id] of ids.entries()) {
      const outcome = outcomes[i]?.outcome;
      const accepted = outcome === 'accepted' ? 1 : 0;
      sent.records.set(id, (sent.records.get(id) ?? 0) + accepted);
      if (accepted === 0 && outcome !== 'duplicate') sent.wrong.push(`${id}: ${outcome}`);
    }
  };

  const deposit = async (ledger: Ledger, account: string, reference: string): Promise<void> => {
    const command = { name: 'deposit', body: { amount: '1', reference } } as const;
    const answer = await answered(() => ledger.execute(account, command, AT, mark(reference)), again);
    sent.deposits.set(reference, (sent.deposits.get(reference) ?? 0) + (answer.outcome === 'done' ? 1 : 0));
    if (answer.outcome === 'refused') sent.wrong.push(`${reference}: ${answer.refusal.code}`);
  };

  const sender = async (own: Ledger, other: Ledger): Promise<void> => {
    while (isOn) {
      count += 1;
      const n = count;
      const account = ACCOUNTS[n % ACCOUNTS.length] ?? 'hot';
      const servers = n % 2 === 0 ? [own, other] : [own];
      const ids = Array.from({ length: BATCH }, (_, k) => `${account}-${n}-${k}`);
      await Promise.all(
        servers.map((ledger) =>
          n % DEPOSIT_ONE_IN === 0
            ? deposit(ledger, account, `${account}-${n}`)
            : batch(ledger, account, ids),
        ),
      );
      await pause(PAUSE_MS);
      await quiet;
    }
  };

  const [one, two] = pair;
  const senders = Array.from({ length: SENDERS }, () => [sender(one, two), sender(two, one)]).flat();
  return {
    sent,
    quietly: (work) => {
      const working = work();
      quiet = working.catch(() => undefined);
      return working;
    },
    stop: async () => {
      isOn = false;
      await Promise.all(senders);
    },
  };
};
