/** Bills and usage as CSV, from the command line and over HTTP. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sum } from '../../src/domain/money.ts';
import { billsOf } from '../../src/exports/account-events.ts';
import { BILL_COLUMNS, billRows } from '../../src/exports/bills-csv.ts';
import { csvFile } from '../../src/exports/csv.ts';
import { EVERYTHING, PeriodMalformed, periodOf } from '../../src/exports/period.ts';
import { DAY_COLUMNS, RECORD_COLUMNS, usageByDay, usageByRecord } from '../../src/exports/usage-csv.ts';
import { accountIds } from '../../src/ledger/queries/accounts.ts';
import { type ServedApi, served, usage, withAccount } from '../support/api.ts';
import { ACCOUNT, type Given, givenLedger } from '../support/given.ts';
import { parsedCsv, recordsOf, whole } from './parsed-csv.ts';

const IFACE = 'face-recognition/compare';
const lived = async (): Promise<Given> => {
  const given = await givenLedger(['face-recognition']);
  await given.has('2019-01-01T00:00:00+08:00', 'deposit', { amount: '9000', reference: 'w' });
  await given.has('2019-01-02T00:00:00+08:00', 'buy-packs', { pool: IFACE, size: 1_000_000, quantity: 1 });
  await given.meters('2019-01-31T23:59:59+08:00', IFACE, 1_020_000, { id: '=1+1' });
  await given.meters('2019-01-05T00:00:00+08:00', 'face-recognition/person-management-other', 7);
  await given.has('2019-01-31T23:59:59+08:00', 'credit', { amount: '1', reference: 'c', reason: '@sorry' });
  await given.closes('2019-01', '2019-02-01T04:00:00+08:00');
  await given.has('2019-02-02T00:00:00+08:00', 'correct-usage', {
    source: '/gateway/1',
    record: '=1+1',
    calls: 1_015_000,
    reason: 'less',
  });
  await given.meters('2019-02-02T00:00:00+08:00', IFACE, 3, { id: 'february' });
  await given.closes('2019-02', '2019-03-01T04:00:00+08:00');
  return given;
};
const asked = (given: Given, period = EVERYTHING) => ({
  store: given.ledger.store,
  calendar: given.ledger.calendar,
  catalogue: given.ledger.catalogue(),
  period,
});

describe('bills', () => {
  test('have a row a line, a pack, a correction and a credit, with their digest, oldest first', async () => {
    const given = await lived();
    const { store, calendar } = given.ledger;
    const bills = [];
    for await (const bill of billsOf(store, calendar, ACCOUNT, EVERYTHING)) bills.push(bill);
    expect(bills.map(({ month }) => month)).toEqual(['2019-01', '2019-02']);
    const rows = recordsOf(
      await whole(
        csvFile(
          BILL_COLUMNS,
          bills.flatMap((bill) => [...billRows(bill, calendar)]),
        ),
      ),
    );
    expect(rows.map(({ month, kind, amount, of_month }) => [month, kind, amount, of_month])).toEqual([
      ['2019-01', 'line', '32.00', ''],
      ['2019-01', 'pack', '3100.00', ''],
      ['2019-01', 'credit', '1.00', ''],
      ['2019-02', 'line', '0.00', ''],
      ['2019-02', 'correction', '-16.00', '2019-01'],
    ]);
    expect(rows[2]).toMatchObject({ counts_in: 'paid', text: "'@sorry" });
    for (const bill of bills) {
      const own = rows.filter((row) => row['digest'] === bill.digest && row['counts_in'] !== 'paid');
      expect(sum(own.map(({ amount }) => amount ?? ''))).toBe(bill.total);
    }
    const one = billsOf(store, calendar, ACCOUNT, periodOf(calendar, { month: '2019-02' }));
    expect((await one.next()).value?.month).toBe('2019-02');
    expect((await one.next()).done).toBe(true);
    expect((await accountIds(store).next()).value).toBe(ACCOUNT);
  });
});

describe('usage', () => {
  test('by day and by record say the same, corrections included', async () => {
    const of = asked(await lived());
    const days = recordsOf(await whole(csvFile(DAY_COLUMNS, usageByDay(of, ACCOUNT))));
    const records = recordsOf(await whole(csvFile(RECORD_COLUMNS, usageByRecord(of, ACCOUNT))));
    expect(days).toMatchObject([
      { day: '2019-01-05', records: '1', calls: '7', free: '0', packs: '0', post_paid: '0' },
      {
        day: '2019-01-31',
        records: '1',
        calls: '1015000',
        free: '10000',
        packs: '1000000',
        post_paid: '5000',
      },
      { day: '2019-02-02', records: '1', calls: '3', free: '3' },
    ]);
    expect(records).toMatchObject([
      {
        kind: 'record',
        id: "'=1+1",
        calls: '1020000',
        free: '10000',
        packs: '1000000',
        post_paid: '10000',
        paid_by: 'pack-000001:1000000',
      },
      { kind: 'record', calls: '7', post_paid: '0' },
      { kind: 'correction', id: "'=1+1", calls: '-5000', post_paid: '-5000', reason: 'less' },
      { kind: 'record', id: 'february', calls: '3' },
    ]);
    for (const column of ['calls', 'free', 'packs', 'post_paid']) {
      const total = (rows: readonly Record<string, string>[]) =>
        rows.reduce((n, row) => n + Number(row[column]), 0);
      expect(total(records)).toBe(total(days));
    }
  });

  test('of a period is that of records whose own time lies within', async () => {
    const given = await lived();
    const { calendar } = given.ledger;
    const of = asked(given, periodOf(calendar, { month: '2019-02' }));
    expect(
      recordsOf(await whole(csvFile(DAY_COLUMNS, usageByDay(of, ACCOUNT)))).map(({ day }) => day),
    ).toEqual(['2019-02-02']);
    const noon = asked(given, periodOf(calendar, { from: '2019-01-31T12:00:00+08:00', to: '2019-02' }));
    const within = recordsOf(await whole(csvFile(RECORD_COLUMNS, usageByRecord(noon, ACCOUNT))));
    expect(within.map(({ kind }) => kind)).toEqual(['record', 'correction']);
    await expect(whole(csvFile(DAY_COLUMNS, usageByDay(noon, ACCOUNT)))).rejects.toThrow(PeriodMalformed);
  });
});

describe('over HTTP', () => {
  let api: ServedApi;
  beforeAll(async () => {
    api = await served();
    await withAccount(api);
    await api.ok('POST', '/usage', usage('u-1', {}, 12_000));
    await api.ok('PUT', '/clock', { now: '2019-02-01T05:00:00+08:00' });
  });
  afterAll(() => api.stop());

  test.each([
    ['bills.csv', 'account,month,kind', 1],
    ['usage.csv?month=2019-01', 'account,day,interface', 1],
    ['usage.csv?month=2019-01&by=record', 'account,kind,time', 1],
    ['usage.csv?month=2018-01', 'account,day,interface', 0],
    ['focus.csv?month=2019-01&provider=X', 'BilledCost,BillingAccountId', 2],
  ])('%s is CSV', async (file, begins, rows) => {
    const { status, headers, body } = await api.send('GET', `/accounts/acme/exports/${file}`);
    expect([status, headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
    expect(headers.get('content-disposition')).toMatch(
      /^attachment; filename="acme-(2\d{3}-01-)?[a-z]+\.csv"$/,
    );
    expect(body).toContain(begins);
    expect(parsedCsv(body)).toHaveLength(rows + 1);
  });

  test('a statement is JSON, or CSV when asked', async () => {
    const { body } = await api.ok('GET', '/accounts/acme/statement?from=2019-01&to=2019-03');
    expect(body).toMatchObject({
      opening: '0.00',
      closing: '199993.60',
      sums: { deposit: '200000.00', settlement: '-6.40' },
    });
    const { body: text } = await api.ok('GET', '/accounts/acme/statement?format=csv');
    expect(recordsOf(text).at(-1)).toMatchObject({ part: 'frozen', kind: 'closing' });
  });

  test.each([
    ['/accounts/acme/statement?from=yesterday', 400, 'from'],
    ['/accounts/acme/statement?from=2019-02&to=2019-01', 400, 'to'],
    ['/accounts/acme/exports/usage.csv?month=2019-01&to=2019-02', 400, 'month'],
    ['/accounts/acme/exports/usage.csv?from=2019-01-01T12:00:00Z', 400, 'from'],
    ['/accounts/acme/exports/letters.csv', 400, 'file'],
    ['/accounts/nobody/statement', 404, undefined],
    ['/accounts/nobody/exports/bills.csv', 404, undefined],
  ])('%s is refused with %i', async (path, status, field) => {
    const { status: got, body } = await api.send('GET', path);
    expect([got, body.field]).toEqual([status, field]);
  });
});
