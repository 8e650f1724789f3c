/** Verifies the checkpoint in a bundle: that it covers events and price books, and which key signed it. */
import { hexBytes, hexText, sameBytes } from '../../checkpoint/bytes.ts';
import { type KeyInChain, trustedKeys } from '../../checkpoint/key-succession.ts';
import { hashOfLeaf } from '../../checkpoint/leaf.ts';
import { rootByInclusion } from '../../checkpoint/merkle-tree.ts';
import {
  type Checkpoint,
  noteIsSignedBy,
  parseCheckpoint,
  parseNote,
  parseVerifierKey,
  type VerifierKey,
} from '../../checkpoint/note.ts';
import type { ProvedLeaf } from './format.ts';
import type { Report } from './verdict.ts';
import type { Chain } from './verify-chain.ts';

export interface Proved {
  readonly checkpoint: Checkpoint;
  readonly signedBy: VerifierKey;
  readonly isKeyHeld: boolean | null;
}

/** Verifies a checkpoint's note, its signature by the last of the keys, and the leaves it must cover. */
export const verifyCheckpoint = async (
  { note, leaves }: { note: string; leaves: readonly ProvedLeaf[] },
  keys: readonly KeyInChain[],
  chains: readonly Chain[],
  { ledger, held }: { ledger: string; held: readonly VerifierKey[] },
  report: Report,
): Promise<Proved | null> => {
  const signed = parseNote(note);
  const checkpoint = signed && parseCheckpoint(signed.text);
  if (!signed || !checkpoint) {
    report('checkpoint', 'note', 'a signed checkpoint', note);
    return null;
  }
  if (checkpoint.origin !== ledger) report('checkpoint', 'origin', ledger, checkpoint.origin);
  const last = keys.at(-1);
  const key = last ? parseVerifierKey(last.key) : null;
  if (!key) {
    report('keys', 'key', 'a verifier key', last?.key);
    return null;
  }
  if (key.name !== ledger) report('keys', 'name of the key', ledger, key.name);
  if (!(await noteIsSignedBy(signed, key)) || signed.signatures.length !== 1)
    report('checkpoint', 'signature', `one of ${key.text}`, 'none that is good');
  for (const chain of chains) verifyLeaf(chain, leaves, checkpoint, report);
  if (leaves.length !== chains.length) report('checkpoint', 'leaves', chains.length, leaves.length);
  const trusted = held.length === 0 ? null : await trustedKeys(ledger, keys, held);
  const isKeyHeld = trusted?.some(({ text }) => text === key.text) ?? null;
  if (isKeyHeld === false) report('keys', 'key', held.map(({ text }) => text).join(' or '), key.text);
  return { checkpoint, signedBy: key, isKeyHeld };
};

const verifyLeaf = (
  chain: Chain,
  leaves: readonly ProvedLeaf[],
  { size, root }: Checkpoint,
  report: Report,
): void => {
  const { stream } = chain;
  const event = { stream, revision: chain.next() - 1 };
  const leaf = leaves.find((one) => one.stream === stream);
  if (!leaf) {
    report('checkpoint', 'leaf', `one of ${stream}`, 'none', event);
    return;
  }
  if (leaf.revision !== event.revision)
    report('checkpoint', 'revision of the leaf', leaf.revision, event.revision, event);
  if (leaf.head !== chain.head()) report('checkpoint', 'head of the stream', leaf.head, chain.head(), event);
  const path = leaf.path.flatMap((hash) => hexBytes(hash) ?? []);
  const reached = rootByInclusion(hashOfLeaf(leaf), leaf.index, size, path);
  if (!reached || !sameBytes(reached, root))
    report('checkpoint', 'inclusion', hexText(root), reached ? hexText(reached) : 'no root', event);
};
