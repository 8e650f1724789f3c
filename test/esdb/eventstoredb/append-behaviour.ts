import {
  ANY,
  type AppendExpectedRevision,
  MaxAppendSizeExceededError,
  NO_STREAM,
  STREAM_EXISTS,
  StreamNotFoundError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { describe, expect, it } from 'vitest';
import { eventsOf, type NewEvent, type RealClient, someEvent, someStream, streamOf } from './real-client.ts';

const MIB = 1_048_576;

/** What a server does with appends: tests over the client that is open when they run. */
export const appendBehaviour = (client: () => RealClient): void => {
  const lengthOf = async (stream: string): Promise<number> =>
    (await eventsOf(client().client.readStream(stream, { maxCount: 100 }))).length;

  describe('given a stream of the events a, b, c', () => {
    it.each<[string, string, AppendExpectedRevision, bigint, number]>([
      ['the same again', 'abc', NO_STREAM, 2n, 3],
      ['the beginning of it', 'ab', NO_STREAM, 1n, 3],
      ['a later part, where it stands', 'bc', 0n, 2n, 3],
      ['the next one at the tip', 'd', 2n, 3n, 4],
      ['the same at the tip: written twice', 'abc', 2n, 5n, 6],
      ['the same anywhere', 'ab', ANY, 1n, 3],
      ['the same where a stream exists', 'bc', STREAM_EXISTS, 2n, 3],
      ['another anywhere', 'd', ANY, 3n, 4],
      ['nothing at the tip', '', 2n, 2n, 3],
    ])('takes %s (%s at %s)', async (_what, names, expected, revision, length) => {
      const { stream, events } = await streamOf(client(), 'abc');
      const answer = await client().append(stream, events(names), expected);
      expect(answer).toMatchObject({ success: true, nextExpectedRevision: revision });
      expect(await lengthOf(stream)).toBe(length);
    });

    it.each<[string, string, AppendExpectedRevision]>([
      ['more than was written', 'abcd', NO_STREAM],
      ['others', 'd', NO_STREAM],
      ['others behind a known one', 'bd', 0n],
      ['known ones where they do not stand', 'bc', 1n],
      ['the next one above the tip', 'd', 7n],
      ['known and new ones anywhere', 'ad', ANY],
      ['nothing below the tip', '', 1n],
    ])('refuses %s (%s at %s)', async (_what, names, expected) => {
      const { stream, events } = await streamOf(client(), 'abc');
      const refused = client().append(stream, events(names), expected);
      await expect(refused).rejects.toThrow(WrongExpectedVersionError);
      await expect(refused).rejects.toMatchObject({ actualVersion: 2n, expectedVersion: expected });
      expect(await lengthOf(stream)).toBe(3);
    });

    it('answers a repeat with the position of the first answer, also when the stream went on', async () => {
      const { stream, events, first } = await streamOf(client(), 'abc');
      await client().append(stream, events('de'), 2n);
      expect(await client().append(stream, events('abc'), NO_STREAM)).toEqual(first);
    });
  });

  describe('given no stream', () => {
    it.each<[string, AppendExpectedRevision]>([
      ['at a revision', 0n],
      ['where a stream exists', STREAM_EXISTS],
    ])('refuses an event %s', async (_what, expected) => {
      const refused = client().append(someStream(), [someEvent()], expected);
      await expect(refused).rejects.toMatchObject({ actualVersion: 'no_stream', expectedVersion: expected });
    });

    it('takes nothing, and there is still no stream', async () => {
      const stream = someStream();
      expect(await client().append(stream, [], NO_STREAM)).toMatchObject({ success: true });
      await expect(lengthOf(stream)).rejects.toThrow(StreamNotFoundError);
      const first = await client().append(stream, [someEvent()], NO_STREAM);
      expect(first).toMatchObject({ nextExpectedRevision: 0n });
    });
  });

  it.each<[string, NewEvent[]]>([
    ['a MiB', [someEvent(MIB)]],
    ['a MiB in two events', [someEvent(MIB - 7), someEvent(7)]],
    ['metadata besides, which is not counted', [someEvent(1, new Uint8Array(2 * MIB))]],
  ])('takes %s in one append', async (_what, events) => {
    expect(await client().append(someStream(), events, NO_STREAM)).toMatchObject({ success: true });
  });

  it('refuses a byte more, and a message that is far too large before it has read it', async () => {
    const refused = client().append(someStream(), [someEvent(MIB - 7), someEvent(8)], NO_STREAM);
    await expect(refused).rejects.toThrow(MaxAppendSizeExceededError);
    await expect(refused).rejects.toMatchObject({ maxAppendSize: MIB });
    const far = client().append(someStream(), [someEvent(20 * MIB)], NO_STREAM);
    await expect(far).rejects.toMatchObject({ code: 8 });
  });
};
