/**
 * Bytes that mean harm, made from bytes that mean something: JSON with a member replaced, repeated, added or left out,
 * then bytes cut, joined, damaged and compressed. What is not JSON is only treated as bytes.
 */
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';

/** JSON texts of values that are huge, deep, wide, or none that a double, UTF-8 or a reader holds. */
const hostileJson: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    ...['1e400', '-1e400', '9007199254740993', '-0', '1e2', '1.0', '0.1', '1e-400', '12345678901234567890'],
    ...['null', 'true', '""', '[]', '{}', '-1', '0', '"0"', '"1e9"', '"NaN"'],
    ...['"\\ud800"', '"\\u0000"', '"\\u001b[2J"', '"\\u202e"', '"\\u2028"', '"__proto__"', '"constructor"'],
    ...['{"__proto__":{"x":1}}', '{"toString":1}', '"../../etc/passwd"', '"=1+1"', '"2019-02-30T00:00:00Z"'],
    ...['"0000-01"', '"9999-12"', '"10000-01"', '"2019-01-01T00:00:00+99:99"', '1e5', '"1e5"', '"0x10"'],
  ),
  fc.integer({ min: 1, max: 3_000 }).map((n) => `${'['.repeat(n)}${']'.repeat(n)}`),
  fc.integer({ min: 1, max: 500 }).map((n) => `${'{"a":'.repeat(n)}1${'}'.repeat(n)}`),
  fc.integer({ min: 1, max: 3_000 }).map((n) => `[${Array.from({ length: n }, () => '1').join(',')}]`),
  fc.integer({ min: 1, max: 40_000 }).map((n) => `"${'a'.repeat(n)}"`),
  fc.integer({ min: 16, max: 400 }).map((n) => '9'.repeat(n)),
  fc.string({ unit: 'binary', maxLength: 12 }).map((text) => JSON.stringify(text)),
  fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.stringify(value)),
);

type Path = readonly (string | number)[];

/** Every place in a JSON value. */
const placesOf = (value: unknown, path: Path = []): Path[] => {
  if (typeof value !== 'object' || value === null) return [path];
  const inner = Array.isArray(value)
    ? value.slice(0, 20).flatMap((item, i) => placesOf(item, [...path, i]))
    : Object.entries(value).flatMap(([key, item]) => placesOf(item, [...path, key]));
  return [path, ...inner];
};

const HOLE = '"@@hole@@"';

/** A JSON text with the value at a place replaced by another text. */
const withHole = (value: unknown, [step, ...rest]: Path): unknown => {
  if (step === undefined) return '@@hole@@';
  if (Array.isArray(value)) return value.map((item, i) => (i === step ? withHole(item, rest) : item));
  const object = value as Record<string, unknown>;
  return { ...object, [step]: withHole(object[step], rest) };
};

const mangledJson = (text: string): fc.Arbitrary<string> => {
  const value: unknown = JSON.parse(text);
  const places = placesOf(value);
  return fc
    .record({
      place: fc.constantFrom(...places),
      what: hostileJson,
      way: fc.constantFrom('replace', 'repeat', 'add', 'leave out'),
    })
    .map(({ place, what, way }) => {
      const holed = JSON.stringify(withHole(value, place));
      if (way === 'replace') return holed.replace(HOLE, () => what);
      if (way === 'leave out') return holed.replace(/"[^"]*":"@@hole@@",?/, '').replace(/,}/, '}');
      const own = way === 'repeat' ? `$1:${'null'},$1` : '"unknown":$2,$1';
      return holed
        .replace(/("(?:[^"\\]|\\.)*"):"@@hole@@"/, (_, key) =>
          own.replaceAll('$1', () => key).replace('$2', () => what),
        )
        .replace(HOLE, () => what)
        .replace(/("(?:[^"\\]|\\.)*"),("unknown")/, '$2');
    });
};

const JUNK = [
  Uint8Array.of(0xff, 0xfe),
  Uint8Array.of(0xc4, 0xe3, 0xba, 0xc3),
  Uint8Array.of(0xed, 0xa0, 0x80),
  Uint8Array.of(0x00),
  Uint8Array.of(0xef, 0xbb, 0xbf),
  new TextEncoder().encode('\u202e\u0007\u001b[2K\u2028'),
  new TextEncoder().encode('\r\n\r\n'),
  new TextEncoder().encode('}{'),
];

const mangledBytes = (bytes: Uint8Array): fc.Arbitrary<Uint8Array> => {
  const at = fc.nat({ max: bytes.length });
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant(bytes) },
    at.map((end) => bytes.subarray(0, end)),
    at.map((from) => bytes.subarray(from)),
    fc.tuple(at, fc.constantFrom(...JUNK)).map(([where, junk]) => spliced(bytes, where, junk)),
    fc.tuple(at, fc.nat({ max: 255 })).map(([where, byte]) => flipped(bytes, where, byte)),
    fc
      .tuple(at, fc.integer({ min: 1, max: 5 }))
      .map(([from, n]) => Buffer.concat([bytes, ...Array.from({ length: n }, () => bytes.subarray(from))])),
  );
};

const spliced = (bytes: Uint8Array, at: number, junk: Uint8Array): Uint8Array =>
  Buffer.concat([bytes.subarray(0, at), junk, bytes.subarray(at)]);

const flipped = (bytes: Uint8Array, at: number, byte: number): Uint8Array => {
  const copy = Uint8Array.from(bytes);
  if (at < copy.length) copy[at] = byte;
  return copy;
};

/** Ways of compressing that HTTP has a name for. */
export const ENCODINGS = {
  gzip: gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
  zstd: zstdCompressSync,
};
export type Encoding = keyof typeof ENCODINGS;

/** Hostile bytes made from a sample; of a sample of lines, one line is treated as JSON. */
export const hostileBytes = (sample: string | Uint8Array): fc.Arbitrary<Uint8Array> => {
  if (typeof sample !== 'string') return mangledBytes(sample);
  const lines = sample.split('\n').filter((line) => line !== '');
  if (!lines.every(isJson)) return mangledBytes(Buffer.from(sample));
  return fc
    .nat({ max: Math.max(0, lines.length - 1) })
    .chain((at) =>
      mangledJson(lines[at] ?? 'null').map((line) =>
        lines.map((one, i) => (i === at ? line : one)).join('\n'),
      ),
    )
    .chain((text) => mangledBytes(Buffer.from(lines.length > 1 ? `${text}\n` : text)));
};

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** A refusal is short, and shows nothing of the program's inside. */
export const REFUSAL_MAX = 1024 * 1024;
export const STACK = /\n? {2,}at .*\(?(?:file:|node:|\/).*:\d+:\d+\)?/;
