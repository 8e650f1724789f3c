/** Counts and sums have bounds, checked record by record before anything is written, in every way in. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { replayStream } from '../../src/audit/replay/replay.ts';
import { decodeEvent } from '../../src/codec/event-codec.ts';
import { openViews } from '../../src/derived/views.ts';
import { hasPackRoom, RECORD_CALLS_MAX, SUM_MAX } from '../../src/domain/bounds.ts';
import type { PriceBook, PriceBookFile } from '../../src/domain/price-book.ts';
import type { RecordOutcome } from '../../src/domain/usage.ts';
import { importLines } from '../../src/import/import.ts';
import { commandSchemas } from '../../src/input/commands.ts';
import { instantFromText } from '../../src/input/instant-text.ts';
import { catchUp } from '../../src/ledger/following/follow.ts';
import { shippedPriceBooks } from '../../src/ledger/system/shipped-price-books.ts';
import { wide } from '../../src/projections/wide-count.ts';
import { type ServedApi, served, usage } from '../support/api.ts';
import { countedIn } from '../support/counted-interface.ts';
import { type Given, givenLedger, instant } from '../support/given.ts';

const AT = '2020-03-10T08:00:00+08:00';
/** Without their examples, which changed packs would contradict. */
const books = shippedPriceBooks().map(({ examples: _, ...book }) => book);

/** One interface of every kind there is in the shipped books: charged how, and counting what. */
const kinds = [
  ...new Map(
    books.flatMap((book) =>
      countedIn(book).map((one) => [
        `${one.counts}, ${one.pool ? 'a pool' : 'no pool'}, ${one.meter ? 'a meter' : 'no meter'}, ${book.allowance.grant}`,
        { product: book.product, id: one.id, counts: one.counts },
      ]),
    ),
  ),
];

let named = 0;
const records = (id: string, counts: string, calls: readonly number[], time = AT) =>
  calls.map((n) => ({
    source: '/gateway/1',
    id: `record-${named++}`,
    interface: id,
    time: instant(time),
    calls: n,
    submitted: counts === 'recognised' ? n : null,
  }));

const codes = (outcomes: readonly RecordOutcome[] | null) =>
  outcomes?.map((one) => (one.outcome === 'refused' ? one.code : one.outcome));

const FULL = Math.floor(SUM_MAX / RECORD_CALLS_MAX);
const REST = SUM_MAX - FULL * RECORD_CALLS_MAX;

/** A month of an account filled to the last call that it can hold, in batches. */
const filled = async (given: Given, id: string, counts: string): Promise<void> => {
  for (let done = 0; done < FULL; done += 3_000) {
    const some = new Array(Math.min(3_000, FULL - done)).fill(RECORD_CALLS_MAX);
    const outcomes = await given.ledger.meter('acme', records(id, counts, some), instant(AT));
    expect(new Set(codes(outcomes))).toEqual(new Set(['accepted']));
  }
  const last = records(id, counts, [REST + 1, REST, 1]);
  expect(codes(await given.ledger.meter('acme', last, instant(AT)))).toEqual([
    'quantity_too_large',
    'accepted',
    'quantity_too_large',
  ]);
};

/** Everything that was written can be read: as facts, as views, and decided again. */
const readsBack = async ({ ledger: { store, calendar, catalogue } }: Given): Promise<void> => {
  const page = await store.readAll({ after: null, limit: 10_000, records: false });
  for (const event of page) if (event.stream.startsWith('account-')) decodeEvent(event);
  const views = openViews(':memory:');
  await catchUp(store, views);
  views.close();
  for await (const { match, differences } of replayStream(
    { store, calendar, catalogue: catalogue() },
    'account-acme',
  ))
    expect([match, differences]).toEqual([true, []]);
};

