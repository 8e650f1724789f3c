/**
 * The audit bundle's lines (docs/audit-bundle.md): one JSON value each, in parts that come in a fixed order. Events are
 * carried as the exact texts that their seals cover; the records of an event follow its line, one a line.
 */
import * as z from 'zod';
import { storedBill } from '../../codec/stored-bill.ts';
import { KEY_SIZE, KEYS_MAX, NOTE_SIZE, PATH_MAX } from './bundle-bounds.ts';

export const FORMAT = 'suanpan.audit-bundle.1';
export const MANIFEST_TYPE = 'application/vnd.suanpan.audit-bundle.manifest+json';

/** The parts in their order. */
export const PARTS = [
  'about',
  'holder',
  'ledger',
  'bill',
  'edition',
  'event',
  'link',
  'keys',
  'checkpoint',
  'manifest',
] as const;
export type Part = (typeof PARTS)[number];

/** What a bundle proves, and what it does not; part of every bundle, to prevent overinterpretation. */
export const PROVES = [
  'the bill follows from the facts in this file, decided again record by record with the price books in it',
  'the facts are those that the signed checkpoint covers, in their order, none left out between the two closes',
  'the price books are those published in this ledger by then, in their order',
];
export const DOES_NOT_PROVE = [
  'that a record was not already metered in an earlier month, or what one of an earlier month was reported as where it is corrected here',
  'that everything the account used was reported, or was used at all',
  'what the month before carried forward: its own bundle does',
  'what people said: reasons, notes, actors, the holder’s name, evidence of disputes, when something was recorded',
  'that the key is the operator’s: compare it with the one you were given',
] as const;

const revision = z.int().min(0);
const hash = z.string().regex(/^[0-9a-f]{64}$/, 'a hash is 64 lower-case hex digits');
const text = z.string();

/** Where a bundle's events begin: `from` is the revision of the close before, or 0; `previous` the hash before that. */
export const about = z.strictObject({
  part: z.literal('about'),
  format: z.literal(FORMAT),
  account: text,
  month: text,
  zone: text,
  ledger: text,
  stream: text,
  from: revision,
  to: revision,
  previous: hash,
  /** Editions published by the close. */
  catalogue: z.int().min(0),
  proves: z.array(text),
  doesNotProve: z.array(text),
});
export const holder = z.strictObject({ part: z.literal('holder'), name: text });
export const bill = z.strictObject({ part: z.literal('bill'), bill: storedBill });
/** The ledger's first event: its hash is the ledger's name, and it says in which zone months lie. */
export const ledger = z.strictObject({ part: z.literal('ledger'), header: text, data: text });
/** An event of the catalogue: every book that was published by then, so that none in force can be left out. */
export const edition = z.strictObject({
  part: z.literal('edition'),
  revision,
  header: text,
  data: text,
  hash,
});
/** `records`: so many lines follow, each a record. */
export const event = z.strictObject({
  part: z.literal('event'),
  revision,
  header: text,
  data: text,
  records: z.int().min(0).exactOptional(),
  hash,
});
/** An event behind the last one that matters, up to the one that the checkpoint names: only what its seal covers. */
export const link = z.strictObject({
  part: z.literal('link'),
  stream: text,
  revision,
  header: text,
  payload: hash,
  hash,
});
export const keys = z.strictObject({
  part: z.literal('keys'),
  keys: z
    .array(z.strictObject({ key: text.max(KEY_SIZE), statement: text.max(NOTE_SIZE).nullable() }))
    .min(1)
    .max(KEYS_MAX),
});
const leaf = z.strictObject({
  stream: text,
  revision,
  head: hash,
  index: revision,
  path: z.array(hash).max(PATH_MAX),
});
export type ProvedLeaf = z.infer<typeof leaf>;
export const checkpoint = z.strictObject({
  part: z.literal('checkpoint'),
  note: text.max(NOTE_SIZE),
  leaves: z.array(leaf).max(2),
});
export const manifestLine = z.strictObject({
  part: z.literal('manifest'),
  envelope: z.strictObject({
    payloadType: z.literal(MANIFEST_TYPE),
    payload: text,
    signatures: z.array(z.strictObject({ keyid: text, sig: text })).length(1),
  }),
});
export const manifest = z.strictObject({
  format: z.literal(FORMAT),
  ledger: text,
  account: text,
  month: text,
  bill: hash,
  events: z.strictObject({ stream: text, from: revision, to: revision, records: z.int() }),
  checkpoint: z.strictObject({ size: z.int(), root: hash }),
  parts: z.array(z.strictObject({ part: z.enum(PARTS), lines: z.int(), sha256: hash })),
});
export type Manifest = z.infer<typeof manifest>;
