/**
 * Reads files that customers keep: checkpoints, verifier keys, proofs. An invalid file is refused as a whole, by name.
 */
import { existsSync } from 'node:fs';
import { checkpointsIn, notesIn, verifierKeysIn } from '../checkpoint/checkpoint-files.ts';
import { type ConsistencyFile, consistencyFile } from '../checkpoint/consistency-proof.ts';
import type { Checkpoint, VerifierKey } from '../checkpoint/note.ts';
import { readTextFile } from '../files/text-file.ts';
import { WrongUse } from './command.ts';
import { jsonText } from './json-text.ts';

/** A checkpoint has some hundred bytes, a proof some thousand. */
const BYTES_MAX = 4 * 1024 * 1024;

/** The checkpoints of a file, which `of` names. Throws WrongUse or FileUnreadable. */
export const checkpointsOf = (of: string, path: string): Checkpoint[] =>
  read(
    path,
    (text) => checkpointsIn(text),
    (why) => `${of}: ${path} is not a file of checkpoints: ${why}`,
  );

/** The notes of a file, each as its text. Throws FileUnreadable. */
export const notesOf = (path: string): string[] => notesIn(readTextFile(path, BYTES_MAX));

/** Verifier keys from text or from a file. Throws WrongUse or FileUnreadable. */
export const verifierKeysOf = (of: string, keyOrPath: string): VerifierKey[] => {
  const why = (message: string): string => `${of}: ${message}`;
  return keyOrPath.includes('+') && !existsSync(keyOrPath)
    ? wrongUse(() => verifierKeysIn(keyOrPath), why)
    : read(keyOrPath, (text) => verifierKeysIn(text), why);
};

/** The consistency proof of a file. Throws WrongUse or FileUnreadable. */
export const proofOf = (of: string, path: string): ConsistencyFile =>
  read(
    path,
    (text) => consistencyFile.parse(jsonText(text, path)),
    () => `${of}: ${path} is not a consistency proof (suanpan checkpoint prove FILE -o PROOF)`,
  );

const read = <T>(path: string, parse: (text: string) => T, why: (message: string) => string): T => {
  const text = readTextFile(path, BYTES_MAX);
  return wrongUse(() => parse(text), why);
};

/** The parsers throw RangeErrors and schema errors for invalid files. */
const wrongUse = <T>(work: () => T, why: (message: string) => string): T => {
  try {
    return work();
  } catch (error) {
    throw new WrongUse(why(error instanceof Error ? error.message : String(error)));
  }
};
