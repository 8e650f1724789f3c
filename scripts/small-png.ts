/**
 * A PNG as Chromium writes it (8 bits a channel, RGB or RGBA, not interlaced) with at most 256 colours, a third of the
 * bytes: its frequent colours stay as they are, others become the nearest of those. A picture that has no more
 * colours than that loses nothing.
 */
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const COLOURS_MAX = 256;
/** Square of the distance of two colours that look the same. */
const SAME = 48;

interface Picture {
  readonly width: number;
  readonly height: number;
  /** A colour a pixel: 0xRRGGBB. */
  readonly pixels: Uint32Array;
}

/** Throws where the file is of another kind of PNG. */
export const decodePng = (file: Buffer): Picture => {
  if (!file.subarray(0, SIGNATURE.length).equals(SIGNATURE)) throw new Error('not a PNG');
  const data: Buffer[] = [];
  let header: Buffer = Buffer.alloc(0);
  let palette: Buffer | null = null;
  for (let at = SIGNATURE.length; at < file.length; ) {
    const length = file.readUInt32BE(at);
    const type = file.toString('latin1', at + 4, at + 8);
    const body = file.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') header = body;
    if (type === 'PLTE') palette = body;
    if (type === 'IDAT') data.push(body);
    at += length + 12;
  }
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const [depth, kind = -1, , , interlaced] = header.subarray(8);
  const channels = { 2: 3, 3: 1, 6: 4 }[kind];
  if (depth !== 8 || channels === undefined || interlaced !== 0) throw new Error('another kind of PNG');
  const bytes = unfiltered(inflateSync(Buffer.concat(data)), width * channels, channels);
  const pixels = new Uint32Array(width * height);
  for (let i = 0; i < pixels.length; i++) {
    const from = palette ?? bytes;
    const at = palette ? (bytes[i] as number) * 3 : i * channels;
    pixels[i] = ((from[at] as number) << 16) | ((from[at + 1] as number) << 8) | (from[at + 2] as number);
  }
  return { width, height, pixels };
};

/** The bytes of the rows, each of which says how it was filtered (PNG, section 9). */
const unfiltered = (rows: Buffer, stride: number, channels: number): Buffer => {
  const height = rows.length / (stride + 1);
  const bytes = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y++) {
    const row = y * (stride + 1);
    const guess = GUESSES[rows[row] as number];
    if (!guess) throw new Error('another kind of PNG');
    for (let x = 0; x < stride; x++) {
      const at = y * stride + x;
      const left = x < channels ? 0 : (bytes[at - channels] as number);
      const up = y === 0 ? 0 : (bytes[at - stride] as number);
      const corner = x < channels || y === 0 ? 0 : (bytes[at - stride - channels] as number);
      bytes[at] = (rows[row + 1 + x] as number) + guess(left, up, corner);
    }
  }
  return bytes;
};

/** Paeth's predictor. */
const nearestOf = (left: number, up: number, corner: number): number => {
  const [l, u, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  if (l <= u && l <= c) return left;
  return u <= c ? up : corner;
};

/** What the filters expect of a byte, from those left of it, above it, and left of that one. */
const GUESSES: readonly ((left: number, up: number, corner: number) => number)[] = [
  () => 0,
  (left) => left,
  (_left, up) => up,
  (left, up) => (left + up) >> 1,
  nearestOf,
];

/** How far two colours are from each other. */
const distance = (a: number, b: number): number => {
  const part = (shift: number): number => (((a >> shift) & 255) - ((b >> shift) & 255)) ** 2;
  return part(16) + part(8) + part(0);
};

/** The first of some colours that are not all but the same as one before: rare colours of a picture stay too. */
const spreadOut = (colours: readonly number[]): number[] => {
  const chosen: number[] = [];
  for (const colour of colours) {
    if (chosen.length === COLOURS_MAX) break;
    if (chosen.every((other) => distance(colour, other) > SAME)) chosen.push(colour);
  }
  return chosen;
};

export const smallPng = (file: Buffer): Buffer => {
  const { width, height, pixels } = decodePng(file);
  const counts = new Map<number, number>();
  // Most pixels are of the colour of the one before.
  for (let i = 0, from = 0; i < pixels.length; i++) {
    if (pixels[i] === pixels[i + 1]) continue;
    counts.set(pixels[i] as number, (counts.get(pixels[i] as number) ?? 0) + i + 1 - from);
    from = i + 1;
  }
  const byCount = [...counts.keys()].toSorted((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0) || a - b);
  const palette = byCount.length <= COLOURS_MAX ? byCount : spreadOut(byCount);
  const places = new Map(palette.map((colour, i) => [colour, i]));
  for (const colour of byCount.filter((other) => !places.has(other))) {
    const nearest = palette.reduce(
      (best, other, i) => (distance(colour, other) < distance(colour, palette[best] as number) ? i : best),
      0,
    );
    places.set(colour, nearest);
  }
  const rows = Buffer.alloc((width + 1) * height);
  for (let i = 0, place = 0; i < pixels.length; i++) {
    if (i === 0 || pixels[i] !== pixels[i - 1]) place = places.get(pixels[i] as number) as number;
    rows[i + Math.floor(i / width) + 1] = place;
  }
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 3, 0, 0, 0]);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  const colours = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', colours),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
};

const chunk = (type: string, body: Buffer): Buffer => {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
};