describe.each(kinds)('usage of an interface with %s', (_, { product, id, counts }) => {
  test('is refused record by record beyond what a record and a month may hold', async () => {
    const given = await givenLedger([product], { opened: '2020-01-01T00:00:00+08:00' });
    const { meter } = given.ledger;
    const sizes = [RECORD_CALLS_MAX + 1, 1, Number.MAX_SAFE_INTEGER, 2 ** 53, 1e300, RECORD_CALLS_MAX];
    const first = records(id, counts, sizes);
    expect(codes(await meter('acme', first, instant(AT)))).toEqual([
      'quantity_too_large',
      'accepted',
      'quantity_too_large',
      'quantity_too_large',
      'quantity_too_large',
      'accepted',
    ]);
    const corrects = (record: string, calls: number) =>
      given.refused(AT, 'correct-usage', { source: '/gateway/1', record, calls, reason: 'a test' });
    expect(await corrects(first[1]?.id ?? '', 0)).toBe('done');
    expect(await corrects(first[5]?.id ?? '', 0)).toBe('done');
    await filled(given, id, counts);
    if (counts === 'calls') {
      expect(await corrects(first[1]?.id ?? '', RECORD_CALLS_MAX + 1)).toBe('quantity_too_large');
      expect(await corrects(first[1]?.id ?? '', 1)).toBe('quantity_too_large');
    } else expect(await corrects(first[5]?.id ?? '', 1)).toBe('quantity_too_large');
    // Another month has room of its own.
    const april = '2020-03-01T08:00:00+08:00';
    const february = records(id, counts, [RECORD_CALLS_MAX], '2020-02-10T08:00:00+08:00');
    expect(codes(await meter('acme', february, instant(april)))).toEqual(['accepted']);
    await readsBack(given);
  });
});

test('a closed month keeps its bound, also for calls that nobody is charged for', async () => {
  const given = await givenLedger(['face-recognition'], { opened: '2020-03-01T00:00:00+08:00' });
  const [uncharged] = kinds.filter(([kind]) => kind.includes('no meter')).map(([, one]) => one);
  const id = uncharged?.product === 'face-recognition' ? uncharged.id : unchargedOf('face-recognition');
  await filled(given, id, 'calls');
  await given.closes('2020-03', '2020-04-01T04:00:00+08:00');
  const late = records(id, 'calls', [1]);
  const at = instant('2020-04-02T00:00:00+08:00');
  expect(codes(await given.ledger.meter('acme', late, at))).toEqual(['quantity_too_large']);
  const charged = records('face-recognition/compare', 'calls', [1]);
  expect(codes(await given.ledger.meter('acme', charged, at))).toEqual(['quantity_too_large']);
  await readsBack(given);
});

const unchargedOf = (product: string): string =>
  books
    .filter((book) => book.product === product)
    .flatMap(countedIn)
    .find(({ meter }) => meter === null)?.id ?? '';

test('packs that would hold more calls together than a number holds are not sold', async () => {
  const given = await givenLedger(['face-recognition'], { books: [withPackOf(RECORD_CALLS_MAX)] });
  await given.has('2019-01-02T00:00:00+08:00', 'deposit', { amount: '100000', reference: 'r' });
  const on = (month: number, day: string) => `2019-${String(month).padStart(2, '0')}-${day}T00:00:00+08:00`;
  const buys = (quantity: number, month = 9, day = '03') =>
    given.refused(on(month, day), 'buy-packs', {
      pool: 'face-recognition/compare',
      size: RECORD_CALLS_MAX,
      quantity,
    });
  // One purchase a month: more would not fit in its close, which is another bound (close-fits.test.ts).
  for (let month = 1; month <= 9; month++) {
    expect(await buys(1_000, month)).toBe('done');
    if (month < 9)
      await given.has(on(month + 1, '02'), 'close-month', { month: on(month, '02').slice(0, 7) });
  }
  expect(await buys(8)).toBe('quantity_too_large');
  expect(await buys(7)).toBe('done');
  expect(await buys(1)).toBe('quantity_too_large');
  await readsBack(given);
  // Packs that have expired count no more.
  const account = await given.account();
  expect(hasPackRoom(account, instant('2020-10-03T00:00:00+08:00'), RECORD_CALLS_MAX, 1)).toBe(true);
});

const withPackOf = (size: number): PriceBook => {
  const file = new URL('../../price-books/face-recognition-2019-01.json', import.meta.url);
  const { examples: _, ...book } = JSON.parse(readFileSync(file, 'utf8')) as PriceBookFile;
  const packs = [{ size, price: '1' }];
  return {
    ...book,
    pools: book.pools.map((pool) => (pool.id === 'face-recognition/compare' ? { ...pool, packs } : pool)),
  };
};

