/**
 * Instants for people and for spreadsheets are in the billing zone with its offset, in every text and every CSV there is:
 * each is made of one small ledger, and none has an instant in UTC. JSON keeps UTC, as the interface says.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noticeText } from '../../src/delivery/notice-text.ts';
import { calendarOf } from '../../src/domain/calendar.ts';
import { commandLine, commandsOn } from '../support/command-line.ts';
import { instant } from '../support/given.ts';

const UTC = /\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z/;
const ZONED = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+08:00/;

let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'suanpan-test-'));
  const usage = (id: string, time: string, calls: number) => ({
    specversion: '1.0',
    type: 'suanpan.usage',
    source: '/g',
    id,
    subject: 'acme',
    time,
    data: { interface: 'face-recognition/compare', calls },
  });
  const command = (at: string, name: string, fields: object) => ({
    at,
    command: name,
    account: 'acme',
    ...fields,
  });
  const lines = [
    command('2019-01-01T00:00:00+08:00', 'open-account', { name: '示例' }),
    command('2019-01-01T00:00:00+08:00', 'activate-service', { product: 'face-recognition' }),
    command('2019-01-01T00:00:00+08:00', 'deposit', { amount: '9000.00', reference: 'a' }),
    command('2019-01-01T01:00:00+08:00', 'buy-packs', { pool: 'face-recognition/compare', size: 1_000_000 }),
    usage('1', '2019-01-05T00:30:00+08:00', 3_000_000),
    command('2019-02-01T04:00:00+08:00', 'close-month', { month: '2019-01' }),
    command('2019-02-02T00:30:00+08:00', 'suspend', { note: 'abuse' }),
    command('2019-02-03T00:30:00+08:00', 'lift-suspension', {}),
    command('2019-02-03T01:00:00+08:00', 'correct-usage', {
      source: '/g',
      record: '1',
      calls: 2_900_000,
      reason: 'less',
    }),
  ];
  writeFileSync(join(folder, 'life.ndjson'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  await ran('import', join(folder, 'life.ndjson'));
  const dispute = ['--month', '2019-01', '--reason', 'wrong', '--at', '2019-02-04T00:30:00+08:00'];
  await ran('dispute', 'open', 'acme', ...dispute).catch(() => undefined);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ran = async (...words: readonly string[]): Promise<string> => {
  const { status, stdout, stderr } = await commandsOn(folder)(...words);
  if (status !== 0) throw new Error(stderr);
  return stdout;
};

describe('text', () => {
  test.each([
    ['bill acme 2019-01'],
    ['bill acme 2019-01 --as-of 2019-01-20T00:00:00+08:00'],
    ['estimate acme 2019-02'],
    ['account acme'],
    ['changes acme --from 2019-01-01T00:00:00+08:00 --to 2019-02-04T00:00:00+08:00'],
    ['explain acme --suspended 2019-02-02T12:00:00+08:00'],
    ['explain acme --suspended 2019-02-03T12:00:00+08:00'],
    ['explain acme 2019-01 --records'],
  ])('suanpan %s', async (words) => {
    const text = await ran(...words.split(' '));
    expect(text).toMatch(ZONED);
    expect(text).not.toMatch(UTC);
  });

  test.each([['explain acme 2019-01'], ['dispute list acme'], ['blocked 2019-02'], ['overview']])(
    'suanpan %s has none in UTC',
    async (words) => expect(await ran(...words.split(' '))).not.toMatch(UTC),
  );

  test('when the checkpoint of a bundle was signed', async () => {
    const file = join(folder, 'acme.suanpan');
    await ran('bundle', 'acme', '2019-01', '-o', file);
    const { status, stdout } = await commandLine(['verify', file]);
    expect([status, UTC.test(stdout)]).toEqual([0, false]);
    expect(stdout).toMatch(new RegExp(`signed ${ZONED.source}`));
  });

  test('why usage is refused', async () => {
    const line = (subject: string, time: string, name = 'face-recognition/compare') => ({
      ...{ specversion: '1.0', type: 'suanpan.usage', source: '/late', id: `${subject} ${time}` },
      ...{ subject, time, data: { interface: name, calls: 1 } },
    });
    const at = '2019-02-10T00:00:00+08:00';
    const lines = [
      { at, command: 'open-account', account: 'late', name: '' },
      { at, command: 'activate-service', account: 'late', product: 'face-recognition' },
      line('late', '2019-02-09T00:00:00+08:00'),
      line('acme', '2019-02-02T12:00:00+08:00'),
      line('acme', '2018-12-31T12:00:00+08:00'),
    ];
    const file = join(folder, 'refused.ndjson');
    writeFileSync(file, lines.map((one) => `${JSON.stringify(one)}\n`).join(''));
    const text = await ran('import', file);
    for (const code of ['not_activated', 'suspended', 'interface_unknown']) expect(text).toContain(code);
    expect(text.match(new RegExp(ZONED, 'g'))?.length).toBe(3);
    expect(text).not.toMatch(UTC);
  });

  test('January’s bill is issued in February', async () => {
    expect(await ran('bill', 'acme', '2019-01')).toContain('issued  2019-02-01T04:00:00.000+08:00');
    expect(JSON.parse(await ran('bill', 'acme', '2019-01', '--json')).issuedAt).toBe(
      '2019-01-31T20:00:00.000Z',
    );
  });

  test('the mail that tells of a pack’s expiry', () => {
    const about = { pack: 'p', pool: 'x/y', days: 7, left: 1, expiresAt: '2019-12-31T16:00:00.000Z' };
    const { text } = noticeText('acme', 'pack_expiring', about, calendarOf('Asia/Shanghai'));
    expect(text).toContain('2020-01-01T00:00:00.000+08:00');
    expect(text).toContain('还剩 1 次');
    expect(text).toContain('with 1 calls left');
  });

  test('the mail that tells of a pack of another unit', () => {
    const about = { pool: 'x/y', left: 90 };
    const unit = { zh: '秒', en: 'second' };
    const { text } = noticeText('acme', 'pack_low', about, calendarOf('Asia/Shanghai'), unit);
    expect(text).toContain('x/y 还剩 90 秒');
    expect(text).toContain('90 seconds left for x/y');
  });
});

describe('CSV', () => {
  test.each([
    ['statement', '--account acme --from 2019-01 --to 2019-02'],
    ['bills', ''],
    ['usage', '--by record'],
    ['focus', ''],
  ])('export --as %s', async (kind, more) => {
    const text = await ran('export', '-', '--as', kind, ...more.split(' ').filter((word) => word !== ''));
    expect(text).toMatch(ZONED);
    expect(text).not.toMatch(UTC);
  });

  test('a pivot by month puts each row of FOCUS into the month that it is of', async () => {
    const text = await ran('export', '-', '--as', 'focus', '--month', '2019-01');
    expect(text).toContain('2019-02-01T00:00:00+08:00,2019-01-01T00:00:00+08:00');
  });
});

test.each([
  ['Asia/Shanghai', '2019-01-31T20:00:00.000Z', '2019-02-01T04:00:00.000+08:00'],
  ['America/St_Johns', '2019-07-01T00:00:00.123Z', '2019-06-30T21:30:00.123-02:30'],
  ['America/New_York', '2019-03-10T06:59:59.999Z', '2019-03-10T01:59:59.999-05:00'],
  ['America/New_York', '2019-03-10T07:00:00.000Z', '2019-03-10T03:00:00.000-04:00'],
  ['UTC', '2019-01-31T20:00:00.000Z', '2019-01-31T20:00:00.000+00:00'],
])('in %s %s is %s', (zone, utc, text) => {
  expect(calendarOf(zone).textOf(instant(utc))).toBe(text);
  expect(instant(text)).toBe(instant(utc));
});
