/** Columns and bars of text. */
import width from 'string-width';
import { printable } from '../text/printable.ts';
import { plain } from './style.ts';

/**
 * Columns as wide as their widest cell shows; numbers to the right. Widths are those of a terminal:
 * a Chinese character or an emoji takes two columns, a combining accent or a style none.
 */
export const table = (rows: readonly (readonly string[])[], right: readonly number[] = []): string[] => {
  const shown = rows.map((row) => row.map(printable));
  const widths: number[] = [];
  for (const row of shown)
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, width(plain(cell)));
  return shown.map((row) =>
    row
      .map((cell, i) => {
        const space = ' '.repeat((widths[i] ?? 0) - width(plain(cell)));
        return right.includes(i) ? space + cell : cell + space;
      })
      .join('  ')
      .trimEnd(),
  );
};

const BAR = 24;
/** A bar of how much is done. */
export const bar = (done: number, total: number): string => {
  const full = total === 0 ? BAR : Math.round((BAR * done) / total);
  return `[${'█'.repeat(full)}${' '.repeat(BAR - full)}] ${done}/${total}`;
};

/** A count with separators, for people. */
export const counted = (n: number): string => n.toLocaleString('en-US');
