/**
 * CSV for accountants: RFC 4180 rows in UTF-8 with a byte order mark, and no cell that a spreadsheet would run as a
 * formula. Text, which may come from customers, is escaped; number cells are made from counts and money only, and stay
 * numbers.
 */

/** Byte order mark at the start of a file; without it spreadsheets misread Chinese text. */
const BOM = '\ufeff';

/** A cell that is a number for the spreadsheet, as exact decimal text. */
export interface NumberCell {
  readonly number: string;
}

/** Text, a number, or nothing. */
export type Cell = string | NumberCell | null;

const DECIMAL = /^-?\d+(\.\d+)?$/;

/** A number cell from a count or decimal text; null stays null. Throws for text that is not a decimal. */
export const numberCell = (value: number | string | null): Cell => {
  if (value === null) return null;
  const number = String(value);
  if (!DECIMAL.test(number)) throw new RangeError(`${number} is not a decimal number`);
  return { number };
};

/**
 * Text that spreadsheets take for a formula, also after blanks and invisible characters, which they strip, and in
 * full-width forms, which some treat like ASCII. A leading tab or carriage return would move on to the next cell.
 */
const FORMULA = /^[\s\p{Cf}\p{Zs}\0]*[=+\-@＝＋－＠−]|^[\s\p{Cf}\0]*[\t\r]/u;
const NEEDS_QUOTES = /[",\r\n\t]|^\s|\s$/;

const GUARD = "'";

/**
 * Escapes text for spreadsheets: an apostrophe is put before text that could be a formula. Text that begins with an
 * apostrophe gets another one, so the escaping is unambiguous and `withoutGuard` reverts it.
 */
export const neutralised = (text: string): string =>
  text.startsWith(GUARD) || FORMULA.test(text) ? `${GUARD}${text}` : text;

/** Reverts `neutralised`: removes a leading apostrophe. */
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

/** Approximate size in characters of the emitted pieces; one piece per row would be slow. */
const PIECE = 64 * 1024;

/** Streams a whole file: byte order mark, column names, rows. */
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
