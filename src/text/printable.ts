/**
 * Escapes text from others for a terminal. Control characters move the cursor and erase lines, bidirectional ones
 * reorder text; either could falsify a report.
 */

/**
 * C0 and C1 controls, DEL, line and paragraph separators, bidirectional marks, embeddings, overrides and isolates
 * (Unicode 16, UAX 9), zero-width characters, the byte order mark, interlinear annotation, tags, and lone surrogates.
 */
const UNPRINTABLE =
  /\p{Cc}|[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;

/** Escapes text for one line: invisible and misleading characters become `\u{…}`. */
export const printable = (text: string): string =>
  text.replace(UNPRINTABLE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);

/** The same for text with lines of the program's own: line feeds are kept. */
export const printableLines = (text: string): string => text.split('\n').map(printable).join('\n');

/** The same for JSON, which stays valid: unprintable characters become `\uXXXX`. Line feeds between values are kept. */
export const printableJson = (json: string): string =>
  json.replace(UNPRINTABLE, (character) => (character === '\n' ? character : jsonEscaped(character)));

const jsonEscaped = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
  ).join('');
