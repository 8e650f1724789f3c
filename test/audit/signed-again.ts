/** The second verifier, and what a forger can make for it: bundles changed and signed again with a key of one's own. */
import { createHash, generateKeyPairSync, sign } from 'node:crypto';

interface Second {
  verify(
    path: string,
    keys?: readonly string[],
  ): Promise<{ verified: boolean; failures: string[]; notChecked: string[] }>;
  canonical(value: unknown): string;
  sealOf(previous: string, stream: string, revision: number, header: string, payload: string): string;
  recordTree(): { add(line: Uint8Array): void; root(): string };
}
const script = new URL('../../examples/verify-bundle.mjs', import.meta.url).href;
export const second: Second = await import(script);

// biome-ignore lint/suspicious/noExplicitAny: tampering asks for no types.
type Json = any;
export const linesOf = (text: string): string[] => text.split('\n').slice(0, -1);
export const joined = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

/** One leaf of a value, the n-th of all, changed for another of its kind; or a member left out, or put in. */
const altered = (value: Json, n: number, how: number): Json => {
  if (typeof value === 'number') return value + (how % 2 === 0 ? 1 : -1);
  if (typeof value === 'boolean') return !value;
  if (value === null) return how % 2 === 0 ? 0 : '2019-01';
  if (typeof value === 'string') {
    if (/^[[{]/.test(value)) return JSON.stringify(altered(JSON.parse(value), n, how));
    const at = n % (value.length + 1);
    return `${value.slice(0, at)}${how % 2 === 0 ? '1' : 'f'}${value.slice(at + (how % 3 === 0 ? 0 : 1))}`;
  }
  const keys = Object.keys(value);
  if (keys.length === 0) return Array.isArray(value) ? [0] : { more: 1 };
  const key = keys[n % keys.length] ?? '';
  if (how === 6 && !Array.isArray(value)) return { ...value, more: 1 };
  if (how === 7)
    return Array.isArray(value)
      ? value.slice(1)
      : Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
  const inner = altered(value[key], Math.floor(n / keys.length), how);
  return Array.isArray(value) ? value.with(Number(key), inner) : { ...value, [key]: inner };
};
export const alteredLine = (line: string, n: number, how: number): string =>
  line.startsWith('{')
    ? second.canonical(altered(JSON.parse(line), n, how))
    : JSON.stringify(altered(JSON.parse(line), n, how));

const sha = (text: string) => createHash('sha256').update(text).digest('hex');
const pair = generateKeyPairSync('ed25519');
const raw = pair.publicKey.export({ type: 'spki', format: 'der' }).subarray(12);

/** A bundle with every digest, seal, proof and signature made again over what it says now, by a key of one's own. */
export const signedAgain = (lines: readonly string[]): string => {
  const parsed: { line: Json; records: string[] }[] = [];
  for (const line of lines)
    if (line.startsWith('{')) parsed.push({ line: JSON.parse(line), records: [] });
    else parsed.at(-1)?.records.push(line);
  const { line: about } = parsed[0] as { line: Json };
  const name = about.ledger;
  const body = Buffer.concat([Buffer.of(1), raw]);
  const id = createHash('sha256').update(`${name}\n`).update(body).digest().subarray(0, 4);
  const key = `${name}+${id.toString('hex')}+${body.toString('base64')}`;
  const heads: Record<string, { revision: number; head: string }> = {};
  heads[about.stream] = { revision: about.from - 1, head: about.previous };
  const bill = parsed.find(({ line }) => line.part === 'bill')?.line.bill ?? {};
  const { digest: _, ...rest } = bill;
  bill.digest = sha(second.canonical(rest));
  let count = 0;
  let checkpoint = {};
  const digests = new Map<string, { part: string; lines: number; text: string }>();
  const written = parsed.map(({ line, records }) => {
    const { part } = line;
    count += records.length;
    if (part === 'event' && line.revision === about.to) {
      const data = JSON.parse(line.data);
      if (data.bill) line.data = JSON.stringify({ ...data, bill });
    }
    if (part === 'edition' || part === 'event' || part === 'link') {
      const stream = part === 'edition' ? 'catalogue' : part === 'event' ? about.stream : line.stream;
      if (part === 'edition' && 'data' in line) {
        const data = JSON.parse(line.data);
        line.data = JSON.stringify({ ...data, digest: sha(second.canonical(data.book)) });
      }
      const before = heads[stream] ?? { revision: -1, head: '0'.repeat(64) };
      let payload = 'data' in line ? sha(line.data) : line.payload;
      if ('records' in line) {
        const tree = second.recordTree();
        for (const record of records) tree.add(Buffer.from(record));
        payload = sha(`suanpan.payload.1\n${payload}\n${tree.root()}`);
      }
      line.hash = second.sealOf(before.head, stream, line.revision, line.header, payload);
      heads[stream] = { revision: line.revision, head: line.hash };
    }
    if (part === 'keys') line.keys = [{ key, statement: null }];
    if (part === 'checkpoint') {
      const leaves = Object.entries(heads).map(([stream, { revision, head }]) => ({
        stream,
        revision,
        head,
      }));
      const hashes = leaves.map((leaf) =>
        sha(`\0suanpan.leaf.1\n${leaf.stream}\n${leaf.revision}\n${leaf.head}`),
      );
      line.leaves = leaves.map((leaf, index) => ({ ...leaf, index, path: hashes.toSpliced(index, 1) }));
      const root = createHash('sha256')
        .update(Buffer.from(`01${hashes.join('')}`, 'hex'))
        .digest();
      const text = `${name}\n2\n${root.toString('base64')}\ntime 2026-01-01T00:00:00.000Z\n`;
      const signature = Buffer.concat([id, sign(null, Buffer.from(text), pair.privateKey)]);
      line.note = `${text}\n— ${name} ${signature.toString('base64')}\n`;
      checkpoint = { size: 2, root: root.toString('hex') };
    }
    if (part === 'manifest') {
      const { format, ledger, account, month, stream, from, to } = about;
      const parts = [...digests.values()].map(({ text, ...known }) => ({ ...known, sha256: sha(text) }));
      const events = { stream, from, to, records: count };
      const manifest = { format, ledger, account, month, bill: bill.digest, events, checkpoint, parts };
      const { payloadType } = line.envelope;
      const payload = second.canonical(manifest);
      const message = `DSSEv1 ${payloadType.length} ${payloadType} ${Buffer.byteLength(payload)} ${payload}`;
      const sig = sign(null, Buffer.from(message), pair.privateKey).toString('base64');
      const signatures = [{ keyid: key, sig }];
      line.envelope = { payloadType, payload: Buffer.from(payload).toString('base64'), signatures };
    }
    const text = joined([second.canonical(line), ...records]);
    const known = digests.get(part) ?? { part, lines: 0, text: '' };
    digests.set(part, { part, lines: known.lines + 1 + records.length, text: known.text + text });
    return text;
  });
  return written.join('');
};
