/** Suspend and LiftSuspension: an operator stops an account and lets it go on (rules.md, section 9). */
import { describe, test } from 'vitest';
import { feb, jan } from '../support/days.ts';
import { given } from './decider.ts';
import { activated, lifted, notice, opened, suspended, told } from './facts.ts';

const suspend = { name: 'suspend', body: { note: 'by court order' } } as const;
const lift = { name: 'lift-suspension' } as const;
const account = [opened(), activated()];

describe('Suspend', () => {
  test('stops the account, and its holder is told', () => {
    given(...account)
      .when(suspend, feb(2))
      .then(
        suspended('prohibited', feb(2), 'by court order'),
        told(feb(2), 0, notice('suspended', { reason: 'prohibited' })),
      );
  });

  test('one that is stopped so already stays as it is', () => {
    given(...account, suspended('prohibited', feb(1)))
      .when(suspend, feb(2))
      .thenNothing();
  });

  test('is a reason of its own beside arrears', () => {
    given(...account, suspended('arrears', feb(1)))
      .when(suspend, feb(2))
      .thenLike({ type: 'AccountSuspended', data: { reason: 'prohibited' } }, { type: 'NoticesRaised' });
  });

  test('can be set again after it was lifted', () => {
    given(...account, suspended('prohibited', jan(2)), lifted('prohibited', jan(3)))
      .when(suspend, feb(2))
      .thenLike({ type: 'AccountSuspended' }, { type: 'NoticesRaised' });
  });

  test('without a product of which a book names channels it is told in the app', () => {
    given(opened())
      .when(suspend, feb(2))
      .then(
        suspended('prohibited', feb(2), 'by court order'),
        told(feb(2), 0, notice('suspended', { reason: 'prohibited' }, ['in_app'])),
      );
  });

  test('it is told by every channel of the account’s products', () => {
    const channels = ['in_app', 'email', 'sms', 'wechat'];
    given(...account, activated('speech'))
      .when(suspend, feb(2))
      .then(
        suspended('prohibited', feb(2), 'by court order'),
        told(feb(2), 0, notice('suspended', { reason: 'prohibited' }, channels)),
      );
  });
});

describe('LiftSuspension', () => {
  test('lets the account go on at that moment, and its holder is told', () => {
    given(...account, suspended('prohibited', feb(1)))
      .when(lift, feb(2))
      .then(lifted('prohibited', feb(2)), told(feb(2), 0, notice('resumed', { reason: 'prohibited' })));
  });

  test('lifts nothing where nothing was set', () => {
    given(...account)
      .when(lift, feb(2))
      .thenNothing();
    given(...account, suspended('prohibited', jan(2)), lifted('prohibited', jan(3)))
      .when(lift, feb(2))
      .thenNothing();
  });

  test('lifts neither arrears nor a failed freeze', () => {
    given(...account, suspended('arrears', feb(1)), suspended('freeze_failed', feb(1)))
      .when(lift, feb(2))
      .thenNothing();
  });

  test('while another reason stays nobody is told that the account resumed', () => {
    given(...account, suspended('arrears', feb(1)), suspended('prohibited', feb(1)))
      .when(lift, feb(2))
      .then(lifted('prohibited', feb(2)));
  });
});
