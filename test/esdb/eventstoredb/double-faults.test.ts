/** Injected faults of the test double, from the client's point of view. */
import { ANY, NO_STREAM, type Position, START } from '@eventstore/db-client';
import { status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EsdbDouble, openDouble } from '../double/esdb-double.ts';
import {
  type AppendMoment,
  connectionLost,
  consumerTooSlow,
  failing,
  late,
  type Mishap,
  notReady,
  silence,
} from '../double/faults.ts';
import { openProxy } from '../tcp-proxy.ts';
import {
  eventsOf,
  openClient,
  type RealClient,
  someEvent,
  someStream,
  streamOf,
  watchAll,
} from './real-client.ts';

/** Short enough for a test that waits until it is over. */
const DEADLINE = 400;
/** Of calls that are answered by a failure. */
const UNHURRIED = 60_000;
/** Of an append that comes to its turn when its client has long left. */
const LATE = 2_000;

describe('a double that is told to fail', () => {
  let double: EsdbDouble;
  let client: RealClient;

  beforeEach(async () => {
    double = await openDouble();
    client = openClient(double.connectionString);
  });

  afterEach(async () => {
    await client.dispose();
    await double.stop();
  });

  it.each<[AppendMoment, string, Mishap, number]>([
    ['unapplied', 'not ready', notReady, status.UNAVAILABLE],
    ['unapplied', 'unknown', failing(status.UNKNOWN, 'No leader info available in response'), status.UNKNOWN],
    ['unapplied', 'exhausted', failing(status.RESOURCE_EXHAUSTED, 'Too much'), status.RESOURCE_EXHAUSTED],
    ['unapplied', 'silence', silence, status.DEADLINE_EXCEEDED],
    ['unapplied', 'connection lost', connectionLost, status.UNAVAILABLE],
    ['applied', 'unavailable', failing(status.UNAVAILABLE, 'Gone'), status.UNAVAILABLE],
    ['applied', 'deadline', failing(status.DEADLINE_EXCEEDED, 'Late'), status.DEADLINE_EXCEEDED],
    ['applied', 'cancelled', failing(status.CANCELLED, 'Call canceled'), status.CANCELLED],
    ['applied', 'silence', silence, status.DEADLINE_EXCEEDED],
    ['applied', 'connection lost', connectionLost, status.UNAVAILABLE],
  ])(
    'an append that stays %s (%s) fails, and its repeat is taken once',
    async (moment, _what, mishap, code) => {
      const stream = someStream();
      const events = [someEvent(), someEvent()];
      double.faults.onAppend(moment, mishap);
      const deadline = mishap === silence ? DEADLINE : UNHURRIED;
      await expect(client.append(stream, events, NO_STREAM, deadline)).rejects.toMatchObject({ code });
      expect(double.events(stream)).toHaveLength(moment === 'applied' ? 2 : 0);
      expect(await client.append(stream, events, NO_STREAM)).toMatchObject({ nextExpectedRevision: 1n });
      expect(double.events(stream)).toHaveLength(2);
      expect(double.appends).toEqual({ received: 2, written: 1, repeated: moment === 'applied' ? 1 : 0 });
    },
  );

  it('an append is late', async () => {
    double.faults.onAppend('applied', late(100));
    const before = performance.now();
    await client.append(someStream(), [someEvent()], NO_STREAM);
    expect(performance.now() - before).toBeGreaterThanOrEqual(95);
  });

  it('an append that the client gave up before its turn is not written', async () => {
    const stream = someStream();
    double.faults.onAppend('unapplied', late(LATE));
    await expect(client.append(stream, [someEvent()], NO_STREAM, DEADLINE)).rejects.toMatchObject({
      code: status.DEADLINE_EXCEEDED,
    });
    await new Promise((resolve) => setTimeout(resolve, LATE));
    expect(double.events(stream)).toEqual([]);
  });

  it('a fault is for the stream that it names, as many times as it says, or until it is cleared', async () => {
    const [named, other] = [someStream(), someStream()];
    const append = (stream: string) => client.append(stream, [someEvent()], ANY);
    double.faults.onAppend('unapplied', notReady, { stream: named, times: 2 });
    await append(other);
    await expect(append(named)).rejects.toThrow('Server Is Not Ready');
    await expect(append(named)).rejects.toThrow('Server Is Not Ready');
    await append(named);
    double.faults.onAppend('unapplied', notReady);
    double.faults.clear();
    await append(named);
    expect(double.events(named)).toHaveLength(2);
  });

  it.each<[string, Mishap, number]>([
    ['a status', failing(status.RESOURCE_EXHAUSTED, 'Too much'), status.RESOURCE_EXHAUSTED],
    ['a lost connection', connectionLost, status.UNAVAILABLE],
  ])('a read breaks off after some events by %s', async (_what, mishap, code) => {
    const { stream, events } = await streamOf(client, 'abcd');
    double.faults.onRead(2, mishap, { of: 'stream' });
    const seen: string[] = [];
    const broken = async () => {
      for await (const { event } of client.client.readStream(stream, { maxCount: 9 }))
        seen.push(event?.id ?? '');
    };
    await expect(broken()).rejects.toMatchObject({ code });
    expect(seen).toEqual(events('ab').map(({ id }) => id));
    expect(await eventsOf(client.client.readStream(stream, { maxCount: 9 }))).toHaveLength(4);
  });

  it('a subscription is dropped, and another one goes on where it was', async () => {
    const { stream, events, first } = await streamOf(client, 'abc');
    const ids = (names: string) => events(names).map(({ id }) => id);
    const before = double.events().filter((event) => event.stream.startsWith('$stats-'))[0]?.position ?? 0n;
    double.faults.onRead(2, consumerTooSlow, { of: 'subscription' });
    const dropped = watchAll(client, { fromPosition: { commit: before, prepare: before } });
    await expect.poll(() => dropped.seen.at(-1)).toContain('Consumer too slow');
    expect(dropped.seen.slice(1, -1)).toEqual(ids('ab').slice(0, dropped.seen.length - 2));
    await client.append(stream, events('d'), 2n);
    const next = watchAll(client, { fromPosition: first.position as Position });
    await expect.poll(() => next.seen).toEqual(['confirmed', ...ids('d'), 'caught up']);
    await next.leave();
  });

  it('stops and starts on the same port with the same data, and forgets which ids it had anywhere', async () => {
    const { stream, events } = await streamOf(client, 'ab');
    const { seen } = watchAll(client, { fromPosition: START });
    await expect.poll(() => seen.at(-1)).toBe('caught up');
    await double.stop();
    await expect.poll(() => seen.at(-1)).toContain('UNAVAILABLE');
    await expect(client.append(stream, events('c'), 1n)).rejects.toMatchObject({ code: status.UNAVAILABLE });
    await double.start();
    await expect
      .poll(() => client.append(stream, events('ab'), NO_STREAM).catch(() => undefined))
      .toMatchObject({ nextExpectedRevision: 1n });
    expect(await client.append(stream, events('ab'), ANY)).toMatchObject({ nextExpectedRevision: 3n });
  });

  it('cuts a connection, and takes the next one', async () => {
    const { stream, events } = await streamOf(client, 'a');
    double.faults.onAppend('applied', silence);
    const cut = client.append(stream, events('b'), 0n);
    await expect.poll(() => double.appends.written).toBe(2);
    double.cut();
    await expect(cut).rejects.toMatchObject({ code: status.UNAVAILABLE });
    expect(await client.append(stream, events('b'), 0n)).toMatchObject({ nextExpectedRevision: 1n });
  });

  it('behind a proxy that loses its answers it has the event all the same', async () => {
    const proxy = await openProxy(double.port);
    const through = openClient(`esdb://127.0.0.1:${proxy.port}?tls=false`);
    const { stream, events } = await streamOf(through, 'a');
    proxy.loseAnswers();
    const lost = through.append(stream, events('b'), 0n, DEADLINE);
    await expect(lost).rejects.toMatchObject({ code: status.DEADLINE_EXCEEDED });
    expect(double.events(stream)).toHaveLength(2);
    proxy.heal();
    await expect
      .poll(() => through.append(stream, events('b'), 0n).catch(() => undefined))
      .toMatchObject({ nextExpectedRevision: 1n });
    await through.dispose();
    await proxy.close();
  });

  it('has no batch append: an append without credentials is refused', async () => {
    const batch = client.client.appendToStream(someStream(), [someEvent()], { expectedRevision: NO_STREAM });
    await expect(batch).rejects.toMatchObject({ code: status.UNIMPLEMENTED });
  });
});
