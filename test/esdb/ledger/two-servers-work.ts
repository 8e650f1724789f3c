/** What two servers are given at once: the same accounts, records and commands, made from a seed. */
import type { CommandMark } from '../../../src/codec/event-codec.ts';
import type { UsageRecord } from '../../../src/domain/usage.ts';
import type { LedgerCommand } from '../../../src/input/commands.ts';

/** A command of an account that may be sent any number of times. */
export interface Order {
  readonly account: string;
  readonly command: LedgerCommand;
  readonly at: number;
  readonly mark: CommandMark;
}

export interface AccountWork {
  readonly account: string;
  readonly records: readonly UsageRecord[];
  /** To be done before anything else, in their order. */
  readonly opening: readonly Order[];
  /** In any order, between the records. */
  readonly orders: readonly Order[];
  /** By the id of the record that it corrects: not before that was reported. */
  readonly corrections: ReadonlyMap<string, Order>;
}

const INTERFACES = ['compare', 'search', 'detect'] as const;
const CORRECTED_ONE_IN = 50;
const ORDERS_OF_A_KIND = 6;
/** The hot account has as much as all others together. */
const OTHERS = 7;

export const OPENED = Date.parse('2019-01-01T00:00:00+08:00');
export const USED = Date.parse('2019-01-20T12:00:00+08:00');
export const CLOSED = Date.parse('2019-02-01T00:00:00+08:00');

const order = (account: string, command: LedgerCommand, at: number, what = ''): Order => {
  const key = `${account} ${command.name} ${what}`;
  return { account, command, at, mark: { key, hash: key } };
};

const openingOf = (account: string): Order[] => [
  order(account, { name: 'open-account', body: { name: `the owner of ${account}` } }, OPENED),
  order(account, { name: 'activate-service', body: { product: 'face-recognition' } }, OPENED),
  order(account, { name: 'deposit', body: { amount: '900000', reference: 'first' } }, OPENED, 'first'),
];

const ordersOf = (account: string): Order[] =>
  Array.from({ length: ORDERS_OF_A_KIND }, (_, n): Order[] => [
    order(
      account,
      { name: 'deposit', body: { amount: `${n + 1}.25`, reference: `wire-${n}` } },
      USED,
      `${n}`,
    ),
    order(
      account,
      { name: 'buy-packs', body: { pool: 'face-recognition/compare', size: 1_000_000, quantity: 1 } },
      USED,
      `${n}`,
    ),
    order(
      account,
      { name: 'credit', body: { amount: `0.${n + 1}0`, reference: `ticket-${n}`, reason: 'kindness' } },
      USED,
      `${n}`,
    ),
  ]).flat();

const recordOf = (account: string, n: number): UsageRecord => ({
  source: `/gateway/${n % 3}`,
  id: `${account}-${n}`,
  interface: `face-recognition/${INTERFACES[n % INTERFACES.length]}`,
  time: OPENED + (n % 400) * 3_600_000,
  calls: 1 + (n % 7),
  submitted: null,
});

const correctionOf = (account: string, { source, id, calls }: UsageRecord): Order =>
  order(
    account,
    { name: 'correct-usage', body: { source, record: id, calls: calls + 2, reason: 'counted again' } },
    USED,
    id,
  );

/** The work on some accounts with so many records in all. */
export const workOf = (records: number): AccountWork[] =>
  ['hot', ...Array.from({ length: OTHERS }, (_, n) => `account-${n}`)].map((account) => {
    const own = Array.from(
      {
        length:
          account === 'hot'
            ? records - OTHERS * Math.floor(records / 2 / OTHERS)
            : Math.floor(records / 2 / OTHERS),
      },
      (_, n) => recordOf(account, n),
    );
    const corrected = own.filter((_, n) => n % CORRECTED_ONE_IN === 0);
    return {
      account,
      records: own,
      opening: openingOf(account),
      orders: ordersOf(account),
      corrections: new Map(corrected.map((record) => [record.id, correctionOf(account, record)])),
    };
  });

/** The closing of an account's month. */
export const closing = (account: string): Order =>
  order(account, { name: 'close-month', body: { month: '2019-01' } }, CLOSED, '2019-01');

/** The calls that an account has when everything was counted once. */
export const callsOf = ({ records, corrections }: AccountWork): number =>
  records.reduce((sum, { calls }) => sum + calls, 0) + 2 * corrections.size;
