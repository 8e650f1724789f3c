import { END, NO_STREAM, type Position, START, streamNameFilter } from '@eventstore/db-client';
import { expect, it } from 'vitest';
import { type RealClient, someEvent, someStream, watchAll } from './real-client.ts';

/** What a server sends to a subscriber to $all: tests over the client that is open when they run. */
export const subscriptionBehaviour = (client: () => RealClient): void => {
  const written = async (stream: string, count: number, expected: bigint | typeof NO_STREAM = NO_STREAM) => {
    const events = Array.from({ length: count }, () => someEvent());
    const { position } = await client().append(stream, events, expected);
    return { ids: events.map(({ id }) => id), position: position as Position };
  };

  it('sends what follows a position, says that it caught up, and goes on with what is written', async () => {
    const { position } = await written(someStream(), 1);
    const stream = someStream();
    const before = await written(stream, 40);
    const { seen, leave } = watchAll(client(), { fromPosition: position });
    await expect.poll(() => seen).toEqual(['confirmed', ...before.ids, 'caught up']);
    const live = await written(stream, 2, 39n);
    await expect.poll(() => seen.slice(42)).toEqual(live.ids);
    await leave();
  });

  it('sends from the end only what is written later', async () => {
    const { seen, leave } = watchAll(client(), { fromPosition: END });
    await expect.poll(() => seen).toEqual(['confirmed', 'caught up']);
    const { ids } = await written(someStream(), 1);
    await expect.poll(() => seen.slice(2)).toEqual(ids);
    await leave();
  });

  it('ends with an error when it is to begin within a record', async () => {
    const { position } = await written(someStream(), 1);
    await written(someStream(), 1);
    const { seen } = watchAll(client(), {
      fromPosition: { commit: position.commit + 1n, prepare: position.prepare + 1n },
    });
    await expect.poll(() => seen).toEqual(['2 UNKNOWN: Exception was thrown by handler.']);
  });

  it('filters by names of streams from the start', async () => {
    const stream = someStream();
    const { ids } = await written(stream, 3);
    await written(someStream(), 1);
    const filter = streamNameFilter({ prefixes: [stream] });
    const { seen, leave } = watchAll(client(), { fromPosition: START, filter });
    await expect.poll(() => seen).toEqual(['confirmed', ...ids, 'caught up']);
    await leave();
  });

  it('tells where it is while nothing passes the filter, catching up and live', async () => {
    const { position } = await written(someStream(), 1);
    const other = someStream();
    const caught = await written(other, 25);
    const filter = streamNameFilter({ prefixes: ['nobody-'], maxSearchWindow: 5, checkpointInterval: 2 });
    const { seen, checkpoints, leave } = watchAll(client(), { fromPosition: position, filter });
    await expect.poll(() => seen).toEqual(['confirmed', 'caught up']);
    expect(checkpoints.length).toBeGreaterThanOrEqual(2);
    expect(checkpoints).toEqual(checkpoints.toSorted((a, b) => Number(a - b)));
    await written(other, 10, 24n);
    await expect.poll(() => checkpoints.at(-1)).toBeGreaterThan(caught.position.commit);
    expect(seen).toHaveLength(2);
    await leave();
  });
};
