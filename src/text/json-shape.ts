/** The shape of a JSON text, found without reading it into values: hostile text is refused before it takes memory. */

export interface ShapeMax {
  /** Objects and arrays within one another. */
  readonly depth: number;
  /** Values in all, names of members among them. */
  readonly values: number;
}

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = [0x7b, 0x7d, 0x5b, 0x5d];

/** What is too much in a text that is, or claims to be, JSON; null where nothing is. Linear in the text. */
export const shapeProblem = (text: string, { depth, values }: ShapeMax): string | null => {
  // So short a text has room for neither.
  if (text.length <= Math.min(depth, values)) return null;
  let level = 0;
  let count = 1;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at);
      continue;
    }
    if (code === COMMA || code === COLON) count += 1;
    else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      level += 1;
      count += 1;
      if (level > depth) return `nested more than ${depth} deep`;
    } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) level -= 1;
    if (count > values) return `more than ${values} values`;
  }
  return null;
};

/** Where a string that begins at a quote ends; at the end of the text where it does not. */
const endOfString = (text: string, from: number): number => {
  for (let at = from + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at;
    if (code === BACKSLASH) at += 1;
  }
  return text.length;
};
