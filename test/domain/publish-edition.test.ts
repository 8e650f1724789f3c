/** Publishing an edition: sound, never changed, never for a month that has begun (rules.md, section 2). */
import { describe, expect, test } from 'vitest';
import type { PriceBook } from '../../src/domain/price-book.ts';
import { publishEdition } from '../../src/domain/publish.ts';
import type { Refusal, RefusalCode } from '../../src/domain/refusals.ts';
import { feb, jan, justBefore } from '../support/days.ts';
import { catalogueOf, edition, ladder, vision } from './books.ts';
import { CALENDAR } from './decider.ts';
import { SAID } from './reporting.ts';

/** An edition published at an instant, where these were before. */
const publish = (book: PriceBook, at: number, before: readonly PriceBook[] = [], digest?: string) => {
  const one = edition(book, digest);
  const decision = publishEdition(catalogueOf(...before), one, at, CALENDAR);
  return {
    thenPublished: () => expect(decision).toStrictEqual({ outcome: 'accepted', events: [one] }),
    thenNothing: () => expect(decision).toStrictEqual({ outcome: 'accepted', events: [] }),
    thenRefused: (code: RefusalCode, members: Refusal['members']) =>
      expect(decision).toMatchObject({
        outcome: 'refused',
        refusal: { code, members, detail: expect.stringMatching(SAID) },
      }),
  };
};
const february: PriceBook = {
  ...vision,
  edition: '2019-02',
  effectiveFrom: '2019-02',
  allowance: { ...vision.allowance, calls: 5 },
};
const [calls, texts, beta] = vision.meters;
if (!calls || !texts || !beta) throw new Error('vision has three meters');

test('a product’s first edition is published whenever: also for a month that has begun', () => {
  publish(vision, jan(1)).thenPublished();
  publish(vision, feb(20)).thenPublished();
});

test('the next one until its month begins, in the billing zone', () => {
  publish(february, justBefore(feb(1)), [vision]).thenPublished();
  publish(february, feb(1), [vision]).thenRefused('edition_too_late', {
    product: 'vision',
    month: '2019-02',
  });
});

test('the same again is no news, also when its month has begun', () => {
  publish(vision, feb(20), [vision]).thenNothing();
});

test('what is published never changes', () => {
  publish(vision, jan(1), [vision], 'of other content').thenRefused('edition_published', {
    product: 'vision',
    edition: '2019-01',
  });
});

describe('in a month that has begun only prices that were null can be filled in', () => {
  const later = (meters: PriceBook['meters'], more: Partial<PriceBook> = {}) =>
    publish({ ...vision, edition: '2019-01-b', meters, ...more }, jan(20), [vision]);
  const tooLate = ['edition_too_late', { product: 'vision', month: '2019-01' }] as const;
  const filled = { ...calls, ladder: ladder([100, 1_000], ['0.5', '0.3', '0.2']) };

  test('one of them or all', () => {
    later([filled, texts, beta]).thenPublished();
    later([filled, texts, { ...beta, ladder: ladder([], ['0.4']) }]).thenPublished();
  });

  test('with another source and notes', () => {
    const notes = [{ zh: 'x', en: 'x' }];
    later([filled, texts, beta], { source: 'another page', notes }).thenPublished();
  });

  test('but no price that there was', () => {
    later([{ ...calls, ladder: ladder([100, 1_000], ['0.4', '0.3', '0.2']) }, texts, beta]).thenRefused(
      ...tooLate,
    );
    later([{ ...calls, ladder: ladder([100, 1_000], [null, '0.3', null]) }, texts, beta]).thenRefused(
      ...tooLate,
    );
  });

  test('and nothing else', () => {
    later([filled, texts, beta], { allowance: { ...vision.allowance, calls: 11 } }).thenRefused(...tooLate);
    later([{ ...calls, ladder: ladder([101, 1_000], ['0.5', '0.3', '0.2']) }, texts, beta]).thenRefused(
      ...tooLate,
    );
  });

  test('so it has the meters and tiers that there were, no more and no fewer', () => {
    const more = { ...beta, id: 'vision/more' };
    later([filled, texts, beta, more]).thenRefused(...tooLate);
    later([
      { ...calls, ladder: ladder([100, 1_000, 5_000], ['0.5', '0.3', '0.2', '0.1']) },
      texts,
      beta,
    ]).thenRefused(...tooLate);
    later([{ ...calls, ladder: ladder([100], ['0.5', '0.3']) }, texts, beta]).thenRefused(...tooLate);
  });

  test('nor may one begin before the product’s first', () => {
    publish({ ...vision, edition: '2018-12', effectiveFrom: '2018-12' }, jan(20), [vision]).thenRefused(
      'edition_too_late',
      { product: 'vision', month: '2018-12' },
    );
  });
});

