/** RFC 3339 instants at the edge. */
const RFC3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
const MILLISECOND_DIGITS = 4;

/**
 * The instant a text names, in milliseconds since the epoch; finer digits are cut off, not rounded (rules.md, section
 * 7). Null when the text is no RFC 3339 date-time with an offset, or names a day its month does not have.
 */
export const instantFromText = (text: string): number | null => {
  const match = RFC3339.exec(text);
  if (!match) return null;
  const [, year, month, day, , , , fraction] = match;
  if (Number(day) > daysIn(Number(year), Number(month))) return null;
  const cut =
    fraction && fraction.length > MILLISECOND_DIGITS
      ? text.replace(fraction, fraction.slice(0, MILLISECOND_DIGITS))
      : text;
  const instant = Date.parse(cut.toUpperCase());
  return Number.isNaN(instant) ? null : instant;
};

const LONG = new Set([1, 3, 5, 7, 8, 10, 12]);
const daysIn = (year: number, month: number): number => {
  if (month !== 2) return month >= 1 && month <= 12 ? (LONG.has(month) ? 31 : 30) : 0;
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
};
