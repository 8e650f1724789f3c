import { Buffer } from 'node:buffer';
import {
  BACKWARDS,
  binaryEvent,
  END,
  FORWARDS,
  NO_STREAM,
  type Position,
  type ReadAllOptions,
  type ReadStreamOptions,
  START,
  StreamNotFoundError,
} from '@eventstore/db-client';
import { describe, expect, it } from 'vitest';
import { eventsOf, type RealClient, someEvent, someStream, streamOf } from './real-client.ts';

/** What a server gives to readers: tests over the client that is open when they run. */
export const readBehaviour = (client: () => RealClient): void => {
  const readStream = (stream: string, options: ReadStreamOptions = {}) =>
    eventsOf(client().client.readStream(stream, { maxCount: 100, ...options }));
  const readAll = (options: ReadAllOptions) => eventsOf(client().client.readAll({ maxCount: 3, ...options }));

  describe('given a stream of the events a, b, c', () => {
    it.each<[string, ReadStreamOptions, string]>([
      ['from the start', { fromRevision: START }, 'abc'],
      ['a page from a revision', { fromRevision: 1n, maxCount: 1 }, 'b'],
      ['from behind the tip', { fromRevision: 9n }, ''],
      ['backwards from the end', { direction: BACKWARDS, fromRevision: END, maxCount: 2 }, 'cb'],
      ['backwards from a revision', { direction: BACKWARDS, fromRevision: 1n }, 'ba'],
    ])('reads %s', async (_what, options, names) => {
      const { stream, events } = await streamOf(client(), 'abc');
      const ids = (await readStream(stream, options)).map(({ id }) => id);
      expect(ids).toEqual(events(names).map(({ id }) => id));
    });

    it.each<[string, ReadStreamOptions]>([
      ['no events', { maxCount: 0 }],
      ['forwards from the end', { fromRevision: END }],
    ])('fails to read %s', async (_what, options) => {
      const { stream } = await streamOf(client(), 'abc');
      await expect(readStream(stream, options)).rejects.toThrow('Unexpected ReadStreamResult: Error');
    });

    const places = async () => {
      const { stream } = await streamOf(client(), 'abc');
      const [a, b, c] = (await readStream(stream)).map(({ position }) => position as Position);
      if (!a || !b || !c) throw new Error('Events without positions');
      return { a, b, c };
    };

    it('reads all from a position with the event that begins there, back from it without', async () => {
      const { a, b, c } = await places();
      const forwards = await readAll({ fromPosition: b, maxCount: 2 });
      expect(forwards.map(({ position }) => position)).toEqual([b, c]);
      const [before] = await readAll({ fromPosition: b, direction: BACKWARDS });
      expect(before?.position).toEqual(a);
    });

    it('reads all back from its end', async () => {
      const { a, b, c } = await places();
      const last = await readAll({ fromPosition: END, direction: BACKWARDS, maxCount: 100 });
      const later = last.findIndex(({ position }) => position?.commit === c.commit);
      expect(last.slice(later, later + 3).map(({ position }) => position)).toEqual([c, b, a]);
    });

    it.each([FORWARDS, BACKWARDS] as const)(
      'fails to read all from within a record, %s',
      async (direction) => {
        const { commit, prepare } = (await places()).b;
        const within = { commit: commit + 1n, prepare: prepare + 1n };
        const read = readAll({ fromPosition: within, direction });
        await expect(read).rejects.toThrow('Unexpected ReadAllResult: Error');
      },
    );
  });

  it('reads nothing of all from its end, or back from its start', async () => {
    expect(await readAll({ fromPosition: END })).toEqual([]);
    expect(await readAll({ fromPosition: START, direction: BACKWARDS })).toEqual([]);
  });

  it('does not find a stream that was never written, in either direction', async () => {
    await expect(readStream(someStream())).rejects.toThrow(StreamNotFoundError);
    const back = readStream(someStream(), { direction: BACKWARDS, fromRevision: END });
    await expect(back).rejects.toThrow(StreamNotFoundError);
  });

  it('gives back what it took: ids in lower case, bytes as bytes, metadata that is JSON as an object', async () => {
    const stream = someStream();
    const { id } = someEvent();
    const event = binaryEvent({
      id: id.toUpperCase(),
      type: 'Tested',
      data: Buffer.from('{}'),
      metadata: Buffer.from('{"b":1}'),
    });
    const before = Date.now();
    const { position } = await client().append(stream, [event], NO_STREAM);
    const [read] = await readStream(stream);
    expect(read).toMatchObject({
      streamId: stream,
      id,
      revision: 0n,
      type: 'Tested',
      isJson: false,
      position,
    });
    expect([Buffer.from(read?.data as Uint8Array).toString(), read?.metadata]).toEqual(['{}', { b: 1 }]);
    // The clock of a real server may be another machine's.
    const created = read?.created.getTime() ?? 0;
    expect(created).toBeGreaterThan(before - 60_000);
    expect(created).toBeLessThan(Date.now() + 60_000);
  });

  it('shows events of the server itself in all', async () => {
    expect((await readAll({ maxCount: 1 })).map(({ streamId }) => streamId[0])).toEqual(['$']);
  });
};
