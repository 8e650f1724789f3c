/** Random lives of several accounts over HTTP, with open months, corrections, disputes, freezes, expiries and editions. */
import { expect } from 'vitest';
import { type Random, randomFrom } from '../../src/demo/random.ts';
import type { PriceBook } from '../../src/domain/price-book.ts';
import { syntheticShelf, type Traits } from '../oracle/books.ts';
import type { PublishedBook } from '../oracle/life.ts';
import { type ServedApi, served, usage } from '../support/api.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const OPENED = Date.parse('2019-01-01T00:00:00+08:00');
export const ACCOUNTS = ['one', 'two', 'three'] as const;
const PRODUCTS = ['alpha', 'beta', 'gamma'] as const;
const PACKS = [
  ['p', 7],
  ['p', 20],
  ['q', 7],
  ['q', 9],
] as const;
const METERS = ['m', 's', 'beta'] as const;
const INTERFACES = ['one', 'two', 'three', 'seen', 'solo', 'beta', 'other', 'new'] as const;
export const EVERY_INTERFACE = PRODUCTS.flatMap((product) => INTERFACES.map((name) => `${product}/${name}`));

/** A ledger whose accounts live; `met` counts what happened, refusals by their code. */
export interface Lives {
  readonly api: ServedApi;
  readonly random: Random;
  readonly met: Map<string, number>;
  /** What is reported of records, by account. */
  readonly records: Map<string, string[]>;
  /** What is published, and what will be. */
  readonly books: PriceBook[];
  readonly later: PublishedBook[];
  now: number;
  /** Posts; a refusal is no error, an error of the server is. */
  post(path: string, body: unknown): Promise<{ readonly status: number; readonly body: Json }>;
}

// biome-ignore lint/suspicious/noExplicitAny: what comes back is what is compared.
type Json = any;
const iso = (at: number): string => new Date(at).toISOString();

/** The month of an instant in the ledger's zone, and the one after a month. */
export const monthOf = (at: number): string => iso(at + 8 * HOUR).slice(0, 7);
export const after = (month: string): string => {
  const [year = 0, of = 0] = month.split('-').map(Number);
  return of === 12 ? `${year + 1}-01` : `${year}-${String(of + 1).padStart(2, '0')}`;
};
const startOf = (month: string): number => Date.parse(`${month}-01T00:00:00+08:00`);

/** A server on a test clock with the small books, and accounts that have activated what they use. */
export const begun = async (seed: number, met: Map<string, number>): Promise<Lives> => {
  const env = { SUANPAN_BOOKS: 'none', SUANPAN_CLOSE_AT: 'manual', SUANPAN_CLOCK: iso(OPENED) };
  const api = await served(env);
  const random = randomFrom(seed);
  const post: Lives['post'] = async (path, body) => {
    const answer = await api.send('POST', path, body);
    expect(answer.status, JSON.stringify([path, body, answer.body])).toBeLessThan(500);
    const what = path.split('/').at(-1) ?? '';
    const told = answer.status < 300 ? what : `${what} ${answer.body.code}`;
    met.set(told, (met.get(told) ?? 0) + 1);
    return answer;
  };
  const later = PRODUCTS.flatMap((product) => syntheticShelf(product, monthOf(OPENED), traitsOf(random)));
  const lives: Lives = { api, random, met, records: new Map(), books: [], later, now: OPENED, post };
  await published(lives);
  for (const account of ACCOUNTS) {
    lives.records.set(account, []);
    await api.ok('POST', '/accounts', { account, name: '' });
    for (const product of PRODUCTS) await api.ok('POST', `/accounts/${account}/services`, { product });
    await post(`/accounts/${account}/deposits`, {
      amount: random.pick(['40', '300', '2000']),
      reference: 'first',
    });
  }
  return lives;
};

const traitsOf = (random: Random): Traits => {
  const tierBy = random.pick<Traits['tierBy']>(['post_paid', 'post_paid_and_free', 'metered']);
  return {
    mode: random.pick(['volume', 'graduated']),
    tierBy,
    bounds: random.pick(['upper', 'lower']),
    per: random.pick([1, 1_000, 10_000]),
    grant: random.pick(['pack', 'voucher']),
    inFirstMonth: random.perMille(600),
    startsAbove: random.perMille(300),
    narrow: random.perMille(500),
    lastPriced: random.perMille(700),
    freeze: random.pick(['list', 'bill', 'none']),
    onFailure: random.pick(['suspend', 'notify']),
    graceDays: random.pick([0, 1, 20]),
    successor: random.pick(['none', 'changed', 'filled']),
  };
};

/** Publishes what its time has come for. */
const published = async ({ api, books, later, now, met }: Lives): Promise<void> => {
  for (const one of later.filter(({ at }) => Date.parse(at) <= now)) {
    const { product, edition } = one.book;
    await api.ok('PUT', `/price-books/${product}/${edition}`, one.book);
    if (books.some((book) => book.product === product)) met.set('edition', (met.get('edition') ?? 0) + 1);
    books.push(one.book);
    later.splice(later.indexOf(one), 1);
  }
};

