/** The help of the command line, in lines that fit a terminal of a hundred columns. */
import width from 'string-width';
import { type Command, flagsOf } from './command.ts';

export const COLUMNS = 100;

const EXIT_CODES =
  'Each takes --help and --json. Exit 0: fine; 1: a check failed; 2: wrong use, or something outside the program ' +
  'prevents it (a file, an address, a full disk); 70: a fault of the program.';

/** Lines of words, each line within the columns; those after the first begin under `indent` spaces. */
const wrapped = (text: string, indent: number, first = ''): string[] => {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(' ')) {
    if (!isEmpty && width(line) + 1 + width(word) > COLUMNS) {
      lines.push(line);
      line = ' '.repeat(indent);
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line];
};

/** Lists all commands. */
export const helpOfAll = (commands: Readonly<Record<string, Command>>): string[] => [
  'Suanpan 算盘: an event-sourced usage ledger for metered APIs',
  '',
  ...Object.values(commands).flatMap(({ usage, what }) => [
    ...wrapped(usage, 10, '  suanpan '),
    ...wrapped(what, 6, '      '),
  ]),
  '',
  ...wrapped(EXIT_CODES, 0),
];

/** Shows a command: its usage and flags. */
export const helpOf = (command: Command): string[] => {
  const flags = Object.entries(flagsOf(command));
  const names = flags.map(([name, { type, short, value }]) => {
    const shown = type === 'string' ? ` ${value?.shown ?? 'TEXT'}` : '';
    return `  ${short ? `-${short}, ` : ''}--${name}${shown}`;
  });
  const column = Math.min(Math.max(...names.map((name) => name.length)) + 2, MOST_COLUMN);
  return [
    ...wrapped(command.usage, 10, 'suanpan '),
    '',
    ...wrapped(command.what, 0),
    '',
    ...flags.flatMap(([, { what }], i) => {
      const name = names[i] ?? '';
      return name.length + 2 > column
        ? [name, ...wrapped(what, column, ' '.repeat(column))]
        : wrapped(what, column, name.padEnd(column));
    }),
  ];
};

/** Flags with longer names have their description on the next line. */
const MOST_COLUMN = 36;
