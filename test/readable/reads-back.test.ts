/** An event that would not decode to itself is never appended; only its own caller gets the error. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeEvent, decodeRecords, encodeEvent } from '../../src/codec/event-codec.ts';
import { checkReadsBack, EventUnwritable } from '../../src/codec/reads-back.ts';
import { sameJson } from '../../src/codec/same-json.ts';
import { callsReadBack } from '../../src/codec/stored-calls.ts';
import { storedEvents } from '../../src/codec/stored-events.ts';
import type { AccountEvent, CallsMetered } from '../../src/domain/events.ts';
import { recordOf } from '../../src/domain/record-line.ts';
import { openMemoryStore } from '../../src/eventstore/memory.ts';
import { checkSystemReadsBack } from '../../src/ledger/system/codec.ts';
import { appendSystem } from '../../src/ledger/system/streams.ts';
import { givenLedger, instant } from '../support/given.ts';
import { runs } from '../support/proof.ts';

const PLACE = { stream: 'account-acme', revision: 0 };

/** One fact of every type, in the form that is written today. */
const kept = readFileSync(new URL('../history/events.ndjson', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { header: string; data: string; lines?: string[] });
const facts = new Map(
  kept.map(({ header, data, lines }) => {
    const fact = decodeEvent({ ...PLACE, header, data });
    return [fact.type, lines ? { ...fact, lines } : fact] as const;
  }),
);

const checked = (fact: AccountEvent) =>
  checkReadsBack(PLACE, fact, encodeEvent(fact, '2026-01-01T00:00:00.000Z'));

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Paths to every leaf of a value, and to every object. */
const places = (value: unknown, path: readonly string[] = []): (readonly string[])[] =>
  typeof value === 'object' && value !== null
    ? [path, ...Object.entries(value).flatMap(([key, inner]) => places(inner, [...path, key]))]
    : [path];

const changedAt = (value: Json, path: readonly string[], to: (was: Json) => unknown): unknown => {
  const [key, ...rest] = path;
  if (key === undefined) return to(value);
  if (Array.isArray(value))
    return value.map((one, i) => (String(i) === key ? changedAt(one, rest, to) : one));
  return {
    ...(value as Record<string, Json>),
    [key]: changedAt((value as Record<string, Json>)[key] ?? null, rest, to),
  };
};

/** What no schema takes, or takes as something else. */
const spoilt = (was: Json): unknown => {
  if (typeof was === 'number') return 2 ** 53;
  if (typeof was === 'string') return 7;
  if (typeof was === 'boolean') return 'yes';
  return was === null ? Number.NaN : { ...was, unheardOf: 1 };
};

/** Members of any name are what these are for; what a notice is about may be a number or a text. */
const takesAnything = (path: readonly string[], there: unknown): boolean =>
  ['services', 'about', 'attributes'].includes(path.at(-1) ?? '') ||
  path.at(-2) === 'quantities' ||
  (path.at(-2) === 'about' && typeof there === 'string');

test('every type of fact is there', () => {
  expect([...facts.keys()].sort()).toEqual(Object.keys(storedEvents).sort());
});

describe.each([...facts])('%s', (type, fact) => {
  test('is written as it is', () => {
    expect(() => checked(fact)).not.toThrow();
  });

  test('is not written with any part of it spoilt', () => {
    const data = JSON.parse(JSON.stringify(fact.data)) as Json;
    for (const path of places(data)) {
      const there = path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], data);
      if (Array.isArray(there) || takesAnything(path, there)) continue;
      const bad = { ...fact, data: changedAt(data, path, spoilt) } as AccountEvent;
      expect(() => checked(bad), `${type} ${path.join('.')}`).toThrow(EventUnwritable);
    }
  });

  test('is not written at no instant', () => {
    for (const at of [Number.NaN, 1.5, Date.parse('+010000-01-01T00:00:00Z')])
      expect(() => checked({ ...fact, at })).toThrow();
  });
});

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('\n', '"', '\\', '\u2028', '\ud800', '"]'),
);
const number = fc.oneof(
  { weight: 9, arbitrary: fc.nat() },
  fc.constantFrom(-1, 1e15, 2 ** 53, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 1e21),
);
const metered = fc.record({
  data: fc.record({
    sources: fc.array(text, { minLength: 1, maxLength: 2 }),
    interfaces: fc.constant(['a/b']),
    packs: fc.constant(['pack-000001']),
    base: fc.oneof(
      fc.constant('2019-01-01T00:00:00.000Z'),
      fc.constantFrom('2019-13-01T00:00:00.000Z', '+012019-01-01T00:00:00.000Z'),
    ),
    records: fc.constant(1),
    usage: fc.array(
      fc.record({
        interface: text,
        day: text,
        records: number,
        calls: number,
        free: number,
        packs: number,
        postPaid: number,
      }),
      { maxLength: 1 },
    ),
    tallies: fc.array(
      fc.record({
        ...{ month: fc.constantFrom('2019-01', '2019-1'), product: text, meter: text, pool: fc.option(text) },
        ...{ free: number, postPaid: number, runs: fc.array(fc.tuple(text, number), { maxLength: 1 }) },
      }),
      { maxLength: 1 },
    ),
  }),
  id: text,
  numbers: fc.tuple(number, number),
  recognised: fc.option(number),
  payment: fc.oneof(fc.array(number, { maxLength: 1 }), fc.tuple(number, fc.constant(0), number)),
});

