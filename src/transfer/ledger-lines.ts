/** Parses the lines of an exported ledger and checks each against the hash chain. */
import { Buffer } from 'node:buffer';
import * as z from 'zod';
import { NO_PREVIOUS, payloadDigest, sealOf } from '../integrity/hash-chain.ts';
import { packLines } from '../integrity/record-block.ts';
import type { SealedEvent } from '../integrity/sealed-event.ts';
import { DEPTH_MAX } from '../text/json-faults.ts';
import { strictJson } from '../text/strict-json.ts';
import { READABLE, unreadable } from './readable.ts';

/** An invalid export: the line, its event, and what differs. Nothing of the file may be used. */
export class LedgerFileBroken extends Error {
  readonly line: number;
  readonly stream: string | null;
  readonly revision: number | null;
  readonly what: string;
  readonly expected: string;
  readonly found: string;
  constructor(line: number, of: EventPlace | null, what: string, expected: string, found: string) {
    const event = of === null ? '' : `event ${of.revision} of ${of.stream}: `;
    super(`line ${line}: ${event}${what}: expected ${expected}, found ${found}`);
    this.line = line;
    this.stream = of?.stream ?? null;
    this.revision = of?.revision ?? null;
    this.what = what;
    this.expected = expected;
    this.found = found;
  }
}

interface EventPlace {
  readonly stream: string;
  readonly revision: number;
}

const eventOfLine = z.strictObject({
  position: z.string(),
  /** Only in the first line (see `ledger-end.ts`). */
  ends: z.literal('sha256').optional(),
  stream: z.string().min(1),
  revision: z.int().min(0),
  header: z.looseObject({}),
  data: z.unknown(),
  records: z.array(z.unknown()).optional(),
  hash: z.string(),
});

/** Stored texts may hold what a reporter's JSON held: half of a pair, and its depth within the event's own. */
const STORED = { halves: true, depth: DEPTH_MAX + 16 };
const FOUND_SHOWN = 80;
const DIGITS = /^\d+$/;

/**
 * Returns a function that takes the lines of a ledger in order and returns each event with its exact bytes. Throws
 * LedgerFileBroken at the first line that does not continue its stream, the global order, or the hash chain. Keeps one
 * head per stream in memory.
 */
export const lineChecker = (): ((line: string) => SealedEvent) => {
  const heads = new Map<string, { length: number; hash: string }>();
  let count = 0;
  return (line) => {
    count += 1;
    const number = count;
    const { position, stream, revision, header, data, records, hash } = parsedLine(number, line);
    const differs = (what: string, expected: string, found: string): LedgerFileBroken =>
      new LedgerFileBroken(number, { stream, revision }, what, expected, found);
    const head = heads.get(stream) ?? { length: 0, hash: NO_PREVIOUS };
    if (revision !== head.length) throw differs('revision', String(head.length), String(revision));
    // Positions are consecutive, so a gap reveals events removed from the end of a stream.
    if (!DIGITS.test(position) || Number(position) !== number)
      throw differs('position', String(number), position);
    // Seals cover bytes. Stored texts were written by JSON.stringify, so it restores the same bytes.
    const texts = { header: JSON.stringify(header), data: JSON.stringify(data) };
    const lines = records ? records.map((record) => JSON.stringify(record)) : null;
    const payload = payloadDigest(texts.data, lines);
    const sealed = sealOf({ previous: head.hash, stream, revision, header: texts.header, payload });
    if (sealed.hash !== hash) throw differs('hash', sealed.hash, hash);
    const why = unreadable({ stream, revision, ...texts }, lines);
    if (why !== null) throw differs('content', READABLE, why);
    heads.set(stream, { length: revision + 1, hash });
    return {
      id: sealed.id,
      stream,
      revision,
      ...texts,
      records: lines ? packLines(lines) : null,
      hash: Buffer.from(hash, 'hex'),
    };
  };
};

const parsedLine = (number: number, line: string): z.infer<typeof eventOfLine> & { data: unknown } => {
  const json = strictJson(line, STORED);
  if (!json.ok) {
    const { kind, field, detail } = json.fault;
    if (kind === 'syntax')
      throw new LedgerFileBroken(number, null, 'line', 'an event as JSON', line.slice(0, FOUND_SHOWN));
    throw new LedgerFileBroken(
      number,
      placeIn(json.value),
      field || 'line',
      'JSON read without loss',
      detail,
    );
  }
  const event = eventOfLine.safeParse(json.value);
  if (event.success && event.data.data !== undefined) return event.data;
  const [issue] = event.error?.issues ?? [];
  const field = issue?.path.join('.') || 'line';
  throw new LedgerFileBroken(number, placeIn(json.value), field, 'an event', issue?.message ?? 'no data');
};

/** Stream and revision in an invalid line, if it has them. */
const placeIn = (json: unknown): EventPlace | null => {
  const { stream, revision } = (json ?? {}) as { stream?: unknown; revision?: unknown };
  return typeof stream === 'string' && typeof revision === 'number' ? { stream, revision } : null;
};