test('a balance has at most eighteen digits before the point', async () => {
  const given = await givenLedger();
  const most = '999999999999999.99';
  const at = '2019-01-02T00:00:00+08:00';
  for (let n = 0; n < 1_000; n++) await given.has(at, 'deposit', { amount: most, reference: `r${n}` });
  const more = { amount: most, reference: 'more' };
  expect(await given.refused(at, 'deposit', more)).toBe('quantity_too_large');
  expect(await given.refused(at, 'credit', { ...more, reason: 'a test' })).toBe('quantity_too_large');
  expect((await given.account()).total).toBe('999999999999999990.00');
  expect(await given.refused(at, 'deposit', { amount: '9.99', reference: 'last' })).toBe('done');
});

test('an import refuses what is too large, and goes on', async () => {
  const given = await givenLedger(['face-recognition']);
  const event = (id: string, calls: number) =>
    JSON.stringify({
      ...{ specversion: '1.0', type: 'suanpan.usage', source: '/g', id, subject: 'acme' },
      ...{ time: '2019-01-05T00:00:00+08:00', data: { interface: 'face-recognition/compare', calls } },
    });
  const lines = [event('a', RECORD_CALLS_MAX + 1), event('b', 1), event('c', RECORD_CALLS_MAX)];
  const result = await importLines(
    given.ledger,
    (async function* () {
      yield new TextEncoder().encode(lines.join('\n'));
    })(),
    { stopOnError: false, problemsMax: 10, onProgress: () => undefined },
  );
  expect([result.usage.accepted, result.usage.refused]).toEqual([2, 1]);
  expect(result.problems.map(({ code }) => code)).toEqual(['quantity_too_large']);
});

test('sums over all accounts stay exact beyond what a number holds', () => {
  expect(wide(SUM_MAX, 0)).toBe(SUM_MAX);
  expect(wide(SUM_MAX, 1)).toBe('9007199254740992');
  expect(wide('9007199254740992', 1)).toBe('9007199254740993');
  expect(wide('9007199254740992', -1)).toBe(SUM_MAX);
});

test('an instant and a month have four digits, and so has what follows from them', () => {
  for (const text of [
    '0000-01-01T00:00:00+08:00',
    '0001-01-01T00:00:00+08:00',
    '9990-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
  ])
    expect(instantFromText(text), text).toBeNull();
  for (const text of ['0002-01-01T00:00:00+08:00', '9989-12-31T23:59:59Z'])
    expect(instantFromText(text), text).not.toBeNull();
  for (const month of ['0000-01', '9990-01', '9999-12'])
    expect(commandSchemas['close-month'].safeParse({ month }).success, month).toBe(false);
});

describe('over HTTP', () => {
  let api: ServedApi;
  beforeAll(async () => {
    api = await served();
    await api.ok('POST', '/accounts', { account: 'acme', name: '' });
    await api.ok('POST', '/accounts', { account: 'other', name: '' });
    for (const account of ['acme', 'other'])
      await api.ok('POST', `/accounts/${account}/services`, { product: 'face-recognition' });
  });
  afterAll(() => api.stop());

  test('a request that reports too much stops no view of any account', async () => {
    const { body } = await api.ok('POST', '/usage', [
      usage('big', {}, 9_007_199_254_740_991),
      usage('one', {}, 1),
    ]);
    expect(body).toMatchObject({ accepted: 1, refused: 1 });
    expect(body.results[0]).toMatchObject({ index: 0, outcome: 'refused', code: 'quantity_too_large' });
    for (const account of ['acme', 'other']) {
      await api.ok('GET', `/accounts/${account}/usage?month=2019-01`);
      await api.ok('GET', `/accounts/${account}/estimate`);
    }
    const log = (await api.ok('GET', '/accounts/acme/refused-usage')).body.items;
    expect(log.map(({ code }: { code: string }) => code)).toContain('quantity_too_large');
  });

  test('a correction upwards is refused by name', async () => {
    const body = { source: '/gateway/1', id: 'one', calls: RECORD_CALLS_MAX + 1, reason: 'a test' };
    const { status, body: problem } = await api.send('POST', '/accounts/acme/corrections', body);
    expect([status, problem.code, problem.field]).toEqual([422, 'quantity_too_large', 'calls']);
  });
});
