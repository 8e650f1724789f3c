/** Calls to a thread: answered by their id, failed by what the answer says, and never left waiting. */
import { afterEach, describe, expect, test } from 'vitest';
import { type CalledThread, startThread } from '../../src/async/worker-rpc.ts';

interface Request {
  readonly say: string;
  readonly after?: number;
}
interface Reply {
  readonly id: number;
  readonly said: string;
}

let started: CalledThread<Request, Reply> | null = null;
const thread = (told: (message: object) => void = () => undefined): CalledThread<Request, Reply> => {
  started = startThread<Request, Reply, object>(import.meta.url, './answering-thread', {
    data: 'data',
    failureOf: ({ said }) => (said === 'no' ? new RangeError('it said no') : null),
    ended: (why) => new Error(`ended: ${why}`),
    told,
  });
  return started;
};
afterEach(() => started?.terminate());

describe('calls to a thread', () => {
  test('each gets its own answer, in whatever order they come', async () => {
    const { ask } = thread();
    const order: string[] = [];
    const noted = async (say: string, after: number): Promise<string> => {
      const { said } = await ask({ say, after });
      order.push(said);
      return said;
    };
    expect(await Promise.all([noted('late', 200), noted('early', 0)])).toEqual(['late', 'early']);
    expect(order).toEqual(['early', 'late']);
  });

  test('an answer that tells of a failure rejects its call alone', async () => {
    const { ask } = thread();
    const [no, yes] = await Promise.allSettled([ask({ say: 'no' }), ask({ say: 'yes' })]);
    expect(no).toMatchObject({ status: 'rejected', reason: expect.any(RangeError) });
    expect(yes).toMatchObject({ status: 'fulfilled', value: { said: 'yes' } });
  });

  test('what answers no call is told', async () => {
    const message = await new Promise((resolve) => thread(resolve));
    expect(message).toEqual({ began: 'data' });
  });

  test.each([
    ['throw', 'ended: out of breath'],
    ['end', 'ended: exit 3'],
  ])('a thread that ends fails what waits for it, and every later call (%s)', async (say, why) => {
    const one = thread();
    const calls = [one.ask({ say: 'nothing' }), one.ask({ say })];
    for (const call of await Promise.allSettled(calls))
      expect(call).toMatchObject({ status: 'rejected', reason: { message: why } });
    await one.exited;
    expect(one.failed()).toMatchObject({ message: why });
    await expect(one.ask({ say: 'yes' })).rejects.toThrow(why);
  });

  test('the first failure counts', async () => {
    const one = thread();
    const call = one.ask({ say: 'nothing' });
    one.fail(new Error('closed'));
    await expect(call).rejects.toThrow('closed');
    await one.terminate();
    await one.exited;
    expect(one.failed()).toMatchObject({ message: 'closed' });
  });
});
