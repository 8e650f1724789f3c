/** What holds for every command: there is an account, time goes forward, and the next close will fit its append. */
import { describe, test } from 'vitest';
import type { Account } from '../../src/domain/account.ts';
import type { AccountCommand } from '../../src/domain/decide.ts';
import { jan, justBefore } from '../support/days.ts';
import { ladder } from './books.ts';
import { given } from './decider.ts';
import { billed, closed, deposited, metered, opened, suspended } from './facts.ts';
import { report } from './reporting.ts';

/** One of each; a new command without one does not compile. */
const COMMANDS: { readonly [Name in AccountCommand['name']]: Extract<AccountCommand, { name: Name }> } = {
  'open-account': { name: 'open-account', account: 'acme' },
  'activate-service': { name: 'activate-service', body: { product: 'vision' } },
  'switch-post-paid': { name: 'switch-post-paid', body: { product: 'vision', postPaid: 'off' } },
  'set-limits': { name: 'set-limits', body: { spend: '9', notifyAt: ['1'], lowBalance: null } },
  deposit: { name: 'deposit', body: { amount: '1', reference: 'wire-2' }, earlier: null },
  'buy-packs': { name: 'buy-packs', body: { pool: 'vision/tags', size: 100, quantity: 1 } },
  'return-pack': { name: 'return-pack', body: { pack: 'pack-000001' } },
  'agree-price': {
    name: 'agree-price',
    body: {
      meter: 'vision/calls',
      from: '2019-01',
      until: null,
      ladder: { mode: 'volume', tierBy: 'post_paid', bounds: 'upper', per: 1, tiers: [] },
    },
  },
  'correct-usage': {
    name: 'correct-usage',
    body: { source: '/g', record: 'u1', calls: 1, reason: 'r' },
    held: null,
  },
  credit: { name: 'credit', body: { amount: '1', reference: 'c', reason: 'r', pack: null }, earlier: null },
  suspend: { name: 'suspend', body: { note: '' } },
  'lift-suspension': { name: 'lift-suspension' },
  'open-dispute': { name: 'open-dispute', body: { month: '2018-12', meter: null, reason: 'r', by: null } },
  'attach-evidence': {
    name: 'attach-evidence',
    body: {
      dispute: 'acme:1',
      replay: { match: true, issued: '', replayed: '', differences: 0 },
      explanation: '',
      checkpoint: null,
    },
  },
  'resolve-dispute': {
    name: 'resolve-dispute',
    body: {
      dispute: 'acme:1',
      outcome: 'upheld',
      note: '',
      by: null,
      credit: null,
      corrections: [],
    },
    adjustments: [],
  },
  'close-month': { name: 'close-month', body: { month: '2019-01' } },
  'pass-time': { name: 'pass-time' },
  'notify-unpriced': {
    name: 'notify-unpriced',
    body: { month: '2019-01', meter: 'vision/calls', quantity: 1 },
  },
};
const commands = Object.values(COMMANDS).map((command) => [command.name, command] as const);
const but = (...names: readonly AccountCommand['name'][]) =>
  commands.filter(([name]) => !names.includes(name));

test.each(but('open-account'))('%s of an account that there is not', (_, command) => {
  given().when(command, jan(10)).thenRefused('account_unknown');
});

describe('no command happens before the last one', () => {
  const LAST = jan(10, '10:00');
  const outOfOrder = ['out_of_order', { field: 'at', last: '2019-01-10T02:00:00.000Z' }] as const;

  test.each(but('pass-time'))('%s', (_, command) => {
    given(opened(), deposited('1', LAST))
      .when(command, justBefore(LAST))
      .thenRefused(...outOfOrder);
  });

  test('the same instant is in order, whatever the commands', () => {
    given(opened(), deposited('1', LAST))
      .when(COMMANDS['activate-service'], LAST)
      .thenLike({ type: 'ServiceActivated' });
  });

  test.each([
    ['usage', metered(LAST, { free: 1 })],
    ['what happens by itself', suspended('arrears', LAST)],
  ])('%s is no command: one may happen before it', (_, fact) => {
    given(opened(), fact)
      .when(COMMANDS['activate-service'], justBefore(LAST))
      .thenLike({ type: 'ServiceActivated' });
  });
});

