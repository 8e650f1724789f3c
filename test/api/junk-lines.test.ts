/** A stream of junk: beyond what is kept and listed nothing of it is written but counts, and what is good among it counts. */
import { Buffer } from 'node:buffer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sifted } from '../../src/api/usage/junk-lines.ts';
import { RUNS_MAX } from '../../src/api/usage/results.ts';
import { parseUsage } from '../../src/input/usage-event.ts';
import { KEPT_REPORTS } from '../../src/ledger/refused-usage/quota.ts';
import { strictJson } from '../../src/text/strict-json.ts';
import { type ServedApi, served, usage, withAccount } from '../support/api.ts';

let api: ServedApi;
beforeAll(async () => {
  api = await served();
  await withAccount(api);
});
afterAll(() => api.stop());

const LINES = { 'content-type': 'application/x-ndjson' };
const keyed = async (name: string) => {
  const { secret } = (await api.ok('POST', '/keys', { name, scopes: ['meter'] })).body;
  return { ...LINES, authorization: `Bearer ${secret}` };
};
const sent = async (lines: readonly string[], headers: Record<string, string>) => {
  const { body } = await api.ok('POST', '/usage', lines.join('\n'), headers);
  return body
    .trim()
    .split('\n')
    .map((line: string) => JSON.parse(line));
};
/** Counts in the log of refused usage: each is of one event that was written. */
const written = async (): Promise<number[]> => {
  const counts: number[] = [];
  for (let next: string | null = '0-0'; next !== null; ) {
    const { body } = await api.ok('GET', `/refused-usage?limit=500&cursor=${next}`);
    for (const { notKept } of body.items) if (notKept !== undefined) counts.push(notKept);
    next = body.next;
  }
  return counts;
};

test('beyond what is kept a hundred thousand lines write one event, and good lines among them are metered', async () => {
  const key = await keyed('junk');
  await sent(
    Array.from({ length: KEPT_REPORTS }, (_, i) => `"junk ${i}"`),
    key,
  );
  const junk = new Array(50_000).fill('{}');
  const good = (id: string) => JSON.stringify(usage(id));
  const answer = await sent(
    [...junk, good('among-1'), '', ...junk, '{"id":"named"}', good('among-2'), good('among-1'), '7'],
    key,
  );
  expect(answer.at(-1)).toEqual({
    ...{ accepted: 2, duplicates: 1, conflicts: 0, refused: 100_002, notKept: 100_002 },
  });
  const listed = answer.slice(0, -1);
  const of = (outcome: string) => listed.filter((one: { outcome: string }) => one.outcome === outcome);
  // Every line is told of once, by itself or in a run, in its place.
  const told = of('refused').reduce((sum: number, { count = 1 }: { count?: number }) => sum + count, 0);
  expect(told).toBe(100_002);
  expect(of('duplicate')).toEqual([{ index: 100_003, id: 'among-1', outcome: 'duplicate' }]);
  expect(of('refused').slice(-2)).toMatchObject([
    { index: 50_001, id: null, code: 'invalid_record', count: 50_001 },
    { index: 100_004, id: null, count: 1 },
  ]);
  // At the end, and once a second before.
  const counts = await written();
  expect(counts.reduce((sum, many) => sum + many, 0)).toBe(100_002);
  expect(counts.length).toBeLessThan(20);
});

test('junk that is logged already is looked for so many times a day, then counted', async () => {
  const key = await keyed('again and again');
  await sent(new Array(25_000).fill('"the same"'), key);
  const before = await written();
  const answer = await sent(new Array(30_000).fill('"the same"'), key);
  expect(answer.at(-1)).toMatchObject({ refused: 30_000, notKept: 30_000 });
  const more = (await written()).slice(before.length);
  expect(more.reduce((sum, many) => sum + many, 0)).toBe(30_000);
  expect(more.length).toBeLessThan(10);
});

test('an answer has a bound, whatever stands in the lines, and says where it ends', async () => {
  const { secret } = (await api.ok('POST', '/keys', { name: 'bound', scopes: ['meter'], accounts: ['acme'] }))
    .body;
  // Refused for two reasons in turns: no two that follow one another came out alike.
  const lines = Array.from({ length: 10_000 }, (_, i) => `{"id":"${i}"}\n{"subject":"${i}"}`);
  const answer = await sent(lines, { ...LINES, authorization: `Bearer ${secret}` });
  expect(answer.length).toBe(1_000 + RUNS_MAX + 1);
  expect(answer.at(999)).toMatchObject({ index: 999, outcome: 'refused', code: 'account_unknown' });
  expect(answer.at(1_000)).toEqual({
    ...{ index: 1_000, id: null, outcome: 'refused', code: 'invalid_record', count: 1 },
  });
  expect(answer.at(-2)).toMatchObject({ index: 1_000 + RUNS_MAX - 1 });
  expect(answer.at(-1)).toMatchObject({ refused: 20_000, resultsTruncated: true });
  expect(JSON.stringify(answer).length).toBeLessThan(1024 * 1024);
});

test('duplicates and conflicts behind the first thousand results are listed each by itself', async () => {
  const key = await keyed('again');
  const good = Array.from({ length: 1_500 }, (_, i) => usage(`twice-${i}`));
  const texts = good.map((one) => JSON.stringify(one));
  await sent(texts, key);
  const other = good
    .slice(0, 300)
    .map((one) => JSON.stringify({ ...one, source: '/gateway/1', data: { ...one.data, calls: 7 } }));
  const answer = await sent([...texts, ...other, ...texts.slice(0, 2)], key);
  expect(answer.length).toBe(1_802 + 1);
  expect(answer.map(({ index }: { index?: number }) => index)).toEqual([...Array(1_802).keys(), undefined]);
  expect(answer[1_499]).toEqual({ index: 1_499, id: 'twice-1499', outcome: 'duplicate' });
  expect(answer[1_500]).toMatchObject({
    id: 'twice-0',
    outcome: 'conflict',
    held: { calls: good[0]?.data.calls },
  });
  expect(answer.at(-1)).toEqual({ accepted: 0, duplicates: 1_502, conflicts: 300, refused: 0 });
});

test('what is passed over could be no record, and names no account', () => {
  const lines = [
    ...[
      '',
      ' ',
      '\u00a0',
      '7',
      '"x"',
      '[{"subject":"acme"}]',
      '{}',
      '{"a":1}',
      '{"id":"x"}',
      '{"id":"x","time":"2019-01-01T00:00:00Z"}',
      'junk',
      '\t{"b" : 2}\r',
      '\ufeff',
    ],
    ...[
      '{"subject":"acme"}',
      '{"subject":1}',
      '{"\\u0073ubject":"x"}',
      JSON.stringify(usage('sifted')),
      '{"calls":1e400}',
    ],
  ];
  for (const line of lines) {
    const [first, ...more] = [...sifted(Buffer.from(line))];
    expect(more).toEqual([]);
    const isPassed = typeof first === 'number';
    const { value } = strictJson(line, { halves: true });
    const parsed = parseUsage(value);
    if (isPassed) expect(parsed).toMatchObject({ ok: false, account: null });
    else if (line.trim() !== '' && first !== undefined) expect(line).toMatch(/subject|\\/);
  }
  const together = [...sifted(Buffer.from(lines.join('\n')))];
  expect(together.filter((one) => typeof one === 'number').reduce((sum, many) => sum + many, 0)).toBe(10);
});
