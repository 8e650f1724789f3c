/**
 * Bundles tampered with at random: bytes, fields, lines deleted, inserted, swapped, the end cut, books, bill and
 * checkpoint replaced, a suffix hashed again. Every one is found, and what is said names what differs.
 */
import { expect, test } from 'vitest';
import { type Random, randomFrom } from '../../src/demo/random.ts';
import { canonicalJson } from '../../src/domain/canonical.ts';
import { sha256 } from '../../src/integrity/sha256.ts';
import { rehashed } from '../support/forged.ts';
import { runs } from '../support/proof.ts';
import { sealedLedger, verified } from '../support/sealed.ts';

const pick = <T>(random: Random, list: readonly T[]): T => list[random.between(0, list.length - 1)] as T;

type Tampering = (text: string, random: Random, other: string) => string | Uint8Array;

const lined = (text: string, change: (lines: string[]) => void): string => {
  const lines = text.trimEnd().split('\n');
  change(lines);
  return `${lines.join('\n')}\n`;
};
/** The place of a line of a part. */
const placeOf = (lines: readonly string[], part: string, random: Random): number => {
  const places = lines.flatMap((line, i) => (line.includes(`"part":"${part}"`) ? [i] : []));
  return pick(random, places);
};

/** A leaf of a JSON value changed for another of its kind. */
const altered = (value: unknown, random: Random): unknown => {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  if (value === null) return 1;
  if (typeof value === 'string')
    return value === '' ? 'x' : value.slice(0, -1) + (value.endsWith('0') ? '1' : '0');
  const keys = Object.keys(value as object);
  if (keys.length === 0) return { x: 1 };
  const key = pick(random, keys);
  const inner = altered((value as Record<string, unknown>)[key], random);
  return Array.isArray(value) ? value.with(Number(key), inner) : { ...(value as object), [key]: inner };
};

const TAMPERINGS: Readonly<Record<string, Tampering>> = {
  byte: (text, random) => {
    const bytes = new TextEncoder().encode(text);
    const at = random.between(0, bytes.length - 1);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random.between(0, 7));
    return bytes;
  },
  field: (text, random) =>
    lined(text, (lines) => {
      const at = random.between(0, lines.length - 1);
      lines[at] = JSON.stringify(altered(JSON.parse(lines[at] ?? ''), random));
    }),
  delete: (text, random) =>
    lined(text, (lines) => void lines.splice(random.between(0, lines.length - 1), random.between(1, 3))),
  insert: (text, random) =>
    lined(text, (lines) => {
      const [from, to] = [random.between(0, lines.length - 1), random.between(0, lines.length)];
      lines.splice(to, 0, lines[from] ?? '');
    }),
  swap: (text, random) =>
    lined(text, (lines) => {
      const a = random.between(0, lines.length - 1);
      const b = (a + random.between(1, lines.length - 1)) % lines.length;
      [lines[a], lines[b]] = [lines[b] ?? '', lines[a] ?? ''];
    }),
  truncate: (text, random) => {
    const bytes = new TextEncoder().encode(text);
    return bytes.subarray(0, random.between(0, bytes.length - 1));
  },
  book: (text, random) =>
    lined(text, (lines) => {
      const at = lines.findIndex((line) => line.includes('"part":"edition"') && line.includes('"data":'));
      const line = JSON.parse(lines[at] ?? '');
      const { book } = JSON.parse(line.data);
      pick(random, book.meters as { ladder: { tiers: { unitPrice: string }[] } }[]).ladder.tiers[0] = {
        ...book.meters[0].ladder.tiers[0],
        unitPrice: '0.9999',
      };
      line.data = JSON.stringify({ digest: sha256(canonicalJson(book)), book });
      lines[at] = canonicalJson(line);
    }),
  bill: (text, random) =>
    lined(text, (lines) => {
      const at = placeOf(lines, 'bill', random);
      const { part, bill } = JSON.parse(lines[at] ?? '');
      const { digest: _, ...rest } = altered(bill, random) as { digest: string };
      lines[at] = canonicalJson({ part, bill: { ...rest, digest: sha256(canonicalJson(rest)) } });
    }),
  checkpoint: (text, random, other) =>
    lined(text, (lines) => {
      const theirs = other.trimEnd().split('\n');
      const part = pick(random, ['checkpoint', 'keys', 'manifest']);
      lines[placeOf(lines, part, random)] = theirs[placeOf(theirs, part, random)] ?? '';
    }),
  suffix: (text, random) => {
    const events = text.split('\n').filter((line) => line.includes('"part":"event"')).length;
    let at = random.between(0, events - 1);
    return rehashed(text, (line, records) => {
      if (at-- !== 0) return;
      if (records && records.length > 0 && random.perMille(500)) {
        const i = random.between(0, records.length - 1);
        const record = JSON.parse(records[i] ?? '');
        records[i] = JSON.stringify(record.with(4, record[4] + 1));
      } else line.data = JSON.stringify(altered(JSON.parse(line.data), random));
    });
  },
};

const written = (bad: string | Uint8Array): string =>
  typeof bad === 'string' ? bad : new TextDecoder().decode(bad);

test('every tampering of a bundle is found, and named', async () => {
  const ledger = await sealedLedger();
  const bundles = [await ledger.bundle('2019-01'), await ledger.bundle('2019-02')];
  // Another ledger with the same life: everything in its bundle is good, and none of it is this one's.
  const other = await (await sealedLedger()).bundle('2019-02');
  const keys = [ledger.key()];
  const random = randomFrom(7);
  const count = runs('tampered bundles', 100, 10_000);
  const names = Object.keys(TAMPERINGS);
  for (let i = 0; i < count; i++) {
    const name = names[i % names.length] ?? 'byte';
    const text = pick(random, bundles);
    const bad = TAMPERINGS[name]?.(text, random, other) ?? text;
    // What changes nothing is no tampering: two equal lines swapped, a line put where it stands.
    const isSame = written(bad) === text;
    if (isSame) continue;
    const { ok, findings } = await verified(bad, keys, 65_536);
    expect(ok, `${name} ${i}`).toBe(false);
    const [first] = findings;
    expect(first?.what, `${name} ${i}`).toBeTruthy();
    expect(first?.expected === first?.found, `${name} ${i}: ${JSON.stringify(first)}`).toBe(false);
    if (name === 'suffix')
      expect(findings.some(({ stream, revision }) => stream === 'account-acme' && revision !== null)).toBe(
        true,
      );
    // Only what leaves nothing to know of the file names no event.
    const isKnown = findings.some(({ stream }) => stream !== null);
    if (!isKnown)
      expect(written(bad).startsWith(text.slice(0, text.indexOf('\n') + 1)), `${name} ${i}`).toBe(false);
  }
}, 3_600_000);
