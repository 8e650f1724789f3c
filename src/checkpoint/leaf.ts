/** A leaf of the log of checkpoints: how far a stream had come, and the hash of its last event then. */
import { utf8 } from './bytes.ts';
import { leafHash } from './merkle-tree.ts';

export interface Leaf {
  readonly stream: string;
  /** Of the stream's last event. */
  readonly revision: number;
  /** Its hash, in hex: by the chain of the stream it stands for every event before it too. */
  readonly head: string;
}

/** The hash of a leaf in the tree. */
export const hashOfLeaf = ({ stream, revision, head }: Leaf): Uint8Array =>
  leafHash(utf8(`suanpan.leaf.1\n${stream}\n${revision}\n${head}`));

/** The stream of leaves and checkpoints. It has no leaf itself: the tree's roots stand for it. */
export const LOG = 'checkpoints';
