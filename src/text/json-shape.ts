/**
 * Measures the shape of a JSON text without parsing it into values, so that hostile text is refused before it takes
 * memory.
 */

export interface ShapeMax {
  /** Objects and arrays within one another. */
  readonly depth: number;
  /** Values in all, names of members among them. */
  readonly values: number;
  /** Members of one object, one name twice counted twice; absent: any number. */
  readonly members?: number;
}

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = [0x7b, 0x7d, 0x5b, 0x5d];

/** The limit that a JSON text exceeds; null if none. Linear time; the text need not be valid. */
export const shapeProblem = (text: string, { depth, values, members = values }: ShapeMax): string | null => {
  // So short a text has room for neither.
  if (text.length <= Math.min(depth, values)) return null;
  let level = 0;
  let count = 1;
  /** Members so far of the object that is being read, and of those around it. */
  let named = 0;
  const around: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at);
      continue;
    }
    if (code === COMMA) count += 1;
    else if (code === COLON) {
      count += 1;
      named += 1;
      if (named > members) return `more than ${members} members in one object`;
    } else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      level += 1;
      count += 1;
      if (level > depth) return `nested more than ${depth} deep`;
      around.push(named);
      named = 0;
    } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
      level -= 1;
      named = around.pop() ?? 0;
    }
    if (count > values) return `more than ${values} values`;
  }
  return null;
};

/** The end of a string that begins at a quote; the text's end if it is not closed. */
const endOfString = (text: string, from: number): number => {
  for (let at = from + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at;
    if (code === BACKSLASH) at += 1;
  }
  return text.length;
};
