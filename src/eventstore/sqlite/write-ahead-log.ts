/**
 * Checks a write-ahead log for lost commits. SQLite reads it up to the first frame with an invalid checksum and takes
 * that for the end. That is right after a power cut, which can only tear the last, unacknowledged commit, but wrong if
 * frames of synced commits were damaged later. The frames after the first invalid one distinguish the two. (File
 * format: https://www.sqlite.org/walformat.html)
 */
import { Buffer } from 'node:buffer';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const MAGIC = 0x377f0682;
const PAGE_LEAST = 512;
const PAGE_MOST = 65_536;
const FRAMES_A_READ = 64;

type Sums = readonly [number, number];

/**
 * What is wrong with a log; null if it ends normally, with nothing or one torn commit. Two further commits cannot
 * follow an invalid frame, since the second one started only after the first was synced. Reads the file piece by piece.
 */
export const walDamage = (path: string): string | null => {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return null;
  }
  try {
    return damageIn(file, fstatSync(file).size);
  } finally {
    closeSync(file);
  }
};

const damageIn = (file: number, size: number): string | null => {
  if (size < HEADER_BYTES + FRAME_HEADER_BYTES) return null;
  const header = bytesAt(file, 0, HEADER_BYTES);
  const magic = header.readUInt32BE(0);
  const pageSize = pageSizeOf(header.readUInt32BE(8));
  const isBig = (magic & 1) === 1;
  const sums = summed(header.subarray(0, 24), isBig, [0, 0]);
  const isSound =
    magic >>> 1 === MAGIC >>> 1 &&
    pageSize !== null &&
    sums[0] === header.readUInt32BE(24) &&
    sums[1] === header.readUInt32BE(28);
  if (!isSound) {
    const commits = commitsWithoutHeader(file, size);
    return commits === 0 ? null : `its header is damaged, and ${commits} commits follow it`;
  }
  const frame = { size: FRAME_HEADER_BYTES + pageSize, salt: header.subarray(16, 24), isBig, sums };
  return damagedFrame(file, size, frame);
};

interface Frames {
  readonly size: number;
  readonly salt: Buffer;
  readonly isBig: boolean;
  /** The checksum before the first of them. */
  readonly sums: Sums;
}

const damagedFrame = (file: number, size: number, { size: length, salt, isBig, sums: first }: Frames) => {
  let sums = first;
  let bad: number | null = null;
  let commits = 0;
  let number = 0;
  for (let at = HEADER_BYTES; at + length <= size; ) {
    const some = bytesAt(file, at, Math.min(FRAMES_A_READ, Math.floor((size - at) / length)) * length);
    for (let from = 0; from < some.length; from += length) {
      const frame = some.subarray(from, from + length);
      number += 1;
      const isOwn = salt.equals(frame.subarray(8, 16));
      if (bad === null) {
        const next = summed(
          frame.subarray(FRAME_HEADER_BYTES),
          isBig,
          summed(frame.subarray(0, 8), isBig, sums),
        );
        if (isOwn && next[0] === frame.readUInt32BE(16) && next[1] === frame.readUInt32BE(20)) {
          sums = next;
          continue;
        }
        bad = number;
      }
      // Frames of an earlier round of the log have another salt.
      if (isOwn && frame.readUInt32BE(4) !== 0) commits += 1;
    }
    at += some.length;
  }
  return commits > 1 ? `frame ${bad} is damaged, and ${commits} commits follow it` : null;
};

/** Frames with the salts of the first one, for any page size that fits. */
const commitsWithoutHeader = (file: number, size: number): number => {
  const salt = bytesAt(file, HEADER_BYTES + 8, 8);
  if (salt.every((byte) => byte === 0)) return 0;
  for (let page = PAGE_LEAST; page <= PAGE_MOST; page *= 2) {
    const length = FRAME_HEADER_BYTES + page;
    let [own, commits] = [0, 0];
    for (let at = HEADER_BYTES; at + length <= size; at += length) {
      const frame = bytesAt(file, at, FRAME_HEADER_BYTES);
      if (!salt.equals(frame.subarray(8, 16))) break;
      own += 1;
      if (frame.readUInt32BE(4) !== 0) commits += 1;
    }
    if (own > 1 && commits > 0) return commits;
  }
  return 0;
};

const pageSizeOf = (stored: number): number | null => {
  const size = stored === 1 ? PAGE_MOST : stored;
  return size >= PAGE_LEAST && size <= PAGE_MOST && (size & (size - 1)) === 0 ? size : null;
};

/** The log's running checksum over words of 32 bits, two at a time. */
const summed = (bytes: Buffer, isBig: boolean, [a, b]: Sums): Sums => {
  let [first, second] = [a, b];
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    first = (first + (isBig ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at)) + second) >>> 0;
    second = (second + (isBig ? bytes.readUInt32BE(at + 4) : bytes.readUInt32LE(at + 4)) + first) >>> 0;
  }
  return [first, second];
};

const bytesAt = (file: number, at: number, length: number): Buffer => {
  const bytes = Buffer.alloc(length);
  const read = readSync(file, bytes, 0, length, at);
  return bytes.subarray(0, read);
};
