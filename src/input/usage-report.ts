/** Usage reports from JSON, each with its original form, for the log of refused usage. */
import { Buffer } from 'node:buffer';
import { arrayElements, NotAnArray, type Piece, startsArray } from '../text/json-elements.ts';
import { plainLength, type StrictJson, strictJson } from '../text/strict-json.ts';
import { utf8InSteps, utf8Text } from '../text/utf8.ts';
import { invalidUsage, type ParsedUsage, parseUsage } from './usage-event.ts';

/** Characters of one report. A usage CloudEvent has some hundreds. */
export const REPORT_MAX = 64 * 1024;

/** A report as received: a JSON value, if lossless, or the text, or the bytes if they are not UTF-8. */
export type Came =
  | { readonly json: unknown }
  | { readonly text: string }
  /** `length`: total bytes, of which only the first are stored. */
  | { readonly bytes: Uint8Array; readonly length: number };

/** A record's strings may be any that JSON can express; they are compared and shown verbatim. */
const HALVES = { halves: true };

export interface UsageReport {
  readonly parsed: ParsedUsage;
  readonly came: Came;
}

/** A report that is at hand as a value. */
export const reportOfValue = (value: unknown): UsageReport => ({
  parsed: parseUsage(value),
  came: { json: value },
});

/**
 * Parses a report from JSON text. Never throws: text that is not JSON, or that JSON.parse would not read losslessly, is
 * a refused report.
 */
export const reportOfText = (text: string): UsageReport =>
  text.length > REPORT_MAX ? tooLong(text) : reportOfJson(text, strictJson(text, HALVES));

/** The same, of a text that was read already. */
export const reportOfJson = (text: string, json: StrictJson): UsageReport => {
  if (text.length > REPORT_MAX) return tooLong(text);
  if (json.ok) return reportOfValue(json.value);
  const { field, detail } = json.fault;
  return { parsed: invalidUsage(json.value, field || 'record', detail), came: { text } };
};

const tooLong = (text: string): UsageReport => ({
  parsed: invalidUsage(null, 'record', `must have at most ${REPORT_MAX} characters`),
  came: { text },
});

/** Parses a report from the bytes of a line; of an absurdly long one only the first bytes and the length. */
export const reportOfLine = (bytes: Uint8Array, length = bytes.length): UsageReport => {
  const text = length > bytes.length ? null : utf8Text(bytes);
  if (text !== null) return reportOfText(text);
  const rule = length > bytes.length ? `must have at most ${bytes.length} bytes` : 'must be UTF-8';
  return { parsed: invalidUsage(null, 'record', rule), came: { bytes, length } };
};

/** A body is not a report or an array of them; its message completes "body …". */
export class NotReports extends Error {}
/** A body has more reports than one request may have. */
export class TooManyReports extends Error {}

/** Yields to the event loop when due; returns null if not. Takes the number of usual steps ahead. */
type Pause = (steps?: number) => Promise<void> | null;
/** Characters per step; reading a report of 64 Ki characters takes milliseconds. */
const STEP = 1024;

const stepsOf = (characters: number): number => 1 + Math.floor(characters / STEP);

/** Bytes that are parsed at once. */
const AT_ONCE = 512 * 1024;
/** Prefix that is searched for spaces: a writer that uses spaces uses them everywhere. */
const STYLE_SHOWN = 1_000;
/** Most bytes of a character, by the length of text that it takes. */
const BYTES = 3;

/**
 * The reports of a body: one CloudEvent, or an array of at most `most`. Throws NotReports if the body as a whole is not
 * JSON, and TooManyReports. A long body is read element by element, each from its own bytes.
 */
export const reportsOfBody = async (
  body: Uint8Array,
  most: number,
  pause: Pause,
): Promise<readonly UsageReport[]> => {
  if (body.length > AT_ONCE) return reportsOfLong(body, most, pause);
  const text = utf8Text(body)?.trim();
  if (text === undefined) throw new NotReports(NOT_UTF8);
  if (!text.startsWith('[')) return [oneReport(text)];
  const plain = plainElements(text);
  if (plain === null) return piecewise(body, most, pause);
  const { values, lengths } = plain;
  if (values.length > most) throw new TooManyReports();
  const reports: UsageReport[] = [];
  for (const [i, value] of values.entries()) {
    reports.push(reportOfValue(value));
    const turn = pause(stepsOf(lengths[i] ?? 0));
    if (turn) await turn;
  }
  return reports;
};

