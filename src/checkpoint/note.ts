/**
 * Signed notes and checkpoints in the format of transparency logs (C2SP signed-note and tlog-checkpoint): a text, an
 * empty line, and a line for each signature. A checkpoint's text is the log's origin, the tree's size, its root in
 * base64, and a line with the time of signing. Verifier keys are text: `name+id+base64(1, public key)`.
 */
import { sha256Bytes } from '../integrity/sha256.ts';
import { base64Bytes, base64Text, hexText, sameBytes, utf8 } from './bytes.ts';

const ED25519 = 1;
const PUBLIC_BYTES = 32;
const ID_BYTES = 4;
const SIGNATURE_BYTES = 64;

export interface VerifierKey {
  readonly name: string;
  /** First four bytes of a SHA-256 over name and key. */
  readonly id: Uint8Array;
  readonly publicKey: Uint8Array<ArrayBuffer>;
  /** The key as text. */
  readonly text: string;
}

/** A verifier key of a public Ed25519 key. The name has no spaces and no plus. */
export const verifierKey = (name: string, publicKey: Uint8Array<ArrayBuffer>): VerifierKey => {
  const typed = Uint8Array.from([ED25519, ...publicKey]);
  const id = sha256Bytes(Uint8Array.from([...utf8(`${name}\n`), ...typed])).slice(0, ID_BYTES);
  return { name, id, publicKey, text: `${name}+${hexText(id)}+${base64Text(typed)}` };
};

/** Parses a verifier key; null if it is malformed, or its id does not match its key. */
export const parseVerifierKey = (text: string): VerifierKey | null => {
  const [, name = '', key = ''] = /^([^\s+]+)\+[0-9a-f]{8}\+(\S+)$/.exec(text) ?? [];
  const typed = base64Bytes(key);
  if (typed?.[0] !== ED25519 || typed.length !== 1 + PUBLIC_BYTES) return null;
  const read = verifierKey(name, typed.slice(1));
  return read.text === text ? read : null;
};

export interface Signature {
  readonly name: string;
  readonly id: Uint8Array;
  readonly signature: Uint8Array<ArrayBuffer>;
}

export interface SignedNote {
  /** The signed text, with its final newline. */
  readonly text: string;
  readonly signatures: readonly Signature[];
}

const DASH = '\u2014';

/** A note: a text with one signature. */
export const noteText = (text: string, { name, id, signature }: Signature): string =>
  `${text}\n${DASH} ${name} ${base64Text(Uint8Array.from([...id, ...signature]))}\n`;

/** Parses a signed note; null if it is malformed. */
export const parseNote = (note: string): SignedNote | null => {
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n')) return null;
  const signatures: Signature[] = [];
  for (const line of note.slice(end + 2, -1).split('\n')) {
    const [, name = '', text = ''] = new RegExp(`^${DASH} ([^\\s+]+) (\\S+)$`).exec(line) ?? [];
    const bytes = base64Bytes(text);
    if (bytes?.length !== ID_BYTES + SIGNATURE_BYTES) return null;
    signatures.push({ name, id: bytes.slice(0, ID_BYTES), signature: bytes.slice(ID_BYTES) });
  }
  return { text: note.slice(0, end + 1), signatures };
};

/** Whether a signature over bytes was made by a key. */
export const isSignedBy = async (
  key: VerifierKey,
  signature: Uint8Array<ArrayBuffer>,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<boolean> => {
  try {
    const imported = await crypto.subtle.importKey('raw', key.publicKey, 'Ed25519', false, ['verify']);
    return await crypto.subtle.verify('Ed25519', imported, signature, bytes);
  } catch {
    // Bytes that are not a key of the curve verify nothing.
    return false;
  }
};

/** Whether a note has a valid signature by a key. */
export const noteIsSignedBy = async (note: SignedNote, key: VerifierKey): Promise<boolean> => {
  const own = note.signatures.find(({ name, id }) => name === key.name && sameBytes(id, key.id));
  return own ? isSignedBy(key, own.signature, Uint8Array.from(utf8(note.text))) : false;
};

export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  /** RFC 3339; the time of signing, according to the signer. */
  readonly time: string;
}

/** The text that a checkpoint's signature covers. */
export const checkpointText = ({ origin, size, root, time }: Checkpoint): string =>
  `${origin}\n${size}\n${base64Text(root)}\ntime ${time}\n`;

/** Parses a checkpoint's text; null if it is malformed. */
export const parseCheckpoint = (text: string): Checkpoint | null => {
  const [, origin = '', size = '', root = '', time = ''] =
    /^(\S+)\n(0|[1-9]\d{0,14})\n(\S+)\ntime (\S+)\n$/.exec(text) ?? [];
  const bytes = base64Bytes(root);
  return bytes?.length === PUBLIC_BYTES ? { origin, size: Number(size), root: bytes, time } : null;
};
