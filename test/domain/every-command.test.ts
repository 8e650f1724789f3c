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
const COMMANDS: { readonly [Type in AccountCommand['type']]: Extract<AccountCommand, { type: Type }> } = {
  OpenAccount: { type: 'OpenAccount', account: 'acme' },
  ActivateService: { type: 'ActivateService', product: 'vision' },
  Deposit: { type: 'Deposit', amount: '1', reference: 'wire-2', earlier: null },
  BuyPacks: { type: 'BuyPacks', pool: 'vision/tags', size: 100, quantity: 1 },
  AgreePrice: {
    type: 'AgreePrice',
    meter: 'vision/calls',
    from: '2019-01',
    until: null,
    ladder: { mode: 'volume', tierBy: 'post_paid', bounds: 'upper', per: 1, tiers: [] },
  },
  CorrectUsage: { type: 'CorrectUsage', source: '/g', id: 'u1', calls: 1, reason: 'r', record: null },
  Credit: { type: 'Credit', amount: '1', reference: 'c', reason: 'r', pack: null, earlier: null },
  Suspend: { type: 'Suspend', note: '' },
  LiftSuspension: { type: 'LiftSuspension' },
  OpenDispute: { type: 'OpenDispute', month: '2018-12', meter: null, reason: 'r', by: null },
  AttachEvidence: {
    type: 'AttachEvidence',
    dispute: 'acme:1',
    replay: { match: true, issued: '', replayed: '', differences: 0 },
    explanation: '',
    checkpoint: null,
  },
  ResolveDispute: {
    type: 'ResolveDispute',
    resolution: {
      dispute: 'acme:1',
      outcome: 'upheld',
      note: '',
      by: null,
      credit: null,
      corrections: [],
    },
    adjustments: [],
  },
  CloseMonth: { type: 'CloseMonth', month: '2019-01' },
  PassTime: { type: 'PassTime' },
  TellUnpriced: { type: 'TellUnpriced', month: '2019-01', meter: 'vision/calls', quantity: 1 },
};
const commands = Object.values(COMMANDS).map((command) => [command.type, command] as const);
const but = (...types: readonly AccountCommand['type'][]) =>
  commands.filter(([type]) => !types.includes(type));

test.each(but('OpenAccount'))('%s of an account that there is not', (_, command) => {
  given().when(command, jan(10)).thenRefused('account_unknown');
});

describe('no command happens before the last one', () => {
  const LAST = jan(10, '10:00');
  const outOfOrder = ['out_of_order', { field: 'at', last: '2019-01-10T02:00:00.000Z' }] as const;

  test.each(but('PassTime'))('%s', (_, command) => {
    given(opened(), deposited('1', LAST))
      .when(command, justBefore(LAST))
      .thenRefused(...outOfOrder);
  });

  test('the same instant is in order, whatever the commands', () => {
    given(opened(), deposited('1', LAST))
      .when(COMMANDS.ActivateService, LAST)
      .thenLike({ type: 'ServiceActivated' });
  });

  test.each([
    ['usage', metered(LAST, { free: 1 })],
    ['what happens by itself', suspended('arrears', LAST)],
  ])('%s is no command: one may happen before it', (_, fact) => {
    given(opened(), fact)
      .when(COMMANDS.ActivateService, justBefore(LAST))
      .thenLike({ type: 'ServiceActivated' });
  });
});

describe('what the next close would carry has a bound: a command that adds to it is refused', () => {
  // A character of a reason may be three bytes: together they are more than 896 KiB.
  const credits = Array.from({ length: 320 }, () => ({ amount: '1.00', reason: 'x'.repeat(1_000) }));
  const carried = { services: { vision: jan(1) }, total: '100.00', credits };
  const large = given(opened(), closed('2019-01', jan(5), carried));
  const growing: readonly AccountCommand[] = [
    COMMANDS.Credit,
    COMMANDS.BuyPacks,
    { ...COMMANDS.AgreePrice, ladder: ladder([], ['0.1']) },
    { ...COMMANDS.OpenDispute, month: '2019-01' },
  ];

  test.each(growing.map((command) => [command.type, command] as const))('%s', (_, command) => {
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
      .when(COMMANDS.Credit, jan(10))
      .thenRefused('quantity_too_large', { field: 'account', most: 917_504 });
  });

  test('CorrectUsage of a closed month, by itself or to resolve a dispute', () => {
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
      ...COMMANDS.CorrectUsage,
      calls: 6,
      record: { reported: held, calls: 5 },
    };
    const credit: AccountCommand = { ...COMMANDS.Credit, amount: '0.01' };
    const resolution = {
      ...COMMANDS.ResolveDispute.resolution,
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
      { ...COMMANDS.ResolveDispute, resolution: { ...resolution, credit: 'c' }, adjustments: [credit] },
      { ...COMMANDS.ResolveDispute, resolution: { ...resolution, outcome: 'upheld' as const } },
    ])
      disputed.when(command, jan(10)).thenRefused('quantity_too_large', { field: 'account', most: 917_504 });
  });

  test('a correction that adds nothing is not, however large the account is', () => {
    const record = { reported: report('u1', { time: jan(6) }), calls: 5 };
    given(opened(), closed('2018-12', jan(5), carried), metered(jan(6), { free: 5 }))
      .when({ ...COMMANDS.CorrectUsage, calls: 4, record }, jan(10))
      .thenLike({ type: 'UsageCorrected', data: { to: 4 } });
  });

  test('one that adds nothing is not', () => {
    large.when(COMMANDS.Deposit, jan(10)).thenLike({ type: 'FundsDeposited' });
  });
});
