/** The dry run of closing a month for all accounts predicts the result of the close. */
import { expect, test } from 'vitest';
import { closePreview } from '../../src/operation/close-preview.ts';
import { served, usage, withAccount } from '../support/api.ts';

test('outcomes by account and what would be charged, in sum', async () => {
  const api = await served({ SUANPAN_CLOSE_AT: 'manual' });
  try {
    for (const account of ['one', 'two', 'done', 'waits']) {
      await withAccount(api, account);
      await api.ok('POST', '/usage', usage('1', { subject: account }, 110_000));
    }
    const search = { interface: 'face-recognition/detect', calls: 900_000_000_000 };
    await api.ok('POST', '/usage', usage('2', { subject: 'waits', data: search }));
    const unpriced = [{ above: 0, upTo: null, unitPrice: null }];
    const ladder = { mode: 'volume', tierBy: 'post_paid', bounds: 'upper', per: 1, tiers: unpriced };
    await api.ok('POST', '/accounts/waits/contract-prices', {
      meter: 'face-recognition/detect',
      from: '2019-01',
      ladder,
    });
    await api.ok('PUT', '/clock', { now: '2019-02-02T00:00:00+08:00' });
    await api.ok('POST', '/accounts', { account: 'later', name: 'opened after the month' });
    await api.ok('POST', '/accounts/done/months/2019-01/close');
    const tried = await api.ok('POST', '/months/2019-01/close?dryRun=true');
    const { preview, job } = tried.body;
    expect([tried.status, job, tried.headers.get('dry-run')]).toEqual([202, 'dry-run', 'true']);
    expect(preview).toMatchObject({ closed: 2, closedBefore: 1, refused: 1, isWhole: true });
    expect(preview.refusedByCode).toEqual({ price_not_agreed: 1 });
    expect(preview.refusals).toMatchObject([{ account: 'waits', code: 'price_not_agreed' }]);
    expect((await api.send('GET', '/accounts/one/bills/2019-01')).status).toBe(404);

    const started = (await api.ok('POST', '/months/2019-01/close')).body;
    await api.running.api.jobs.idle();
    const done = (await api.ok('GET', `/jobs/${started.job}`)).body;
    expect(done.refused.length).toBe(preview.refused);
    const bills = await Promise.all(
      ['one', 'two'].map(async (account) => (await api.ok('GET', `/accounts/${account}/bills/2019-01`)).body),
    );
    const sum = (of: 'due' | 'total') =>
      (bills.reduce((cents, bill) => cents + Math.round(Number(bill[of]) * 100), 0) / 100).toFixed(2);
    expect([preview.due, preview.total]).toEqual([sum('due'), sum('total')]);
    expect(Number(preview.due)).toBeGreaterThan(0);

    const { ledger, clock } = api.running.api;
    expect(await closePreview(ledger, '2019-01', clock.now(), 2)).toMatchObject({ isWhole: false });
  } finally {
    await api.stop();
  }
});