describe('what the next close would carry has a bound: a command that adds to it is refused', () => {
  // A character of a reason may be three bytes: together they are more than 896 KiB.
  const credits = Array.from({ length: 320 }, () => ({ amount: '1.00', reason: 'x'.repeat(1_000) }));
  const carried = { services: { vision: jan(1) }, total: '100.00', credits };
  const large = given(opened(), closed('2019-01', jan(5), carried));
  const growing: readonly AccountCommand[] = [
    COMMANDS.credit,
    COMMANDS['buy-packs'],
    { ...COMMANDS['agree-price'], body: { ...COMMANDS['agree-price'].body, ladder: ladder([], ['0.1']) } },
    { ...COMMANDS['open-dispute'], body: { ...COMMANDS['open-dispute'].body, month: '2019-01' } },
  ];

  test.each(growing.map((command) => [command.name, command] as const))('%s', (_, command) => {
    large.when(command, jan(10)).thenRefused('quantity_too_large', { field: 'account', most: 917_504 });
    large.when(command, jan(10), { again: true }).thenLike({});
  });

  const many = 230;
  const contract = {
    ...{ product: 'vision', meter: 'vision/calls', from: '2019-01', until: null },
    ladder: ladder([], ['0.1']),
  };
  const dispute = {
    ...{ dispute: 'acme:1', month: '2019-01', meter: null, reason: 'r', openedAt: jan(6), resolved: null },
  };
  const months = {
    '2019-01': {
      groups: {},
      closed: { ...billed(), changes: { 'vision/calls': Array(many).fill('correction: r') } },
    },
  };
  test.each<[string, Partial<Account>]>([
    ['prices', { contracts: Array(many).fill(contract) }],
    ['disputes', { disputes: Array(many).fill(dispute), disputesOpened: many }],
    ['reasons of corrections', { months }],
  ])('%s add to it', (_, more) => {
    given(opened(), closed('2019-01', jan(5), { ...carried, ...more }))
      .when(COMMANDS.credit, jan(10))
      .thenRefused('quantity_too_large', { field: 'account', most: 917_504 });
  });

  test('correct-usage of a closed month, by itself or to resolve a dispute', () => {
    const disputes = [
      {
        dispute: 'acme:1',
        month: '2019-01',
        meter: null,
        reason: 'r',
        openedAt: jan(6),
        resolved: null,
      },
    ];
    const held = report('u1', { time: jan(2) });
    const correction: AccountCommand = {
      ...COMMANDS['correct-usage'],
      body: { ...COMMANDS['correct-usage'].body, calls: 6 },
      held: { reported: held, now: { calls: 5 } },
    };
    const credit: AccountCommand = { ...COMMANDS.credit, body: { ...COMMANDS.credit.body, amount: '0.01' } };
    const body = {
      ...COMMANDS['resolve-dispute'].body,
      outcome: 'adjusted' as const,
      note: 'x'.repeat(1_000),
    };
    const disputed = given(
      opened(),
      closed('2019-01', jan(5), { ...carried, disputes, disputesOpened: 1 }),
      metered(jan(2), { free: 5 }),
    );
    for (const command of [
      correction,
      {
        ...COMMANDS['resolve-dispute'],
        body: { ...body, credit: { reference: 'c' } },
        adjustments: [credit],
      },
      { ...COMMANDS['resolve-dispute'], body: { ...body, outcome: 'upheld' as const } },
    ])
      disputed.when(command, jan(10)).thenRefused('quantity_too_large', { field: 'account', most: 917_504 });
  });

  test('a correction that adds nothing is not, however large the account is', () => {
    const held = { reported: report('u1', { time: jan(6) }), now: { calls: 5 } };
    const { body } = COMMANDS['correct-usage'];
    given(opened(), closed('2018-12', jan(5), carried), metered(jan(6), { free: 5 }))
      .when({ name: 'correct-usage', body: { ...body, calls: 4 }, held }, jan(10))
      .thenLike({ type: 'UsageCorrected', data: { to: 4 } });
  });

  test('one that adds nothing is not', () => {
    large.when(COMMANDS.deposit, jan(10)).thenLike({ type: 'FundsDeposited' });
  });
});
