/** The price books of the decider's specifications: small, with round numbers that a reader can multiply. */
import { type Catalogue, catalogueFrom, type Edition } from '../../src/domain/catalogue.ts';
import type { Ladder, PriceBook } from '../../src/domain/price-book.ts';

const named = (id: string) => ({ id, name: { zh: id, en: id } });

/** One tier for each price, up to each of the bounds; the last is open. */
export const ladder = (
  bounds: readonly number[],
  prices: readonly (string | null)[],
  more: Partial<Ladder> & { readonly from?: number } = {},
): Ladder => {
  const { from = 0, ...rest } = more;
  const tiers = prices.map((unitPrice, i) => ({
    above: bounds[i - 1] ?? from,
    upTo: bounds[i] ?? null,
    unitPrice,
  }));
  return { mode: 'volume', tierBy: 'post_paid', bounds: 'upper', per: 1, tiers, ...rest };
};

/**
 * Ten free calls a month in each pool. Tags and faces share the meter: up to 100 at 0.5, up to 1,000 at 0.3, above that by
 * agreement. A freeze of 120 % of the list, whose failure suspends; arrears suspend at once; notices of low packs are raised at once.
 */
export const vision: PriceBook = {
  product: 'vision',
  edition: '2019-01',
  effectiveFrom: '2019-01',
  name: { zh: 'vision', en: 'vision' },
  source: 'specification',
  interfaces: [
    { ...named('vision/tag'), pool: 'vision/tags', meter: 'vision/calls', counts: 'calls' },
    { ...named('vision/tag-large'), pool: 'vision/tags', meter: 'vision/calls', counts: 'calls' },
    { ...named('vision/face'), pool: 'vision/faces', meter: 'vision/calls', counts: 'calls' },
    { ...named('vision/text'), pool: 'vision/texts', meter: 'vision/texts', counts: 'recognised' },
    { ...named('vision/beta'), pool: null, meter: 'vision/beta', counts: 'calls' },
    { ...named('vision/list'), pool: null, meter: null, counts: 'calls' },
  ],
  pools: [
    {
      ...named('vision/tags'),
      meter: 'vision/calls',
      packs: [
        { size: 100, price: '8' },
        { size: 1_000, price: '70.00' },
      ],
    },
    { ...named('vision/faces'), meter: 'vision/calls', packs: [{ size: 100, price: '9.00' }] },
    { ...named('vision/texts'), meter: 'vision/texts', packs: [] },
  ],
  meters: [
    { ...named('vision/calls'), ladder: ladder([100, 1_000], ['0.5', '0.3', null]) },
    { ...named('vision/texts'), ladder: ladder([], ['0.07']) },
    { ...named('vision/beta'), freeUntil: '2019-03', ladder: ladder([], [null]) },
  ],
  allowance: { calls: 10, grant: 'pack', inFirstMonth: true },
  freeze: { rate: '1.2', of: 'list', onFailure: 'suspend' },
  arrears: { graceDays: 0 },
  notices: { low: { below: '0.15', of: 'pool' }, channels: ['in_app', 'email', 'sms'] },
};

/**
 * None free in the month of activation; free calls are a voucher at the tier's price. A freeze of the bill, whose failure
 * is only told; three days of grace; of the last pack it is told on the hour.
 */
export const speech: PriceBook = {
  product: 'speech',
  edition: '2019-01',
  effectiveFrom: '2019-01',
  name: { zh: 'speech', en: 'speech' },
  source: 'specification',
  interfaces: [{ ...named('speech/short'), pool: 'speech/short', meter: 'speech/short', counts: 'calls' }],
  pools: [{ ...named('speech/short'), meter: 'speech/short', packs: [{ size: 100, price: '5.00' }] }],
  meters: [
    {
      ...named('speech/short'),
      ladder: ladder([50], ['0.2', '0.1'], { tierBy: 'post_paid_and_free', from: 10 }),
    },
  ],
  allowance: { calls: 10, grant: 'voucher', inFirstMonth: false },
  freeze: { rate: '1', of: 'bill', onFailure: 'notify' },
  arrears: { graceDays: 3 },
  notices: {
    low: { below: '0.20', of: 'last_pack' },
    channels: ['in_app', 'wechat'],
    onTheHour: { from: '10:00', to: '22:00' },
  },
};

/** An edition; its digest is only compared with others, so a text that tells editions apart will do. */
export const edition = (book: PriceBook, digest = `${book.product} ${book.edition}`): Edition => ({
  book,
  digest,
});

/** A catalogue of books in the order of publishing. */
export const catalogueOf = (...books: readonly (PriceBook | Edition)[]): Catalogue =>
  catalogueFrom(books.map((one) => ('digest' in one ? one : edition(one))));

const inBoth = (en: string) => ({ zh: en, en });
const price = (id: string, unitPrice: string) => ({
  id,
  name: inBoth(id),
  ladder: ladder([], [unitPrice], { per: 1_000_000 }),
});

/**
 * Tokens in, from a cache and out of one call: priced by the length of what goes in, and by the hour; one pool of points
 * for all, of which a token out takes four.
 */
export const chat: PriceBook = {
  product: 'chat',
  edition: '2019-01',
  effectiveFrom: '2019-01',
  name: inBoth('Chat'),
  source: '',
  interfaces: [
    {
      id: 'chat/complete',
      name: inBoth('Complete'),
      measures: ['input', 'cache_read', 'output'].map((id) => ({
        id,
        name: inBoth(id),
        unit: inBoth('token'),
      })),
      totals: [{ id: 'context', of: ['input', 'cache_read'] }],
      charges: [
        {
          id: 'long',
          name: inBoth('Long context'),
          when: { quantities: [{ of: 'context', above: 128_000, upTo: null }] },
          to: {
            input: { pool: null, meter: 'chat/long-input' },
            cache_read: { pool: null, meter: 'chat/long-input' },
            output: { pool: null, meter: 'chat/long-output' },
          },
        },
        {
          id: 'night',
          name: inBoth('Night'),
          when: {
            time: { days: ['fri'], from: '23:00', to: '07:00' },
            attributes: { speed: ['slow', 'any'] },
          },
          to: {
            input: { pool: null, meter: null },
            cache_read: { pool: null, meter: null },
            output: { pool: 'chat/points', meter: 'chat/output', weight: 2 },
          },
        },
        {
          id: 'standard',
          name: inBoth('Standard'),
          to: {
            input: { pool: 'chat/points', meter: 'chat/input' },
            cache_read: { pool: 'chat/points', meter: 'chat/input' },
            output: { pool: 'chat/points', meter: 'chat/output', weight: 4 },
          },
        },
      ],
    },
  ],
  pools: [{ id: 'chat/points', name: inBoth('Points'), packs: [{ size: 1_000, price: '1.00' }] }],
  meters: [
    price('chat/input', '2'),
    price('chat/output', '8'),
    price('chat/long-input', '4'),
    price('chat/long-output', '16'),
  ],
  allowance: { calls: 100, grant: 'pack', inFirstMonth: true },
  freeze: null,
  arrears: { graceDays: 0 },
  notices: null,
};
