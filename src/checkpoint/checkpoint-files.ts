/** Reads text files with one or more checkpoints or verifier keys. */
import { checkpointOf } from './consistency-proof.ts';
import { type Checkpoint, parseVerifierKey, type VerifierKey } from './note.ts';

const SIGNATURE = '\u2014 ';

/** The notes in a text: each ends with its signatures; empty lines between them are allowed. */
export const notesIn = (text: string): string[] => {
  const notes: string[] = [];
  let lines: string[] = [];
  const all = text.split('\n');
  for (const [i, line] of all.entries()) {
    if (lines.length === 0 && line === '') continue;
    lines.push(line);
    if (!line.startsWith(SIGNATURE) || all[i + 1]?.startsWith(SIGNATURE)) continue;
    notes.push(`${lines.join('\n')}\n`);
    lines = [];
  }
  if (lines.length > 0) notes.push(lines.join('\n'));
  return notes;
};

/** The checkpoints in a text. Throws a RangeError if there is anything else, or nothing. */
export const checkpointsIn = (text: string): Checkpoint[] => {
  const found = notesIn(text).map(checkpointOf);
  const read = found.flatMap((checkpoint) => checkpoint ?? []);
  if (read.length === 0 || read.length < found.length) throw new RangeError('no signed checkpoint');
  return read;
};

/** The verifier keys in a text, one a line. Throws a RangeError for an invalid line. */
export const verifierKeysIn = (text: string): VerifierKey[] =>
  text
    .split('\n')
    // Text after a key, as printed by `signing-keys list`, is ignored.
    .map((line) => line.trim().split(/\s/)[0] ?? '')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const key = parseVerifierKey(line);
      if (!key) throw new RangeError(`${line} is not a valid verifier key`);
      return key;
    });
