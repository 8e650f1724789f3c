/** What commands print: tables and sentences for people, one JSON value for programs. */
import { styleText } from 'node:util';

export interface Output {
  readonly json: boolean;
  /** A line for people; nothing when programs are asked for. */
  say(line: string): void;
  /** A line about what is wrong, to standard error, for people and programs. */
  complain(line: string): void;
  /** The answer for programs; nothing when people are asked for. */
  answer(value: unknown): void;
  /** A line about how long work goes, to standard error, only on a terminal or when asked to log. */
  progress(line: string): void;
  done(): void;
}

export const openOutput = (json: boolean): Output => {
  const live = process.stderr.isTTY;
  let shown = 0;
  return {
    json,
    say: (line) => {
      if (!json) process.stdout.write(`${line}\n`);
    },
    complain: (line) => void process.stderr.write(`suanpan: ${line}\n`),
    answer: (value) => {
      if (json) process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    },
    progress: (line) => {
      if (!live) return;
      process.stderr.write(`\r\u001b[K${line}`);
      shown = line.length;
    },
    done: () => {
      if (shown > 0) process.stderr.write('\r\u001b[K');
      shown = 0;
    },
  };
};

type Style = Parameters<typeof styleText>[0];
/** Coloured on a terminal only. */
export const styled = (style: Style, text: string): string =>
  styleText(style, text, { stream: process.stdout });

/** Columns as wide as their widest cell shows; numbers to the right. Chinese characters count two. */
export const table = (rows: readonly (readonly string[])[], right: readonly number[] = []): string[] => {
  const widths: number[] = [];
  for (const row of rows)
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, width(cell));
  return rows.map((row) =>
    row
      .map((cell, i) => {
        const space = ' '.repeat((widths[i] ?? 0) - width(cell));
        return right.includes(i) ? space + cell : cell + space;
      })
      .join('  ')
      .trimEnd(),
  );
};

const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;
const width = (text: string): number => [...text].reduce((n, char) => n + (WIDE.test(char) ? 2 : 1), 0);

const BAR = 24;
/** A bar of how much is done. */
export const bar = (done: number, total: number): string => {
  const full = total === 0 ? BAR : Math.round((BAR * done) / total);
  return `[${'█'.repeat(full)}${' '.repeat(BAR - full)}] ${done}/${total}`;
};

/** A count with separators, for people. */
export const counted = (n: number): string => n.toLocaleString('en-US');