describe('a book must be sound', () => {
  const [tag, ...interfaces] = vision.interfaces;
  const [tags, ...pools] = vision.pools;
  if (!tag || !tags) throw new Error('vision has interfaces and pools');
  const tiers = (...parts: readonly (readonly [above: number, upTo: number | null])[]) => ({
    ...calls,
    ladder: {
      ...calls.ladder,
      tiers: parts.map(([above, upTo]) => ({ above, upTo, unitPrice: '0.1' })),
    },
  });

  test.each<[string, Partial<PriceBook>, string]>([
    ['a gap', { meters: [tiers([0, 5], [6, null]), texts, beta] }, 'meters.0.ladder.tiers.1'],
    ['an overlap', { meters: [tiers([0, 5], [4, null]), texts, beta] }, 'meters.0.ladder.tiers.1'],
    ['bounds that fall', { meters: [tiers([0, 0], [0, null]), texts, beta] }, 'meters.0.ladder.tiers.0'],
    ['an end', { meters: [tiers([0, 5]), texts, beta] }, 'meters.0.ladder.tiers.0'],
    ['a start that nothing covers', { meters: [tiers([1, null]), texts, beta] }, 'meters.0.ladder.tiers.0'],
    ['a meter that is not there', { meters: [texts, beta] }, 'pools.0.meter'],
    [
      'a pool that is not there',
      { interfaces: [{ ...tag, pool: 'vision/x' }, ...interfaces] },
      'interfaces.0.pool',
    ],
    [
      'a pool that lies in another meter',
      { interfaces: [{ ...tag, meter: 'vision/texts' }, ...interfaces] },
      'interfaces.0.meter',
    ],
    ['a pool without an interface', { pools: [tags, ...pools, { ...tags, id: 'vision/x' }] }, 'pools.3'],
    ['an id twice', { interfaces: [tag, tag, ...interfaces] }, 'interfaces.1'],
    ['a foreign id', { interfaces: [{ ...tag, id: 'speech/tag' }, ...interfaces] }, 'interfaces.0.id'],
    [
      'a size twice',
      { pools: [{ ...tags, packs: [...tags.packs, { size: 100, price: '1' }] }, ...pools] },
      'pools.0.packs.2',
    ],
    [
      'a pack of half a fen',
      { pools: [{ ...tags, packs: [{ size: 1, price: '0.005' }] }, ...pools] },
      'pools.0.packs.0.price',
    ],
    ['a month that nobody means', { effectiveFrom: '1999-12' }, 'effectiveFrom'],
    ['a name that cannot be shown', { name: { zh: 'x', en: 'a\u202eb' } }, 'name.en'],
    [
      'a freeze of eleven times the bill',
      { freeze: { rate: '11', of: 'list', onFailure: 'notify' } },
      'freeze.rate',
    ],
  ])('not with %s', (_, more, field) => {
    publish({ ...vision, ...more }, jan(1)).thenRefused('book_malformed', { field });
  });
});
