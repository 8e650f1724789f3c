/** A refusal of an unknown name names the nearest known one, wherever a command or a record names something. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServedApi, served, usage, withAccount } from '../support/api.ts';

let api: ServedApi;
beforeAll(async () => {
  api = await served();
  await withAccount(api);
});
afterAll(() => api.stop());

const TIERS = [{ above: 0, upTo: null, unitPrice: '1' }];
const ladder = { mode: 'volume', tierBy: 'post_paid', bounds: 'upper', per: 1, tiers: TIERS };

test.each([
  ['services', { product: 'face-recogniton' }, 'service_unknown', 'face-recognition'],
  ['packs', { pool: 'face-recognition/serch', size: 1 }, 'pool_unknown', 'face-recognition/search'],
  ['packs', { pool: 'face-recogniton/search', size: 1 }, 'pool_unknown', 'face-recognition/search'],
  ['contract-prices', { meter: 'ocr/id-crad', from: '2019-02', ladder }, 'meter_unknown', 'ocr/id-card'],
  ['contract-prices', { meter: 'constructor/calls', from: '2019-02', ladder }, 'meter_unknown', undefined],
  ['packs', { pool: 'constructor/calls', size: 1 }, 'pool_unknown', undefined],
  ['services', { product: 'constructor' }, 'service_unknown', undefined],
  ['services', { product: 'nothing-of-the-kind' }, 'service_unknown', undefined],
])('%s %j', async (path, body, code, nearest) => {
  for (const dry of ['', '?dryRun=true']) {
    const answer = await api.send('POST', `/accounts/acme/${path}${dry}`, body);
    expect([answer.body.code, answer.body.nearest]).toEqual([code, nearest]);
    if (nearest !== undefined) expect(answer.body.detail).toContain(`did you mean ${nearest}?`);
  }
});

test('a size that is not sold is refused with those that are', async () => {
  const { body } = await api.send('POST', '/accounts/acme/packs', {
    pool: 'face-recognition/search',
    size: 5,
  });
  expect([body.code, body.detail]).toEqual(['pack_not_sold', expect.stringContaining('50000000')]);
});

test.each(['cals', 'interfaces', 'submited', 'recognized'])('a record with %s', async (member) => {
  const data = { interface: 'face-recognition/compare', calls: 1, [member]: 1 };
  const { body } = await api.ok('POST', '/usage', usage('x', { data }));
  const [{ field, detail }] = body.results;
  expect([field, detail]).toEqual([`data.${member}`, expect.stringMatching(/; did you mean \w+\?$/)]);
});
