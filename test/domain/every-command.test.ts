/** What holds for every command: there is an account, and time goes forward (rules.md, section 7). */
import { describe, test } from 'vitest';
import type { AccountCommand } from '../../src/domain/decide.ts';
import { jan, justBefore } from '../support/days.ts';
import { given } from './decider.ts';
import { deposited, metered, opened, suspended } from './facts.ts';

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
