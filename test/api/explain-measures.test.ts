/** Why this price, of a record with several quantities: its class, what met the condition, and packs with too little left. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chat } from '../domain/books.ts';
import { type ServedApi, served, usage, withAccount } from '../support/api.ts';

let api: ServedApi;
const at = (id: string, time: string, quantities: object, attributes?: object) =>
  usage(id, {
    time: `2019-01-${time}+08:00`,
    data: { interface: 'chat/complete', quantities, ...(attributes ? { attributes } : {}) },
  });

beforeAll(async () => {
  api = await served();
  await withAccount(api);
  await api.ok('PUT', '/price-books/chat/2019-01', { ...chat });
  await api.ok('POST', '/accounts/acme/services', { product: 'chat' });
  await api.ok('POST', '/accounts/acme/packs', { pool: 'chat/points', size: 1_000, quantity: 1 });
  await api.ok('PUT', '/clock', { now: '2019-01-20T00:00:00+08:00' });
  await api.ok('POST', '/usage', [
    at('long', '05T12:00:00', { input: 130_000 }),
    at('night', '12T06:00:00', { output: 1 }, { speed: 'slow' }),
    // 98 points of the allowance and 998 of the pack, which leaves two: less than a token out takes.
    at('standard', '06T12:00:00', { input: 1_096 }),
    at('heavy', '07T12:00:00', { output: 126 }),
  ]);
  const correction = {
    source: '/gateway/1',
    id: 'heavy',
    quantities: { output: 125 },
    reason: 'one too many',
  };
  await api.ok('POST', '/accounts/acme/corrections', correction);
  await api.ok('PUT', '/clock', { now: '2019-02-02T00:00:00+08:00' });
});
afterAll(() => api.stop());

describe('a bill of several quantities', () => {
  const records = async () =>
    (await api.ok('GET', '/accounts/acme/bills/2019-01/explain/records?limit=100')).body.items;

  test('says of each record which condition chose its class, and what met it', async () => {
    const why = Object.fromEntries(
      (await records()).flatMap(({ id, class: of }: { id: string; class?: { id: string; why: string } }) =>
        of ? [[id, `${of.id}: ${of.why}`]] : [],
      ),
    );
    expect(why).toEqual({
      long: 'long: context 130000 lies above 128000',
      night:
        'night: its time 06:00 on 2019-01-12 lies from 23:00 to 07:00 on fri (Asia/Shanghai); its speed is slow, one of slow, any',
      standard: 'standard: the record meets the condition of no other class (long, night)',
      heavy: 'standard: the record meets the condition of no other class (long, night)',
    });
  });

  test('shows a correction with the points that its units take', async () => {
    const corrected = (await records()).find(({ kind }: { kind: string }) => kind === 'correction');
    expect(corrected.parts).toEqual([
      expect.objectContaining({ measure: 'output', quantity: -1, meter: 'chat/output', weight: 4 }),
    ]);
  });

  test('says that what a pack has left is less than a unit takes', async () => {
    const { lines } = (await api.ok('GET', '/accounts/acme/bills/2019-01/explain')).body;
    const output = lines.find(({ meter }: { meter: string }) => meter === 'chat/output');
    expect(output).toMatchObject({ quantities: { metered: 126 } });
    expect(output.held).toMatchObject([
      { left: 2, paid: 0, reason: 'too_little_left', why: expect.stringContaining('a unit takes') },
    ]);
  });
});
