/** OpenAccount: once; its name is no fact of it. */
import { test } from 'vitest';
import { event } from '../../src/domain/events.ts';
import { jan } from '../support/days.ts';
import { given } from './decider.ts';
import { ACME, opened } from './facts.ts';

const open = { name: 'open-account', account: ACME } as const;

test('an account is opened, and decided by the rules of today', () => {
  given()
    .when(open, jan(10, '10:00'))
    .then(event('AccountOpened', jan(10, '10:00'), { account: ACME, rules: 2 }));
});

test('decided again it keeps the rules of its time', () => {
  const again = { again: true };
  given()
    .when({ ...open, rules: 1 }, jan(10), again)
    .then(event('AccountOpened', jan(10), { account: ACME, rules: 1 }));
  given()
    .when(open, jan(10), again)
    .then(event('AccountOpened', jan(10), { account: ACME }));
});

test('one that is open is opened no second time', () => {
  given(opened(jan(1)))
    .when(open, jan(10))
    .thenNothing();
  given(opened(jan(1)))
    .when(open, jan(1))
    .thenNothing();
});

test('one that is open under another name is another account', () => {
  given(opened())
    .when({ ...open, otherName: true }, jan(10))
    .thenRefused('account_exists', { account: ACME });
});
