import { expect, it } from 'vitest';
import { openKeyedQueues, openSerialQueue } from '../../src/async/serial-queue.ts';

/** Work that ends when a test says so. */
const gate = () => {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
};

it('runs one piece after the other, in the order asked for, also behind one that failed', async () => {
  const queue = openSerialQueue();
  const log: string[] = [];
  const first = gate();
  const failed = queue.run(async () => {
    log.push('first');
    await first.opened;
    throw new Error('the first');
  });
  const second = queue.run(async () => log.push('second'));
  expect(queue.size()).toBe(2);
  await new Promise((resolve) => setImmediate(resolve));
  expect(log).toEqual(['first']);
  first.open();
  await expect(failed).rejects.toThrow('the first');
  expect(await second).toBe(2);
  await queue.settled();
  expect([log, queue.size()]).toEqual([['first', 'second'], 0]);
});

it('knows that a piece has ended before its caller does', async () => {
  const queue = openSerialQueue();
  await queue.run(async () => undefined);
  expect(queue.size()).toBe(0);
  await queue.run(() => Promise.reject(new Error('no'))).catch(() => undefined);
  expect(queue.size()).toBe(0);
});

it('lets work of several keys overlap, and of one key not', async () => {
  const queues = openKeyedQueues();
  const held = gate();
  const log: string[] = [];
  const a = queues.run('a', async () => {
    await held.opened;
    log.push('a 1');
  });
  const again = queues.run('a', async () => log.push('a 2'));
  await queues.run('b', async () => log.push('b'));
  expect(log).toEqual(['b']);
  held.open();
  await Promise.all([a, again]);
  expect(log).toEqual(['b', 'a 1', 'a 2']);
  expect(await queues.run('a', async () => 'later')).toBe('later');
});
