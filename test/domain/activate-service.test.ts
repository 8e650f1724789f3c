/** ActivateService: a product of which an edition is in force, once (rules.md, section 2). */
import { test } from 'vitest';
import { event } from '../../src/domain/events.ts';
import { feb, jan, justBefore } from '../support/days.ts';
import { speech, vision } from './books.ts';
import { given } from './decider.ts';
import { activated, opened } from './facts.ts';

const activate = (product: string) => ({ name: 'activate-service', body: { product } }) as const;

test('a product is activated', () => {
  given(opened())
    .when(activate('vision'), jan(10, '10:00'))
    .then(event('ServiceActivated', jan(10, '10:00'), { product: 'vision' }));
});

test('what is activated stays so: the first instant counts', () => {
  given(opened(), activated('vision', jan(1)))
    .when(activate('vision'), jan(10))
    .thenNothing();
});

test('each product has an activation of its own', () => {
  given(opened(), activated('vision'))
    .when(activate('speech'), jan(10))
    .then(event('ServiceActivated', jan(10), { product: 'speech' }));
});

test('a product can be activated from the first instant of its first edition, in the billing zone', () => {
  const soon = { ...vision, edition: '2019-02', effectiveFrom: '2019-02' };
  given(opened())
    .under(soon)
    .when(activate('vision'), justBefore(feb(1)))
    .thenRefused('service_unknown', { product: 'vision' });
  given(opened())
    .under(soon)
    .when(activate('vision'), feb(1))
    .then(event('ServiceActivated', feb(1), { product: 'vision' }));
});

test.each(['unheard-of', '', 'constructor', '__proto__'])('no price book is of %j', (product) => {
  given(opened()).under(speech).when(activate(product), jan(10)).thenRefused('service_unknown', { product });
});
