/** TellUnpriced: a notice that a close waits for a price is raised once a month and meter (rules.md, sections 6 and 11). */
import { test } from 'vitest';
import { feb, mar } from '../support/days.ts';
import { given } from './decider.ts';
import { activated, closed, notice, opened, told } from './facts.ts';

const notify = {
  name: 'notify-unpriced',
  body: { month: '2019-01', meter: 'vision/calls', quantity: 1_001 },
} as const;
const about = { month: '2019-01', meter: 'vision/calls', quantity: 1_001 };
const account = [opened(), activated()];

test('the holder is told the month, the meter and the quantity', () => {
  given(...account)
    .when(notify, feb(1, '04:00'))
    .then(told(feb(1, '04:00'), 0, notice('price_not_agreed', about)));
});

test('once, also when the quantity has changed', () => {
  const before = told(feb(1, '04:00'), 0, notice('price_not_agreed', about));
  given(...account, before)
    .when({ ...notify, body: { ...notify.body, quantity: 2_000 } }, feb(2))
    .thenNothing();
});

test('of another month or meter again, with a number of its own', () => {
  const before = told(feb(1, '04:00'), 0, notice('price_not_agreed', about));
  given(...account, before)
    .when({ ...notify, body: { ...notify.body, meter: 'vision/beta' } }, feb(2))
    .then(told(feb(2), 1, notice('price_not_agreed', { ...about, meter: 'vision/beta' })));
});

test('and again after a close, when the month waits once more', () => {
  const services = { vision: 0 };
  given(...account, closed('2019-01', feb(2), { services, raised: 1 }))
    .when(notify, mar(1))
    .then(told(mar(1), 1, notice('price_not_agreed', about)));
});
