/**
 * Checks that a CallsMetered event decodes to itself, without decoding it: a month has millions of records, and parsing
 * each again would cost more than deciding it. Whatever passes here is decoded by the schemas unchanged (a test compares
 * them): numbers are integers that JSON text preserves, and texts are strings.
 */
import type { CallsMetered, Tally, UsageSum } from '../domain/events.ts';

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;
const BASE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;
/** Matches a line of `storedLine` whose integers have at most fifteen digits, hence are below 2^53. */
const LINE =
  /^\[\d{1,15},"[^"\\\p{Cc}]*(?:\\(?:["\\/bfnrt]|u[0-9a-f]{4})[^"\\\p{Cc}]*)*",\d{1,15},\d{1,15},(?:\d{1,15}|\[\d{1,15},\d{1,15}\])(?:,\d{1,15})*\]$/u;

/** Whether data and lines of an event decode to themselves. */
export const callsReadBack = (data: CallsMetered, lines: readonly string[]): boolean =>
  // Sums by tag are rare, and read by the schema.
  data.tagged === undefined &&
  hasOnly(data, data.uncharged === undefined ? 7 : 8) &&
  data.records === lines.length &&
  lines.every((line) => LINE.test(line)) &&
  BASE.test(data.base) &&
  areTexts(data.sources) &&
  areTexts(data.interfaces) &&
  areTexts(data.packs) &&
  data.usage.every(isSum) &&
  data.tallies.every(isTally) &&
  (data.uncharged === undefined ||
    data.uncharged.every((one) => hasOnly(one, 2) && MONTH.test(one.month) && isCount(one.calls)));

/** Whether an object has exactly the checked members; a reader would drop others. */
const hasOnly = (value: object, members: number): boolean => Object.keys(value).length === members;

const isCount = (value: unknown): boolean => Number.isSafeInteger(value);
const isText = (value: unknown): boolean => typeof value === 'string';
const areTexts = (values: readonly unknown[]): boolean => values.every(isText);

const isSum = (sum: UsageSum): boolean => {
  const { interface: id, measure, class: of, day, records, calls, free, packs, postPaid, waived } = sum;
  return (
    hasOnly(sum, 7 + count(measure) + count(of) + count(waived)) &&
    (measure === undefined || isText(measure)) &&
    (of === undefined || isText(of)) &&
    (waived === undefined || isCount(waived)) &&
    isText(id) &&
    isText(day) &&
    isCount(records) &&
    isCount(calls) &&
    isCount(free) &&
    isCount(packs) &&
    isCount(postPaid)
  );
};

/** 1 where an optional member is there. */
const count = (member: unknown): number => (member === undefined ? 0 : 1);

const isTally = (tally: Tally): boolean => {
  const { month, product, meter, pool, free, postPaid, runs } = tally;
  const { shared, day, waived, freeRuns, points } = tally;
  return (
    hasOnly(tally, 7 + count(shared) + count(day) + count(waived) + count(freeRuns) + count(points)) &&
    MONTH.test(month) &&
    isText(product) &&
    isText(meter) &&
    (pool === null || isText(pool)) &&
    isCount(free) &&
    isCount(postPaid) &&
    runs.every(isRun) &&
    (day === undefined || isText(day)) &&
    (waived === undefined || isCount(waived)) &&
    (points === undefined || isCount(points)) &&
    (freeRuns === undefined || freeRuns.every((run) => run.length === 2 && run.every(isCount)))
  );
};

const isRun = ([pack, units, weight, ...more]: readonly unknown[]): boolean =>
  isText(pack) && isCount(units) && (weight === undefined || isCount(weight)) && more.length === 0;
