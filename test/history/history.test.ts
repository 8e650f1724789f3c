/** Every stored form ever written can be read for ever. The file only grows; no line of it is ever changed. */
import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decodeEvent, decodeRecords } from '../../src/codec/event-codec.ts';
import { currentVersion } from '../../src/codec/upcasts.ts';
import type { EventType } from '../../src/domain/events.ts';
import { storedEvents } from '../../src/codec/stored-events.ts';
import { seal } from '../../src/integrity/seal-events.ts';

interface Kept {
  readonly header: string;
  readonly data: string;
  readonly lines?: readonly string[];
  /** The event's hash as the first of the stream `history`. */
  readonly hash: string;
}
const kept: Kept[] = readFileSync(new URL('events.ndjson', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

test('every kept event is read, and sealed as it was', () => {
  for (const { header, data, lines, hash } of kept) {
    const stored = { stream: 'history', revision: 0, header, data };
    const fact = decodeEvent(stored);
    if (fact.type === 'CallsMetered') expect(decodeRecords(stored, fact.data, lines ?? []).length).toBe(fact.data.records);
    const [sealed] = seal('history', 0, null, [{ header, data, ...(lines ? { lines } : {}) }]);
    expect(Buffer.from(sealed?.hash ?? []).toString('hex')).toBe(hash);
  }
});

test('a form that changed says what it said before', () => {
  const closes = kept.filter(({ header }) => JSON.parse(header).type === 'MonthClosed');
  const read = closes.map(({ header, data }) =>
    decodeEvent({ stream: 'history', revision: 0, header, data }),
  );
  expect(closes.map(({ header }) => JSON.parse(header).version)).toEqual([1, 2, 3, 4]);
  for (const one of read) expect(one).toEqual(read[0]);
});

test('every type of fact is kept, in the form that is written today', () => {
  const latest = new Map<string, number>(
    kept.map(({ header }) => [JSON.parse(header).type, JSON.parse(header).version]),
  );
  const types = Object.keys(storedEvents) as EventType[];
  expect([...latest].sort()).toEqual(types.map((type) => [type, currentVersion(type)]).sort());
});
