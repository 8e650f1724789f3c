/** RFC 3339 instants at the edge. */
const RFC3339 =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])[Tt](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
const FINER = /(\.\d{3})\d+/;
/** `2019-10-03T08:00:00.000+08:00`: a longer text has digits to cut off. */
const LENGTH_TO_MS = 24;
const EVERY_MONTH_HAS = 28;
/**
 * Latest year; what derives from an instant (a year later, a grace of ten years, another zone) must have a year of four
 * digits.
 */
const FIRST = Date.parse('0001-01-03T00:00:00Z');
const END = Date.parse('9990-01-01T00:00:00Z');

/**
 * The instant of a text, in milliseconds since the epoch; finer digits are truncated, not rounded (rules.md, section
 * 7). Null if the text is not an RFC 3339 date-time with an offset, has a day that does not exist, or is in the year 0,
 * at its edge, or after 9989.
 */
export const instantFromText = (text: string): number | null => {
  if (!RFC3339.test(text)) return null;
  const day = Number(text.slice(8, 10));
  if (day > EVERY_MONTH_HAS && day > daysIn(Number(text.slice(0, 4)), Number(text.slice(5, 7)))) return null;
  const instant = Date.parse(text.length > LENGTH_TO_MS ? text.replace(FINER, '$1').toUpperCase() : text);
  return instant >= FIRST && instant < END ? instant : null;
};

const LONG = new Set([1, 3, 5, 7, 8, 10, 12]);
const daysIn = (year: number, month: number): number => {
  if (month !== 2) return LONG.has(month) ? 31 : 30;
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
};