const NOT_UTF8 = 'is not UTF-8';

const reportsOfLong = async (
  body: Uint8Array,
  most: number,
  pause: Pause,
): Promise<readonly UsageReport[]> => {
  for (const steps = utf8InSteps(body); ; ) {
    const step = steps.next();
    if (step.value === false) throw new NotReports(NOT_UTF8);
    if (step.done) break;
    const turn = pause(UTF8_STEPS);
    if (turn) await turn;
  }
  return startsArray(body) ? piecewise(body, most, pause) : [longReport(body)];
};
/** Usual steps that the bytes between two yields of the check count for. */
const UTF8_STEPS = 8;

const oneReport = (text: string): UsageReport => {
  if (text.length > REPORT_MAX) return tooLong(text);
  const json = strictJson(text, HALVES);
  if (typeof json.value !== 'object' || json.value === null)
    throw new NotReports(json.ok ? NO_EVENT : json.fault.detail);
  return reportOfJson(text, json);
};

const NO_EVENT = 'must be a usage CloudEvent or an array of them';

interface PlainElements {
  readonly values: readonly unknown[];
  /** In characters. */
  readonly lengths: readonly number[];
}

/** The elements of an array with minimal text, and their lengths; null if that is unknown. */
const plainElements = (text: string): PlainElements | null => {
  if (text.slice(0, STYLE_SHOWN).includes('": ')) return null;
  let values: unknown;
  try {
    values = JSON.parse(text);
  } catch {
    return null;
  }
  if (!Array.isArray(values)) return null;
  if (values.length === 0) return { values, lengths: [] };
  const lengths: number[] = [];
  let length = 1;
  for (const value of values) {
    const own = plainLength(value);
    // Not a number: unknown.
    if (!(own <= REPORT_MAX)) return null;
    lengths.push(own);
    length += own + 1;
  }
  return length === text.length ? { values, lengths } : null;
};

const piecewise = async (body: Uint8Array, most: number, pause: Pause): Promise<readonly UsageReport[]> => {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length);
  const reports: UsageReport[] = [];
  try {
    for (const piece of arrayElements(bytes)) {
      const turn = pause(piece === null ? 1 : stepsOf(piece.to - piece.from));
      if (turn) await turn;
      if (piece === null) continue;
      if (reports.length === most) throw new TooManyReports();
      reports.push(elementReport(bytes, piece, reports.length));
    }
  } catch (error) {
    if (error instanceof NotAnArray) throw new NotReports(error.message);
    throw error;
  }
  return reports;
};

const elementReport = (bytes: Buffer, { from, to }: Piece, index: number): UsageReport => {
  if (to - from > BYTES * REPORT_MAX) return longReport(bytes.subarray(from, to));
  const text = bytes.toString('utf8', from, to).trim();
  if (text.length > REPORT_MAX) return tooLong(text);
  const json = strictJson(text, HALVES);
  if (!json.ok && json.fault.kind === 'syntax')
    throw new NotReports(`${json.fault.detail} (element ${index})`);
  return json.ok
    ? { parsed: parseUsage(json.value), came: new ReadAgain(bytes, from, to) }
    : reportOfJson(text, json);
};

/**
 * A report of a long body, read again when it is asked for: few are refused, and the values of all of them would be half of
 * what the garbage collector copies meanwhile.
 */
class ReadAgain {
  // Members that are private at run time (`#body`) would take more memory than is saved.
  private readonly body: Buffer;
  private readonly from: number;
  private readonly to: number;

  constructor(body: Buffer, from: number, to: number) {
    this.body = body;
    this.from = from;
    this.to = to;
  }

  get json(): unknown {
    return JSON.parse(this.body.toString('utf8', this.from, this.to).trim());
  }
}

/** Of what cannot be a report for its length, only the first bytes. */
const longReport = (bytes: Uint8Array): UsageReport =>
  reportOfLine(bytes.subarray(0, REPORT_MAX), bytes.length);