/** Something happens, at an instant a little later. */
export const lived = async (lives: Lives): Promise<void> => {
  const { random, api } = lives;
  const last = await api.ok('GET', `/accounts/${ACCOUNTS[0]}/packs`);
  const expiry = Date.parse(last.body.items.at(-1)?.expiresAt ?? '');
  lives.now += random.pick([0, 1, HOUR, DAY, 3 * DAY, 9 * DAY]);
  if (random.perMille(15) && expiry > lives.now) lives.now = expiry + random.pick([0, HOUR]);
  await api.ok('PUT', '/clock', { now: iso(lives.now) });
  await published(lives);
  await step(lives, random.pick(ACCOUNTS));
};

const step = async (lives: Lives, account: string): Promise<void> => {
  const { random, post, api, records } = lives;
  const path = `/accounts/${account}`;
  const what = random.between(0, 99);
  if (what < 50) return report(lives, account);
  if (what < 58)
    return void (await post(`${path}/deposits`, {
      amount: random.pick(['0.01', '15.5', '200']),
      reference: `d${random.between(1, 30)}`,
    }));
  if (what < 67) {
    const [name, size] = random.pick<(typeof PACKS)[number]>(PACKS);
    const pool = `${random.pick(PRODUCTS)}/${name}`;
    return void (await post(`${path}/packs`, { pool, size, quantity: random.between(1, 2) }));
  }
  if (what < 75) {
    const held = records.get(account) ?? [];
    const id = held.at(-random.between(1, Math.min(12, held.length || 1)));
    const calls = random.pick([0, 1, random.between(0, 30)]);
    return void (await post(`${path}/corrections`, { source: '/gateway/1', id, calls, reason: 'x' }));
  }
  if (what < 79) {
    const { items } = (await api.ok('GET', `${path}/packs`)).body;
    const pack = items.at(-random.between(1, 3))?.pack;
    const of = random.perMille(500) && pack ? { pack } : {};
    const reference = `c${random.between(1, 30)}`;
    return void (await post(`${path}/credits`, { amount: '1.5', reference, reason: 'x', ...of }));
  }
  if (what < 82) return agree(lives, path);
  if (what < 85) {
    const held = await api.send('DELETE', `${path}/suspensions/prohibited`);
    expect(held.status).toBeLessThan(500);
    if (random.perMille(400)) await post(`${path}/suspensions`, { reason: 'prohibited', note: 'x' });
    return;
  }
  if (what < 90) return dispute(lives, account);
  await close(lives, account);
};

const agree = async ({ random, post }: Lives, path: string): Promise<void> => {
  const ladder = {
    mode: random.pick(['volume', 'graduated']),
    tierBy: random.pick(['post_paid', 'post_paid_and_free', 'metered']),
    bounds: random.pick(['upper', 'lower']),
    per: 1,
    tiers: [
      { above: 0, upTo: 10, unitPrice: random.pick(['0.2', '0.333']) },
      { above: 10, upTo: null, unitPrice: random.pick(['0.05', '1']) },
    ],
  };
  const until = random.perMille(500) ? { until: `2019-0${random.between(5, 9)}` } : {};
  const from = `2019-0${random.between(1, 4)}`;
  const meter = `${random.pick(PRODUCTS)}/${random.pick(METERS)}`;
  await post(`${path}/contract-prices`, { meter, from, ...until, ladder });
};

const report = async ({ random, now, records, post }: Lives, account: string): Promise<void> => {
  const held = records.get(account) ?? [];
  const batch = Array.from({ length: random.between(1, 5) }, () => {
    const again = held.at(-1);
    const id = again && random.perMille(60) ? again : `r${held.length}`;
    if (id !== again) held.push(id);
    const name = random.pick(INTERFACES);
    const begin = startOf(monthOf(now));
    const time = iso(random.pick([now, now, now - random.between(0, 45) * DAY, begin, begin - 1]));
    const calls = random.pick([1, 3, 5, 6, 10, 11, 20, 41]);
    const counts = name === 'seen' ? { submitted: calls + 2, recognised: calls } : { calls };
    return usage(id, {
      subject: account,
      time,
      data: { interface: `${random.pick(PRODUCTS)}/${name}`, ...counts },
    });
  });
  const { body } = await post('/usage', batch);
  expect(body.accepted + body.duplicates + body.conflicts + body.refused).toBe(batch.length);
};

const dispute = async ({ random, api, post, records }: Lives, account: string): Promise<void> => {
  const bill = (await api.ok('GET', `/accounts/${account}/bills`)).body.items.at(-1);
  if (!bill) return;
  const path = `/accounts/${account}/bills/${bill.month}/disputes`;
  const { dispute: id } = (await post(path, { reason: 'x' })).body;
  if (!id || random.perMille(200)) return;
  const held = records.get(account) ?? [];
  const record = held.at(-random.between(1, held.length || 1));
  const adjustment = random.perMille(500)
    ? { credit: { amount: '2.25', reference: `x${id}` } }
    : { corrections: [{ source: '/gateway/1', id: record, calls: random.between(0, 20) }] };
  const outcome = random.perMille(300) ? { outcome: 'upheld' } : { outcome: 'adjusted', ...adjustment };
  await post(`/disputes/${id}/resolution`, { note: 'x', ...outcome });
};

/** The month that closes next: the one after the last bill's. */
export const nextOf = async (api: ServedApi, account: string): Promise<string> => {
  const last = (await api.ok('GET', `/accounts/${account}/bills?limit=1000`)).body.items.at(-1);
  return last ? after(last.month) : monthOf(OPENED);
};

const close = async ({ api, post }: Lives, account: string): Promise<void> => {
  const month = await nextOf(api, account);
  await post(`/accounts/${account}/months/${month}/close`, undefined);
};
