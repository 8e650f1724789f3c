/** What the dashboard reads of an audit bundle: the verdict, the bill, and whether history begins with one's own checkpoints. */
import type { Verdict } from '../audit/bundle/verdict.ts';
import { verifyAndRead } from '../audit/bundle/verify.ts';
import { checkpointsIn, verifierKeysIn } from '../checkpoint/checkpoint-files.ts';
import { inconsistency } from '../checkpoint/consistency-proof.ts';
import type { Bill } from '../domain/bill.ts';
import { expectSignatures, piecesOf } from './verify.ts';

export interface Held {
  /** Verifier keys, as text, one a line; empty: the signing key is reported but not checked. */
  readonly keys: string;
  /** A file of checkpoints that the reader kept, as text; empty: none. */
  readonly checkpoints: string;
}

export interface ReadBundle {
  readonly verdict: Verdict;
  readonly bill: Bill | null;
  /** For each checkpoint of one's own: why history does not begin with it; null: it does. */
  readonly compared: readonly { readonly size: number; readonly inconsistency: string | null }[];
  /** Whether nothing at all was found. */
  readonly isSound: boolean;
}

/**
 * Verifies and reads a bundle. Throws a RangeError for keys or checkpoints that cannot be read, and CannotVerify where the
 * browser cannot verify signatures.
 */
export const readBundle = async (file: Blob, { keys, checkpoints }: Held): Promise<ReadBundle> => {
  const held = keys.trim() === '' ? [] : verifierKeysIn(keys);
  const kept = checkpoints.trim() === '' ? [] : checkpointsIn(checkpoints);
  await expectSignatures();
  const { verdict, bill } = await verifyAndRead(piecesOf(file), { keys: held });
  const compared = kept.map((checkpoint) => ({
    size: checkpoint.size,
    inconsistency: verdict.note
      ? inconsistency(checkpoint, verdict.note, null)
      : 'the bundle has no checkpoint',
  }));
  const isSound = verdict.ok && compared.every(({ inconsistency: wrong }) => wrong === null);
  return { verdict, bill, compared, isSound };
};
