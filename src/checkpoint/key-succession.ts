/** Statements by which a signing key vouches for its successor. */
import { noteIsSignedBy, parseNote, parseVerifierKey, type VerifierKey } from './note.ts';

/** The text that vouches for a key. */
export const statementText = (origin: string, key: string): string =>
  `suanpan.signing-key.1\n${origin}\n${key}\n`;

/** A key with the note that vouches for it; keys are in order of creation. */
export interface KeyInChain {
  readonly key: string;
  readonly statement: string | null;
}

/** The keys that chain back to one of `held` through statements; keys of another log are ignored. */
export const trustedKeys = async (
  origin: string,
  chain: readonly KeyInChain[],
  held: readonly VerifierKey[],
): Promise<readonly VerifierKey[]> => {
  const trusted: VerifierKey[] = held.filter(({ name }) => name === origin);
  for (const { key, statement } of chain) {
    const read = parseVerifierKey(key);
    if (!read || trusted.some(({ text }) => text === read.text)) continue;
    const note = statement === null ? null : parseNote(statement);
    if (!note || note.text !== statementText(origin, read.text)) continue;
    for (const by of trusted) {
      if (!(await noteIsSignedBy(note, by))) continue;
      trusted.push(read);
      break;
    }
  }
  return trusted;
};
