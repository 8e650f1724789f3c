/**
 * The trailer of an exported ledger: the last line has the number of events before it and the SHA-256 of their lines.
 * The first line announces the trailer, so that a truncated file is not mistaken for one of an earlier release, which
 * had none.
 */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { strictJson } from '../text/strict-json.ts';
import { LedgerFileBroken } from './ledger-lines.ts';

/** A member that only the first line has. */
export const ENDS = '"ends":"sha256",';
const PROMISE = /^\{"position":"1","ends":"sha256",/;
const END = '{"end":';

const end = z.strictObject({ end: z.strictObject({ events: z.int(), sha256: z.string() }) });

/** Appends the trailer to lines; a line includes its line end. */
export async function* withEnd(lines: AsyncIterable<string>): AsyncGenerator<string> {
  const hash = createHash('sha256');
  let events = 0;
  for await (const line of lines) {
    hash.update(line);
    events += 1;
    yield line;
  }
  yield `${JSON.stringify({ end: { events, sha256: hash.digest('hex') } })}\n`;
}

export interface EndChecker {
  /** Whether a line is an event; false for a valid trailer. Throws LedgerFileBroken. */
  isEvent(line: string): boolean;
  /** Whether the file had a trailer. Throws LedgerFileBroken if an announced trailer is missing. */
  finish(): boolean;
}

/** Checks the lines of a file in order, without their line ends. */
export const endChecker = (): EndChecker => {
  const hash = createHash('sha256');
  let events = 0;
  let isPromised = false;
  let isOver = false;
  const broken = (expected: string, found: string): LedgerFileBroken =>
    new LedgerFileBroken(events + 1, null, 'end', expected, found);
  return {
    isEvent: (text) => {
      // Line ends changed to those of another system do not matter.
      const line = text.endsWith('\r') ? text.slice(0, -1) : text;
      if (isOver) throw broken('nothing after the line that ends the file', line.slice(0, SHOWN));
      if (!line.startsWith(END)) {
        if (events === 0) isPromised = PROMISE.test(line);
        events += 1;
        hash.update(line).update('\n');
        return true;
      }
      const said = parsedEnd(line);
      if (!said) throw broken('how many events there are, and their digest', line.slice(0, SHOWN));
      if (said.events !== events) throw broken(`${said.events} events`, String(events));
      const sha256 = hash.digest('hex');
      if (said.sha256 !== sha256) throw broken(`lines whose SHA-256 is ${said.sha256}`, sha256);
      isOver = true;
      return false;
    },
    finish: () => {
      if (isPromised && !isOver) throw broken('the line that ends the file', 'nothing: it was cut off');
      return isOver;
    },
  };
};

const SHOWN = 80;

const parsedEnd = (line: string): z.infer<typeof end>['end'] | null => {
  const json = strictJson(line);
  return json.ok ? (end.safeParse(json.value).data?.end ?? null) : null;
};
