/** Views are parsed on reading: a row that no projection has set is a damaged file, by name, and never shown. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { viewAt, viewsUnder } from '../../src/derived/view-rows.ts';
import { openViews } from '../../src/derived/views.ts';
import { bills } from '../../src/projections/bills.ts';
import { served, withAccount } from '../support/api.ts';
import { temporaryFolder } from '../support/folder.ts';

const BILL = {
  account: 'acme',
  month: '2019-01',
  revision: 3,
  digest: 'd',
  due: '1.00',
  total: '1.00',
  issuedAt: 'i',
  corrects: [],
};

test('what a projection set is read as it was set; anything else is named with its place', () => {
  const views = openViews(':memory:');
  const rows = { 'acme/2019-01': BILL, 'acme/2019-02': { ...BILL, due: 1 }, 'acme/2019-03': null };
  views.save(bills, new Map(Object.entries(rows)), '1');
  expect(viewAt(views, bills, 'acme/2019-01')).toEqual(BILL);
  expect(viewAt(views, bills, 'acme/2019-09')).toBeUndefined();
  expect(viewsUnder(views, bills, 'acme/', null, 1)).toEqual([{ key: 'acme/2019-01', value: BILL }]);
  expect(() => viewAt(views, bills, 'acme/2019-02')).toThrow(
    'the view bills cannot be read at acme/2019-02 (due:',
  );
  expect(() => viewsUnder(views, bills, 'acme/', 'acme/2019-02', 9)).toThrow('at acme/2019-03');
  views.close();
});

test('members come in the order in which they were set: what is set from them is the same text', () => {
  const views = openViews(':memory:');
  const turned = Object.fromEntries(Object.entries(BILL).toReversed());
  views.save(bills, new Map([['acme/2019-01', turned]]), '1');
  expect(JSON.stringify(viewAt(views, bills, 'acme/2019-01'))).toBe(JSON.stringify(turned));
  views.close();
});

test.each([
  ['not JSON', '{'],
  ['of another shape', '{"kind":5}'],
])('over HTTP a row that is %s is a named problem, and other views go on', async (_, value) => {
  const file = join(temporaryFolder(), 'ledger.db');
  const api = await served({ SUANPAN_STORE: `sqlite:${file}` });
  try {
    await withAccount(api);
    await api.ok('GET', '/accounts/acme/notices');
    const db = new DatabaseSync(`${file}.views`);
    db.prepare('INSERT INTO views(projection, key, value) VALUES (?, ?, ?)').run('notices', 'acme/1', value);
    db.close();
    const { status, body } = await api.send('GET', '/accounts/acme/notices');
    expect([status, body.code]).toEqual([503, 'store_damaged']);
    expect(body.detail).toContain('the view notices cannot be read at acme/1');
    await api.ok('GET', '/accounts/acme/bills');
  } finally {
    await api.stop();
  }
});
