/** A leaf of the log of checkpoints: the head of a stream, by revision and hash. */
import { utf8 } from './bytes.ts';
import { leafHash } from './merkle-tree.ts';

export interface Leaf {
  readonly stream: string;
  /** Of the stream's last event. */
  readonly revision: number;
  /** Its hash in hex, which by the hash chain covers all earlier events of the stream. */
  readonly head: string;
}

/** The hash of a leaf in the tree. */
export const hashOfLeaf = ({ stream, revision, head }: Leaf): Uint8Array =>
  leafHash(utf8(`suanpan.leaf.1\n${stream}\n${revision}\n${head}`));

/** The stream of leaves and checkpoints. It has no leaf itself; the tree's roots cover it. */
export const LOG = 'checkpoints';