test('whatever the check by hand lets through is read by the schemas as what it was', () => {
  let good = 0;
  fc.assert(
    fc.property(metered, ({ data, id, numbers: [time, calls], recognised, payment }) => {
      const counts = recognised === null ? `${calls}` : `[${calls},${recognised}]`;
      const line = `[${[0, JSON.stringify(id), 0, time, counts, ...payment].join(',')}]`;
      if (!callsReadBack(data as CallsMetered, [line])) return;
      good += 1;
      const fact = { type: 'CallsMetered', at: 0, data, lines: [line] } as AccountEvent;
      const draft = encodeEvent(fact, '');
      const stored = { ...PLACE, ...draft };
      const read = decodeEvent(stored);
      expect(sameJson(read.data, data)).toBe(true);
      const [one] = decodeRecords(stored, read.data as CallsMetered, [line]);
      expect(one?.record).toEqual(
        recordOf(data as CallsMetered, Date.parse(data.base), [
          0,
          id,
          0,
          time,
          recognised === null ? calls : [calls, recognised],
        ]),
      );
    }),
    { numRuns: runs('facts checked by hand', 1_000, 300_000) },
  );
  expect(good).toBeGreaterThan(100);
});

test('a command whose fact cannot be read again fails alone', async () => {
  const given = await givenLedger(['face-recognition']);
  const { ledger } = given;
  const at = instant('2019-01-02T00:00:00+08:00');
  const before = (await ledger.entry('acme')).length;
  const evidence = {
    ...{ dispute: 'acme:1', explanation: '', checkpoint: null },
    replay: { match: true, issued: '', replayed: '', differences: 2 ** 53 },
  };
  await given.meters('2019-01-02T00:00:00+08:00', 'face-recognition/compare', 1);
  await given.closes('2019-01', '2019-02-01T04:00:00+08:00');
  await given.has('2019-02-02T00:00:00+08:00', 'open-dispute', { month: '2019-01', reason: 'a test' });
  const closed = (await ledger.entry('acme')).length;
  const late = instant('2019-02-03T00:00:00+08:00');
  await expect(ledger.attach('acme', evidence, late, null)).rejects.toThrow(EventUnwritable);
  expect((await ledger.entry('acme')).length).toBe(closed);
  expect(closed).toBeGreaterThan(before);
  await given.has('2019-02-04T00:00:00+08:00', 'deposit', { amount: '1', reference: 'after' });
  expect(at).toBeLessThan(late);
});

test('usage that cannot be read again fails for whoever reported it, not for others at the same time', async () => {
  const { ledger } = await givenLedger(['face-recognition']);
  const at = instant('2019-01-02T00:00:00+08:00');
  const record = {
    source: '/g',
    id: 'good',
    interface: 'face-recognition/compare',
    time: at,
    calls: 1,
    submitted: null,
  };
  // As a parser that let something through would hand it on.
  const bad = { ...record, id: 7 as never };
  const [first, second, third] = await Promise.allSettled([
    ledger.meter('acme', [record], at),
    ledger.meter('acme', [bad], at),
    ledger.meter('acme', [{ ...record, id: 'other' }], at),
  ]);
  expect(first).toMatchObject({ status: 'fulfilled', value: [{ outcome: 'accepted' }] });
  expect(second).toMatchObject({ status: 'rejected', reason: expect.any(EventUnwritable) });
  expect(third).toMatchObject({ status: 'fulfilled', value: [{ outcome: 'accepted' }] });
});

test('an event of a side stream that would not come back is not appended', async () => {
  const store = openMemoryStore();
  const job = { job: 'job', closed: 2 ** 53, refused: [] };
  const writes = appendSystem(store, 'jobs', 'JobDone', 0, '', async () => [job]);
  await expect(writes).rejects.toThrow(EventUnwritable);
  expect((await store.head('jobs')).length).toBe(0);
  const refused = (record: unknown, code = 'suspended') => {
    const data = { records: [{ mark: '', code, detail: '', record }] };
    const stored = { stream: 'refused', revision: 0, data: JSON.stringify(data) };
    const header = JSON.stringify({
      type: 'UsageRefused',
      version: 1,
      at: '1970-01-01T00:00:00.000Z',
      recordedAt: '',
    });
    return () => checkSystemReadsBack({ ...stored, header }, { type: 'UsageRefused', at: 0, data });
  };
  expect(refused({ calls: [1, null, { deep: true }] })).not.toThrow();
  expect(refused({ calls: Number.POSITIVE_INFINITY })).toThrow(EventUnwritable);
  expect(refused({}, 'no such code')).toThrow(EventUnwritable);
});
