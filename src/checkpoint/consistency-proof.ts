/** Compares two checkpoints of a log: the later extends the earlier, or history was rewritten. */
import * as z from 'zod';
import { hexBytes, hexText, sameBytes } from './bytes.ts';
import { rootsByConsistency } from './merkle-tree.ts';
import { type Checkpoint, parseCheckpoint, parseNote } from './note.ts';

export const CONSISTENCY_FORMAT = 'suanpan.consistency.1';

/** A proof file: from the first `from` leaves to the first `to`. */
export const consistencyFile = z.strictObject({
  format: z.literal(CONSISTENCY_FORMAT),
  from: z.int().min(1),
  to: z.int().min(1),
  path: z.array(z.string()),
  /** The later checkpoint. */
  note: z.string(),
});
export type ConsistencyFile = z.infer<typeof consistencyFile>;

/** Parses a checkpoint's note; null if it is malformed. */
export const checkpointOf = (note: string): Checkpoint | null => {
  const read = parseNote(note);
  return read && parseCheckpoint(read.text);
};

/** Why two checkpoints are inconsistent, in a sentence; null if the larger extends the smaller. */
export const inconsistency = (
  a: Checkpoint,
  b: Checkpoint,
  proof: Pick<ConsistencyFile, 'from' | 'to' | 'path'> | null,
): string | null => {
  if (a.origin !== b.origin) return `the checkpoints are of different ledgers: ${a.origin} and ${b.origin}`;
  const [earlier, later] = a.size <= b.size ? [a, b] : [b, a];
  if (earlier.size === later.size)
    return sameBytes(earlier.root, later.root)
      ? null
      : `two roots of size ${later.size}: ${hexText(earlier.root)} and ${hexText(later.root)}`;
  if (proof?.from !== earlier.size || proof.to !== later.size)
    return `a proof from size ${earlier.size} to size ${later.size} is needed${proof ? `, not one from ${proof.from} to ${proof.to}` : ''}`;
  const { path } = proof;
  const hashes = path.flatMap((hash) => hexBytes(hash) ?? []);
  const roots = hashes.length === path.length ? rootsByConsistency(earlier, later.size, hashes) : null;
  if (!roots) return `the proof does not lead from size ${earlier.size} to size ${later.size}`;
  if (!sameBytes(roots.old, earlier.root))
    return `the log no longer begins with the checkpoint of size ${earlier.size}: its root is ${hexText(roots.old)}, not ${hexText(earlier.root)}`;
  return sameBytes(roots.root, later.root)
    ? null
    : `the proof leads to ${hexText(roots.root)}, not to the root ${hexText(later.root)} of size ${later.size}`;
};
