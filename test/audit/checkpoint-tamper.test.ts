/**
 * A store rewritten by someone with full access to it: the end cut, a stream removed, a suffix hashed again, the log of
 * checkpoints rewritten to match. A checkpoint kept elsewhere finds it, and the finding names stream and revision.
 */
import { expect, test } from 'vitest';
import type { Finding } from '../../src/audit/verify/finding.ts';
import { verifyStore } from '../../src/audit/verify/verify-store.ts';
import { hexText } from '../../src/checkpoint/bytes.ts';
import { checkpointsIn } from '../../src/checkpoint/checkpoint-files.ts';
import { openFrontier } from '../../src/checkpoint/frontier.ts';
import { hashOfLeaf, LOG } from '../../src/checkpoint/leaf.ts';
import type { Checkpoint } from '../../src/checkpoint/note.ts';
import { type Random, randomFrom } from '../../src/demo/random.ts';
import { calendarOf } from '../../src/domain/calendar.ts';
import type { EventStore, RecordedEvent } from '../../src/eventstore/event-store.ts';
import { openMemoryStore } from '../../src/eventstore/memory.ts';
import { recordLines } from '../../src/integrity/record-block.ts';
import { hexOf, seal } from '../../src/integrity/seal-events.ts';
import { runs } from '../support/proof.ts';
import { sealedLedger } from '../support/sealed.ts';

const pick = <T>(random: Random, list: readonly T[]): T => list[random.between(0, list.length - 1)] as T;

interface Plain {
  stream: string;
  header: string;
  data: string;
  lines?: readonly string[];
}

const calendar = calendarOf('Asia/Shanghai');
const plainOf = ({ stream, header, data, records }: RecordedEvent): Plain => ({
  stream,
  header,
  data,
  ...(records ? { lines: recordLines(records) } : {}),
});

/** A store of these events, every seal made anew. */
const rewritten = async (events: readonly Plain[]): Promise<EventStore> => {
  const store = openMemoryStore();
  for (const { stream, ...draft } of events) {
    const { length, hash } = await store.head(stream);
    await store.append(stream, length, seal(stream, length, hash, [draft]));
  }
  return store;
};

/** The log of checkpoints made to match rewritten streams, but for its signatures. */
const logMatched = async (events: readonly Plain[]): Promise<Plain[]> => {
  const without = await rewritten(events.filter(({ stream }) => stream !== LOG));
  const frontier = openFrontier();
  const out: Plain[] = [];
  for (const event of events) {
    if (event.stream !== LOG) {
      out.push(event);
      continue;
    }
    const data = JSON.parse(event.data);
    if (data.leaves) {
      const leaves = [];
      for (const [stream, revision] of data.leaves as [string, number, string][]) {
        const options = { from: revision, limit: 1, direction: 'forwards', records: false } as const;
        const [at] = await without.read(stream, options);
        if (!at) continue;
        leaves.push([stream, revision, hexOf(at.hash)]);
        frontier.add(hashOfLeaf({ stream, revision, head: hexOf(at.hash) }));
      }
      out.push({ ...event, data: JSON.stringify({ from: frontier.size() - leaves.length, leaves }) });
    } else {
      const root = hexText(frontier.root());
      out.push({ ...event, data: JSON.stringify({ ...data, size: frontier.size(), root }) });
    }
  }
  return out;
};

const findings = async (store: EventStore, kept: readonly Checkpoint[]): Promise<readonly Finding[]> =>
  (await verifyStore(store, calendar, () => undefined, kept)).findings;

/** What a forger does to the events; the streams that are covered are all but the log's last events. */
const FORGERIES: Readonly<Record<string, (events: Plain[], random: Random) => Plain[]>> = {
  'the end of a stream cut': (events, random) => {
    const stream = pick(
      random,
      [...new Set(events.map((e) => e.stream))].filter((name) => name !== LOG),
    );
    const own = events.filter((e) => e.stream === stream);
    const gone = new Set(own.slice(-random.between(1, own.length)));
    return events.filter((e) => !gone.has(e));
  },
  'an event left out': (events, random) => {
    const places = events.flatMap((e, i) => (e.stream === LOG ? [] : [i]));
    return events.toSpliced(pick(random, places), 1);
  },
  'an event told otherwise': (events, random) => {
    const places = events.flatMap((e, i) => (e.stream === 'account-acme' ? [i] : []));
    const at = pick(random, places);
    const event = events[at];
    if (!event) return events;
    if (event.lines) return events.with(at, { ...event, lines: event.lines.slice(1) });
    return events.with(at, {
      ...event,
      data: event.data.replace(/\d(?=\D*$)/, (d) => String((Number(d) + 1) % 10)),
    });
  },
  'two events of a stream changed places': (events, random) => {
    const places = events.flatMap((e, i) => (e.stream === 'account-acme' ? [i] : []));
    const k = random.between(0, places.length - 2);
    const [a = 0, b = 0] = [places[k], places[k + 1]];
    const [first, second] = [events[a], events[b]];
    return first && second ? events.with(a, second).with(b, first) : events;
  },
  'the end of everything cut': (events, random) => events.slice(0, -random.between(1, events.length - 2)),
};

test('a store that was rewritten no longer fits a checkpoint kept elsewhere', async () => {
  const { store, sealer, given } = await sealedLedger();
  await given.closes('2019-03', '2019-04-01T04:00:00+08:00');
  const kept = checkpointsIn(`${sealer.tree.last()?.note}\n${(await sealer.sign()).note}`);
  const events = (await store.readAll({ after: null, limit: 10_000, records: true })).map(plainOf);
  expect(await findings(await rewritten(events), kept)).toEqual([]);
  const random = randomFrom(17);
  const count = runs('rewritten stores', 40, 10_000);
  const names = Object.keys(FORGERIES);
  for (let i = 0; i < count; i++) {
    const name = names[i % names.length] ?? '';
    const bad = FORGERIES[name]?.(events, random) ?? events;
    if (JSON.stringify(bad) === JSON.stringify(events)) continue;
    // Half of the forgers rewrite the log too.
    const forger = random.perMille(500) ? await logMatched(bad) : bad;
    const found = await findings(await rewritten(forger), kept);
    expect(found.length, `${name} ${i}`).toBeGreaterThan(0);
    for (const { stream, revision, what } of found) {
      expect(typeof stream).toBe('string');
      expect(Number.isInteger(revision)).toBe(true);
      expect(what).not.toBe('');
    }
  }
}, 3_600_000);

test('a suffix hashed again is named where it begins to differ from the log', async () => {
  const { store, sealer } = await sealedLedger();
  const kept = checkpointsIn(sealer.tree.last()?.note ?? '');
  const events = (await store.readAll({ after: null, limit: 10_000, records: true })).map(plainOf);
  const deposit = events.findIndex(({ header }) => header.includes('FundsDeposited'));
  const forged = events.with(deposit, {
    ...(events[deposit] ?? { stream: '', header: '', data: '' }),
    data: '{"amount":"99000.00","reference":"wire 1"}',
  });
  const found = await findings(await rewritten(forged), kept);
  const head = (await store.head('account-acme')).length - 1;
  expect(found.map(({ stream, revision, what }) => [stream, revision, what])).toContainEqual([
    'account-acme',
    head,
    'hash in the log of checkpoints',
  ]);
});
