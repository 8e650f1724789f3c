/** Bundles as a forger makes them: with hashes computed again, and, holding a key, with everything signed again. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { envelopeLine } from '../../src/audit/bundle/envelope.ts';
import { hexBytes, hexText } from '../../src/checkpoint/bytes.ts';
import { hashOfLeaf } from '../../src/checkpoint/leaf.ts';
import { rootByInclusion } from '../../src/checkpoint/merkle-tree.ts';
import { checkpointText, noteText, verifierKey } from '../../src/checkpoint/note.ts';
import { canonicalJson } from '../../src/domain/canonical.ts';
import { payloadDigest, sealOf } from '../../src/integrity/hash-chain.ts';
import { sha256 } from '../../src/integrity/sha256.ts';

// biome-ignore lint/suspicious/noExplicitAny: a forger does not ask for types.
type Line = any;

/** A bundle's lines, each with its records behind it. */
const read = (text: string): { value: Line; records: string[] | null }[] => {
  const raw = text.trimEnd().split('\n');
  const lines = [];
  for (let i = 0; i < raw.length; i++) {
    const value: Line = JSON.parse(raw[i] ?? '');
    const count = value.records as number | undefined;
    lines.push({ value, records: count === undefined ? null : raw.slice(i + 1, i + 1 + count) });
    i += count ?? 0;
  }
  return lines;
};

const written = (lines: readonly { value: Line; records: string[] | null }[]): string =>
  lines.map(({ value, records }) => `${[canonicalJson(value), ...(records ?? [])].join('\n')}\n`).join('');

/** The bundle with every seal of the account's events computed again after a change, and the leaf's head with them. */
export const rehashed = (text: string, change: (line: Line, records: string[] | null) => void): string => {
  const lines = read(text);
  const about = lines[0]?.value;
  for (const { value, records } of lines) if (value.part === 'event') change(value, records);
  let previous = about.previous;
  for (const { value, records } of lines) {
    if (value.part !== 'event' && !(value.part === 'link' && value.stream === about.stream)) continue;
    const payload = value.part === 'link' ? value.payload : payloadDigest(value.data, records);
    const { revision, header } = value;
    value.hash = sealOf({ previous, stream: about.stream, revision, header, payload }).hash;
    previous = value.hash;
  }
  for (const { value } of lines)
    if (value.part === 'checkpoint')
      for (const leaf of value.leaves) if (leaf.stream === about.stream) leaf.head = previous;
  return written(lines);
};

const pair = generateKeyPairSync('ed25519');
const publicKey = Uint8Array.from(pair.publicKey.export({ type: 'spki', format: 'der' }).subarray(12));

export interface Forgery {
  /** Before the seals: events and their records. */
  readonly event?: (line: Line, records: string[] | null, about: Line) => void;
  /** Before the signatures: any line. */
  readonly line?: (line: Line) => void;
  /** Leaves as they are signed into the forger's own tree. */
  readonly leaves?: (leaves: Line[]) => void;
  /** The manifest before it is signed. */
  readonly manifest?: (manifest: Line) => void;
  /** The note as text. */
  readonly note?: (note: string) => string;
}

/** The bundle as a forger with a key of its own leaves it: changed, and everything hashed and signed again. */
export const resigned = (text: string, forgery: Forgery): string => {
  const about = read(text)[0]?.value;
  const again = rehashed(text, (line, records) => forgery.event?.(line, records, about));
  const lines = read(again).slice(0, -1);
  for (const { value } of lines) forgery.line?.(value);
  const named = lines[0]?.value;
  const bill = lines.find(({ value }) => value.part === 'bill')?.value.bill;
  const key = verifierKey(named.ledger, publicKey);
  let checkpoint: { size: number; root: string } = { size: 0, root: '' };
  for (const { value } of lines) {
    if (value.part === 'keys') value.keys = [{ key: key.text, statement: null }];
    if (value.part !== 'checkpoint') continue;
    forgery.leaves?.(value.leaves);
    checkpoint = signedAgain(value, named, key);
    value.note = forgery.note?.(value.note) ?? value.note;
  }
  const records = lines.reduce((n, line) => n + (line.records?.length ?? 0), 0);
  const manifest: Line = {
    format: named.format,
    ledger: named.ledger,
    account: named.account,
    month: named.month,
    bill: bill.digest,
    events: { stream: named.stream, from: named.from, to: named.to, records },
    checkpoint,
    parts: digests(lines),
  };
  forgery.manifest?.(manifest);
  const signer = { key, sign: (bytes: Uint8Array) => Uint8Array.from(sign(null, bytes, pair.privateKey)) };
  return `${written(lines)}${envelopeLine(manifest, signer)}\n`;
};

/** A bill with its digest computed again. */
export const digested = (bill: Line): Line => {
  const { digest: _, ...rest } = bill;
  return { ...rest, digest: sha256(canonicalJson(rest)) };
};

/** The bundle after a change of its last event's data, with a bill to match. */
export const forged = (text: string, change: (data: Line) => void): string => {
  let bill: Line = null;
  return resigned(text, {
    event: (line, _records, about) => {
      const data = JSON.parse(line.data);
      if (data.bill?.month !== about.month) return;
      change(data);
      data.bill = digested(data.bill);
      bill = data.bill;
      line.data = JSON.stringify(data);
    },
    line: (line) => {
      if (line.part === 'bill') line.bill = bill;
    },
  });
};

/** Two leaves alone in a tree of two. */
const signedAgain = (value: Line, about: Line, key: ReturnType<typeof verifierKey>) => {
  const hashes = value.leaves.map(hashOfLeaf);
  for (const [i, leaf] of value.leaves.entries()) {
    leaf.index = i;
    leaf.path = [hexText(hashes[1 - i])];
  }
  const [first] = value.leaves;
  const path = [hexBytes(first.path[0]) ?? new Uint8Array()];
  const root = rootByInclusion(hashes[0], 0, 2, path) ?? new Uint8Array();
  const text = checkpointText({ origin: about.ledger, size: 2, root, time: '2026-01-01T00:00:00.000Z' });
  const signature = Uint8Array.from(sign(null, Buffer.from(text), pair.privateKey));
  value.note = noteText(text, { ...key, signature });
  return { size: 2, root: hexText(root) };
};

const digests = (lines: readonly { value: Line; records: string[] | null }[]) => {
  const parts = new Map<string, { lines: number; text: string }>();
  for (const line of lines) {
    const known = parts.get(line.value.part) ?? { lines: 0, text: '' };
    const text = known.text + written([line]);
    parts.set(line.value.part, { lines: known.lines + 1 + (line.records?.length ?? 0), text });
  }
  return [...parts].map(([part, { lines: n, text }]) => ({ part, lines: n, sha256: sha256(text) }));
};
