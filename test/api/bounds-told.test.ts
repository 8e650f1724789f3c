/** A refusal of what is too large tells how large it may be, and a count beyond any bound is too large, not malformed. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { activate, command, imported, open, usage as usageLine } from '../cli/imported-lines.ts';
import { type ServedApi, served, usage, withAccount } from '../support/api.ts';

let api: ServedApi;
beforeAll(async () => {
  api = await served();
  await withAccount(api);
  await api.ok('POST', '/usage', [usage('call-1', {}, 7)]);
});
afterAll(() => api.stop());

const TIER = { above: 0, upTo: null, unitPrice: '1' };
const ladder = (tier: object) => ({
  ...{ mode: 'volume', tierBy: 'post_paid', bounds: 'upper', per: 1 },
  tiers: [{ ...TIER, ...tier }],
});
const price = (tier: object) => ({
  meter: 'face-recognition/compare',
  from: '2019-01',
  ladder: ladder(tier),
});
const packs = { pool: 'face-recognition/compare', size: 1_000_000, quantity: 1 };
const correction = { source: '/gateway/1', id: 'call-1', reason: 'why' };

test.each([
  ['deposits', { amount: '1234567890123456', reference: 'r' }, 400, 'amount', '15 digits'],
  ['deposits', { amount: '9'.repeat(400), reference: 'r' }, 400, 'amount', '15 digits'],
  ['deposits', { amount: '1234567890123456.00', reference: 'r' }, 400, 'amount', '15 digits'],
  ['deposits', { amount: '1.234', reference: 'r' }, 400, 'amount', 'two places'],
  ['deposits', { amount: 5, reference: 'r' }, 400, 'amount', 'text'],
  ['deposits', { amount: '1', reference: 'r'.repeat(501) }, 400, 'reference', '500'],
  ['credits', { amount: '1234567890123456', reference: 'r', reason: 'w' }, 400, 'amount', '15 digits'],
  ['credits', { amount: '1', reference: 'r', reason: 'w'.repeat(501) }, 400, 'reason', '500'],
  ['packs', { ...packs, quantity: 1_001 }, 400, 'quantity', '1000'],
  ['packs', { ...packs, quantity: 1e20 }, 400, 'quantity', '1000'],
  ['packs', { ...packs, quantity: 1.5 }, 400, 'quantity', 'integer'],
  ['packs', { ...packs, size: 1e20 }, 404, 'size', '100000000000000000000'],
  ['contract-prices', price({ unitPrice: '1'.repeat(16) }), 400, 'ladder.tiers.0.unitPrice', '15 digits'],
  ['corrections', { ...correction, calls: 1e13 }, 422, 'calls', '1000000000000'],
  ['corrections', { ...correction, calls: 2 ** 53 }, 422, 'calls', '1000000000000'],
  ['corrections', { ...correction, calls: 1e20 }, 422, 'calls', '1000000000000'],
  ['corrections', { ...correction, calls: 1e308 }, 422, 'calls', '1000000000000'],
  ['corrections', { ...correction, calls: 1.5 }, 400, 'calls', 'integer'],
  ['corrections', { ...correction, calls: -1 }, 400, 'calls', '0'],
])('%s %j', async (path, body, status, field, bound) => {
  for (const dry of ['', '?dryRun=true']) {
    const answer = await api.send('POST', `/accounts/acme/${path}${dry}`, body);
    expect([answer.status, answer.body.code]).toEqual([
      status,
      { 400: 'invalid_request', 404: 'pack_not_sold', 422: 'quantity_too_large' }[status],
    ]);
    expect(answer.body.field === field || field in answer.body).toBe(true);
    expect(answer.body.detail).toContain(bound);
  }
});

test('corrections of a dispute and of a file likewise', async () => {
  await api.ok('PUT', '/clock', { now: '2019-02-01T05:00:00+08:00' });
  await api.ok('POST', '/accounts/acme/bills/2019-01/disputes', { reason: 'too much' });
  const corrections = [{ source: '/gateway/1', id: 'call-1', calls: 1e20 }];
  const adjusted = { outcome: 'adjusted', note: 'n', corrections };
  const { body } = await api.send('POST', '/disputes/acme:1/resolution', adjusted);
  expect([body.code, body.detail]).toEqual(['quantity_too_large', expect.stringContaining('1000000000000')]);
  const correct = (calls: string) =>
    command('correct-usage', `,"source":"/g","record":"u","calls":${calls},"reason":"w"`);
  const { result } = await imported([
    ...[open, activate, usageLine('u')],
    ...[correct('1e20'), correct('9007199254740992'), correct('1000000000001'), correct('1.5')],
    command('deposit', ',"amount":"1234567890123456","reference":"r"'),
  ]);
  expect(result.problems.toSorted((a, b) => a.line - b.line).map(({ code }) => code)).toEqual([
    ...[
      'quantity_too_large',
      'quantity_too_large',
      'quantity_too_large',
      'invalid_request',
      'invalid_request',
    ],
  ]);
});
