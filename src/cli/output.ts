/**
 * Output of commands: tables and sentences for people, one JSON value for programs. All output goes through here;
 * nothing else in `src` writes to the standard streams. Printed text may come from others (names, reasons, bundles), so
 * control and bidirectional characters are always escaped.
 */
import type { Piece } from '../files/whole-file.ts';
import { printable, printableJson, printableLines } from '../text/printable.ts';
import { processStreams, type Stream, type Streams } from './standard-streams.ts';
import { plain, rendered } from './style.ts';

export interface Output {
  readonly json: boolean;
  /** A line for people; nothing in JSON mode. */
  say(line: string): void;
  /** A line about a problem, to standard error, for people and programs. */
  complain(line: string): void;
  /** The JSON result for programs, once; nothing for people. */
  answer(value: unknown): void;
  /** Whether standard output has an answer for programs, which is one JSON value. */
  isAnswered(): boolean;
  /** Progress of long work, to standard error: rewritten in place on a terminal, nothing elsewhere. */
  progress(line: string): void;
  /** The same for work that is long on any machine: elsewhere a line of its own every few seconds. */
  longProgress(line: string): void;
  /** Ends a line of progress. */
  done(): void;
  /** Writes pieces of a file to standard output, byte for byte; escaped on a terminal. */
  file(piece: Piece): Promise<void>;
}

/** Interval of progress lines where they cannot be rewritten in place. */
const PROGRESS_EVERY_MS = 3_000;

/** The output of one run of a command; `json` asks for one JSON value on standard output. */
export const openOutput = (json: boolean, { stdout, stderr, now }: Streams = processStreams()): Output => {
  let isShown = false;
  let isAnswered = false;
  let toldAt = Number.NEGATIVE_INFINITY;
  const progress = (line: string): void => {
    if (!stderr.isTTY) return;
    stderr.write(`\r\u001b[K${printable(plain(line))}`);
    isShown = true;
  };
  const done = (): void => {
    if (isShown) stderr.write('\r\u001b[K');
    isShown = false;
  };
  return {
    json,
    say: (line) => {
      if (!json) stdout.write(`${rendered(line, stdout, printable)}\n`);
    },
    complain: (line) => {
      done();
      stderr.write(`suanpan: ${rendered(line, stderr, printable)}\n`);
    },
    answer: (value) => {
      if (!json) return;
      isAnswered = true;
      stdout.write(`${printableJson(JSON.stringify(value, null, 2) ?? 'null')}\n`);
    },
    isAnswered: () => isAnswered,
    progress,
    longProgress: (line) => {
      if (stderr.isTTY) progress(line);
      else if (now() - toldAt >= PROGRESS_EVERY_MS) {
        toldAt = now();
        stderr.write(`suanpan: ${printable(plain(line))}\n`);
      }
    },
    done,
    file: (piece) => written(stdout, stdout.isTTY ? printableLines(textOf(piece)) : piece),
  };
};

/** Resolves when the stream accepts more. */
const written = (stream: Stream, piece: Piece): Promise<void> =>
  stream.write(piece) ? Promise.resolve() : new Promise((resolve) => void stream.once('drain', resolve));

/** A terminal shows bytes that are not UTF-8 as it likes; here they are replaced. */
const textOf = (piece: Piece): string =>
  typeof piece === 'string' ? piece : new TextDecoder().decode(piece);
