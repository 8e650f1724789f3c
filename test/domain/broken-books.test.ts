/** A price book that cannot be used stops what needs it, and nothing else. */
import { expect, test } from 'vitest';
import { type BrokenBook, brokenEdition } from '../../src/domain/catalogue.ts';
import { jan } from '../support/days.ts';
import { vision } from './books.ts';
import { given } from './decider.ts';
import { activated, bought, metered, opened, paid } from './facts.ts';
import { report } from './reporting.ts';

const NOON = jan(10, '12:00');
const broken = (of: Partial<BrokenBook>) =>
  brokenEdition(
    {
      product: 'speech',
      edition: '2019-01',
      effectiveFrom: '2019-01',
      stream: 'catalogue',
      revision: 1,
      why: 'it is not what was published',
      ...of,
    },
    '',
  );
const account = [opened(), activated(), activated('speech')];

test('packs of its product are held, and calls of another product are paid as ever', () => {
  const talk = { product: 'speech', pool: 'speech/short', packs: ['pack-000001'] };
  const tags = bought(jan(3), { packs: ['pack-000002'] });
  given(...account, metered(jan(2), { free: 10 }), bought(jan(2), talk), tags)
    .under(vision, broken({}))
    .whenReported([report('u1')], NOON)
    .thenPaid(paid({ runs: [['pack-000002', 5]] }));
});

test('whose product cannot be read may be any product’s: no interface can be looked up', () => {
  const lost = broken({ product: null, edition: '', effectiveFrom: '' });
  const { outcomes } = given(...account)
    .under(vision, lost)
    .whenReported([report('u1'), report('u2', { interface: 'vision' })], NOON)
    .thenEach('refused', 'refused');
  expect(outcomes).toMatchObject([{ code: 'price_book_unreadable' }, { code: 'interface_unknown' }]);
});
