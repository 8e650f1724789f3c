/** A body is read in steps: others have their turns between, the sooner the longer its elements are. */
import { Buffer } from 'node:buffer';
import { expect, test, vi } from 'vitest';
import { usageLines } from '../../src/api/usage/ndjson.ts';
import { openPauses } from '../../src/async/pauses.ts';
import { parseUsage } from '../../src/input/usage-event.ts';
import { reportsOfBody } from '../../src/input/usage-report.ts';

const element = (size: number): string => `{ "more":"${'x'.repeat(size)}"}`;

test('an element of 60 kB counts for sixty steps, one of the usual length for one', async () => {
  const taken: number[] = [];
  const pause = (steps = 1) => {
    taken.push(steps);
    return taken.length % 3 === 0 ? Promise.resolve() : null;
  };
  const reports = await reportsOfBody(`[${element(60_000)},${element(100)},${element(60_000)}]`, 10, pause);
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
  await reportsOfBody(`[${plain(60_000)},${plain(10)}]`, 10, pause);
  expect(taken).toEqual([59, 1]);
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
