/** A body is read in steps: others have their turns between, the sooner the longer its elements are. */
import { Buffer } from 'node:buffer';
import { expect, test, vi } from 'vitest';
import { usageLines } from '../../src/api/usage/ndjson.ts';
import { openPauses } from '../../src/async/pauses.ts';
import { parseUsage } from '../../src/input/usage-event.ts';
import { reportsOfBody } from '../../src/input/usage-report.ts';
import { keptForm } from '../../src/ledger/refused-usage/content.ts';

const element = (size: number): string => `{ "more":"${'x'.repeat(size)}"}`;

test('an element of 60 kB counts for sixty steps, one of the usual length for one', async () => {
  const taken: number[] = [];
  const pause = (steps = 1) => {
    taken.push(steps);
    return taken.length % 3 === 0 ? Promise.resolve() : null;
  };
  const body = Buffer.from(`[${element(60_000)},${element(100)},${element(60_000)}]`);
  const reports = await reportsOfBody(body, 10, pause);
  expect(reports.length).toBe(3);
  expect(taken.filter((steps) => steps > 1)).toEqual([59, 59]);
  expect(taken.filter((steps) => steps === 1).length).toBeGreaterThan(0);
});

test('elements of a short body count by their length too', async () => {
  const taken: number[] = [];
  const pause = (steps = 1) => {
    taken.push(steps);
    return null;
  };
  const plain = (size: number) => JSON.stringify({ more: 'x'.repeat(size) });
  await reportsOfBody(Buffer.from(`[${plain(60_000)},${plain(10)}]`), 10, pause);
  expect(taken).toEqual([59, 1]);
});

const MIB = 1024 * 1024;

test('a long body is never one text: it is read element by element, and what is too long by its beginning', async () => {
  let looks = 0;
  const pause = () => {
    looks += 1;
    return null;
  };
  const long = `"${'名'.repeat(MIB)}"`;
  const elements = [...new Array(1_000).fill(element(1_000)), long];
  const decoded = vi.spyOn(Buffer.prototype, 'toString');
  const reports = await reportsOfBody(Buffer.from(`[${elements.join(',')}]`), 2_000, pause);
  const longest = Math.max(...decoded.mock.results.map(({ value }) => String(value).length));
  decoded.mockRestore();
  expect(reports.length).toBe(1_001);
  expect(longest).toBeLessThan(2_000);
  expect(reports.at(-1)).toMatchObject({
    parsed: { ok: false, message: 'must have at most 65536 bytes' },
    came: { bytes: Buffer.from(long).subarray(0, 64 * 1024), length: 3 * MIB + 2 },
  });
  // Its UTF-8 a quarter of a MiB at a time, each element, and within the long one every 64 KiB.
  expect(looks).toBeGreaterThan(4 * 4 + 1_001 + 3 * 16);
});

test.each([
  ['within it', `[1,${' '.repeat(10 * MIB)}2]`, 2],
  ['alone in it', `[${' '.repeat(10 * MIB)}]`, 0],
  ['behind it', `[1]${' '.repeat(10 * MIB)}`, 1],
])('megabytes of blanks in an array, %s, are passed 64 KiB at a time', async (_, body, reports) => {
  let looks = 0;
  const pause = () => {
    looks += 1;
    return null;
  };
  expect((await reportsOfBody(Buffer.from(body), 10, pause)).length).toBe(reports);
  // And its UTF-8 a quarter of a MiB at a time.
  expect(looks).toBeGreaterThan(10 * 16 + 10 * 4 - 10);
});

test('of a long body the values are not kept: a report that is refused is read again', async () => {
  const values = Array.from({ length: 2_000 }, (_, i) => ({ id: `é-${i}`, more: 'x'.repeat(500) }));
  const spaced = values.map((value) => JSON.stringify(value, null, 2)).join(' ,\n ');
  const reports = await reportsOfBody(Buffer.from(`[ ${spaced} ]`), 2_000, () => null);
  const [first, again] = [reports.at(-1), reports.at(-1)].map((one) => one && Reflect.get(one.came, 'json'));
  expect(first).toEqual(values.at(-1));
  expect(again).not.toBe(first);
  expect(reports.map(({ came }) => keptForm(came))).toEqual(values.map((json) => keptForm({ json })));
});

test('behind megabytes of blanks no array is looked for', async () => {
  const [report] = await reportsOfBody(Buffer.from(`${' '.repeat(MIB)}[1]`), 10, () => null);
  expect(report?.came).toMatchObject({ length: MIB + 3 });
});

test.each([
  ['a text of megabytes', `"${'x'.repeat(3 * MIB)}"`],
  ['an object of megabytes', `{"more":"${'x'.repeat(3 * MIB)}"}`],
])('%s is one report, of which the beginning is kept', async (_, body) => {
  const [report, ...more] = await reportsOfBody(Buffer.from(body), 10, () => null);
  expect(more).toEqual([]);
  expect(report).toMatchObject({ parsed: { ok: false, account: null }, came: { length: body.length } });
});

test.each([
  ['bytes that are no UTF-8', [...new Array(MIB).fill(0x20), 0xff], 'is not UTF-8'],
  ['a list that does not end', Buffer.from(`[${'1,'.repeat(MIB)}`), 'ends within its array'],
  ['a list that something follows', Buffer.from(`["${'x'.repeat(MIB)}"]1`), 'does not end with its array'],
  ['a list of what is no JSON', Buffer.from(`[1,"${'x'.repeat(MIB)}",x]`), '(element 2)'],
])('megabytes of %s are refused as a whole', async (_, bytes, why) => {
  await expect(reportsOfBody(Uint8Array.from(bytes), MIB * 2, () => null)).rejects.toThrow(why);
});

test('empty lines of a stream are read in turns, a block in each', async () => {
  let [clock, turns, isOver] = [0, 0, false];
  const now = vi.spyOn(performance, 'now').mockImplementation(() => {
    clock += 10;
    return clock;
  });
  const others = () => {
    turns += 1;
    if (!isOver) setImmediate(others);
  };
  setImmediate(others);
  const pieces = async function* () {
    for (let i = 0; i < 40; i++) yield Buffer.alloc(64 * 1024, '\n');
  };
  for await (const part of usageLines(pieces(), () => false)) expect(part).toBeNull();
  isOver = true;
  now.mockRestore();
  expect(turns).toBeGreaterThanOrEqual(39);
});

test('a step that counts for many has its turn looked at behind it, small ones behind eight', async () => {
  const now = vi.spyOn(performance, 'now').mockReturnValue(0);
  const [many, few] = [openPauses(), openPauses()];
  now.mockReturnValue(1_000);
  expect(many(8)).toBeInstanceOf(Promise);
  expect(few(7)).toBeNull();
  expect(few()).toBeInstanceOf(Promise);
  now.mockRestore();
});

test.each([
  [{}, 'specversion', 'is missing: must be "1.0"'],
  [{ specversion: '0.3', type: 1 }, 'specversion', 'must be "1.0"'],
  [{ specversion: '1.0' }, 'type', 'is missing: must be "suanpan.usage"'],
  [{ specversion: '1.0', type: 'x', id: '' }, 'type', 'must be "suanpan.usage"'],
  [{ specversion: '1.0', type: 'suanpan.usage' }, 'source', 'is missing: must be text'],
])('%j fails at the first of what is wrong with it', (event, field, message) => {
  const value = { ...event, data: { interface: 'a/b', calls: 1 } };
  expect(parseUsage(value)).toMatchObject({ ok: false, field, message });
});
