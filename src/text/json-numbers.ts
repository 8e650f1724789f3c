/**
 * Numbers that JSON can express and a double cannot: `1e400` would become infinity, 9007199254740993 its predecessor.
 * RFC 8259, section 6, leaves such numbers to the reader; this one refuses them.
 */

/** Digits that every double preserves; a number without exponent that has no more is safe. */
const SURE_LENGTH = 15;
const PARTS = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** Whether the number that a JSON text writes is the number that is read from it. */
export const survives = (text: string): boolean => {
  if (text.length <= SURE_LENGTH && !/[eE]/.test(text)) return true;
  const read = Number(text);
  if (!Number.isFinite(read)) return false;
  const written = decimalOf(text);
  const back = decimalOf(String(read));
  return (
    written !== null && back !== null && written.digits === back.digits && written.exponent === back.exponent
  );
};

/** A decimal text without sign, as digits that neither begin nor end with zero, and a power of ten. */
const decimalOf = (text: string): { digits: string; exponent: number } | null => {
  const [, whole = '', fraction = '', power = '0'] = PARTS.exec(text) ?? [];
  if (whole === '') return null;
  const digits = withoutZerosBefore(whole + fraction);
  if (digits === '') return { digits: '0', exponent: 0 };
  const kept = withoutZerosBehind(digits);
  return { digits: kept, exponent: Number(power) - fraction.length + (digits.length - kept.length) };
};

// By hand: a pattern such as /0+$/ would be quadratic for a hostile text.
const withoutZerosBefore = (digits: string): string => {
  let from = 0;
  while (digits.charCodeAt(from) === ZERO) from += 1;
  return digits.slice(from);
};
const withoutZerosBehind = (digits: string): string => {
  let to = digits.length;
  while (digits.charCodeAt(to - 1) === ZERO) to -= 1;
  return digits.slice(0, to);
};
const ZERO = 0x30;
