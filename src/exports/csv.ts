/**
 * CSV that an accountant can open: RFC 4180 rows in UTF-8 with a byte order mark, and no cell that a spreadsheet would
 * run as a formula. What customers wrote is a text cell and is made harmless; numbers are a kind of their own, made
 * here from counts and money only, and stay numbers.
 */

/** Comes first in a file: without it spreadsheets read Chinese as something else. */
export const BOM = '\ufeff';

/** A cell that is a number for the spreadsheet, as exact decimal text. */
export interface NumberCell {
  readonly number: string;
}

/** Text, a number, or nothing. */
export type Cell = string | NumberCell | null;

const DECIMAL = /^-?\d+(\.\d+)?$/;

/** A number's cell from a count or from exact decimal text; null stays empty. Throws for a text that is no decimal. */
export const numberCell = (value: number | string | null): Cell => {
  if (value === null) return null;
  const number = String(value);
  if (!DECIMAL.test(number)) throw new RangeError(`${number} is not a decimal number`);
  return { number };
};

/**
 * What spreadsheets take for the start of a formula, also behind blanks and invisible marks, which they strip, and in
 * the full width forms, which some read as their ASCII twins. A tab and a return lead into the next cell.
 */
const FORMULA = /^[\s\p{Cf}\p{Zs}\0]*[=+\-@＝＋－＠−]|^[\s\p{Cf}\0]*[\t\r]/u;
const NEEDS_QUOTES = /[",\r\n\t]|^\s|\s$/;

const GUARD = "'";

/**
 * A text as a spreadsheet should take it: behind an apostrophe when it could be a formula. One that begins with an
 * apostrophe gets another, so that no two texts are one cell and `withoutGuard` gives each back.
 */
export const neutralised = (text: string): string =>
  text.startsWith(GUARD) || FORMULA.test(text) ? `${GUARD}${text}` : text;

/** The text of a text cell of these files: without its first character where that is an apostrophe. */
export const withoutGuard = (cell: string): string =>
  cell.startsWith(GUARD) ? cell.slice(GUARD.length) : cell;

const cellText = (cell: Cell): string => {
  if (cell === null) return '';
  if (typeof cell !== 'string') return cell.number;
  const text = neutralised(cell);
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** One row with its line end (CRLF). A row of one empty cell is written as `""`, so that it is not a blank line. */
export const csvRow = (cells: readonly Cell[]): string => {
  const row = cells.map(cellText).join(',');
  return `${row === '' ? '""' : row}\r\n`;
};

/** Rows are handed on in pieces of about this many characters: a piece a row would cost more than the row. */
const PIECE = 64 * 1024;

/** A whole file as it streams: the byte order mark, the names of the columns, then the rows. */
export async function* csvFile(
  columns: readonly string[],
  rows: AsyncIterable<readonly Cell[]> | Iterable<readonly Cell[]>,
): AsyncGenerator<string> {
  let piece = BOM + csvRow(columns);
  for await (const row of rows) {
    piece += csvRow(row);
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}
