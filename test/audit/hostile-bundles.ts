/** Hostile bundles: endless ones, and ones that exceed a limit. */
import { Buffer } from 'node:buffer';
import { zstdCompressSync } from 'node:zlib';
import { canonicalJson } from '../../src/domain/canonical.ts';

const MI = 1024 * 1024;
const HASH = '0'.repeat(64);

/** The lines of a good bundle, in parts. */
export interface Parts {
  readonly before: string[];
  readonly event: string;
  readonly record: string;
  readonly edition: string;
}

export const partsOf = (bundle: string): Parts => {
  const lines = bundle.trimEnd().split('\n');
  const at = lines.findIndex((line) => line.includes('"records":') && line.includes('"part":"event"'));
  const edition = lines.find((line) => line.includes('"part":"edition"')) ?? '';
  return { before: lines.slice(0, at), event: lines[at] ?? '', record: lines[at + 1] ?? '', edition };
};

const joined = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
const bytes = (text: string): Uint8Array => Buffer.from(text);

/** Text first, then the same piece again and again: without end, or as often as is said. */
async function* endless(
  first: string,
  again: string,
  times = Number.POSITIVE_INFINITY,
): AsyncGenerator<Uint8Array> {
  if (first !== '') yield bytes(first);
  const piece = bytes(again.repeat(Math.max(1, Math.floor((64 * 1024) / again.length))));
  for (let i = 0; i < times; i++) yield piece;
}

async function* once(text: string | Uint8Array): AsyncGenerator<Uint8Array> {
  yield typeof text === 'string' ? bytes(text) : text;
}

/** Each by name; every one is a file that is no bundle, and most have no end. */
export const hostileBundles = ({
  before,
  event,
  record,
  edition,
}: Parts): Readonly<Record<string, () => AsyncIterable<Uint8Array>>> => {
  const upToEvents = joined(before);
  const upToBooks = joined(before.filter((line) => !/"part":"(event|bill)"/.test(line)));
  const changed = (line: string, change: object): string => canonicalJson({ ...JSON.parse(line), ...change });
  const about = JSON.parse(before[0] ?? '');
  const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
  return {
    'a line without end': () => endless('', 'x'),
    'a string without end': () => endless('{"part":"about","account":"', 'x'),
    'lines without end': () => endless('', '\n'),
    'lines that are null': () => endless('', 'null\n'),
    'the first line again and again': () => endless(joined(before.slice(0, 1)), joined(before.slice(0, 1))),
    'records without end': () =>
      endless(`${upToEvents}${changed(event, { records: Number.MAX_SAFE_INTEGER })}\n`, `${record}\n`),
    'as many records as are allowed, and one more': () =>
      endless(`${upToEvents}${changed(event, { records: 100_000 })}\n`, `${record}\n`),
    'a record without end': () => endless(`${upToEvents}${event}\n`, '['),
    'long records': () =>
      endless(`${upToEvents}${changed(event, { records: 100_000 })}\n`, `["${'x'.repeat(MI - 10)}"]\n`),
    'events without end': () => endless(upToEvents, `${changed(event, { records: 0 })}\n`),
    'price books without end': () => endless(upToBooks, `${edition}\n`),
    'large price books without end': () =>
      endless(upToBooks, `${changed(edition, { data: 'x'.repeat(3 * MI) })}\n`),
    'links without end': () =>
      endless(
        upToEvents,
        `${canonicalJson({ part: 'link', stream: about.stream, revision: 9, header: '{}', payload: HASH, hash: HASH })}\n`,
      ),
    'deep JSON': () => once(`{"part":"about","x":${deep(MI)}}\n`),
    'deep JSON in a text': () => once(`${upToEvents}${changed(event, { data: deep(MI), records: 0 })}\n`),
    'wide JSON': () => once(`{"part":"about","x":[${'1,'.repeat(MI)}1]}\n`),
    'wide JSON, every value wrong': () =>
      once(`${changed(before[0] ?? '', { proves: Array(200_000).fill(1) })}\n`),
    'many names': () =>
      once(`{"part":"about",${Array.from({ length: 100_000 }, (_, i) => `"${i}":1`).join(',')}}\n`),
    'many keys': () =>
      once(
        `${upToEvents}${canonicalJson({ part: 'keys', keys: Array(2_000).fill({ key: 'x', statement: null }) })}\n`,
      ),
    'a number without end': () => endless('{"part":"bill","bill":', '9'),
    'packed zeros': () => once(zstdCompressSync(Buffer.alloc(256 * MI))),
    'bytes of no text': () => once(Uint8Array.from({ length: MI }, (_, i) => i)),
    'zero bytes': () => endless('', '\0'),
  };
};
