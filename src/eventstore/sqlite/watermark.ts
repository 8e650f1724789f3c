/**
 * Watermark: how far an embedded ledger has come, in a small fsynced file beside it. A write-ahead log that lost its
 * end after it was synced opens as a shorter but consistent ledger; the watermark reveals the loss. It is written
 * shortly after a commit, not with each, and never ahead of what is durable.
 */
import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { writeSmallFile } from '../../files/small-file.ts';
import { hexOf } from '../../integrity/seal-events.ts';
import { sha256 } from '../../integrity/sha256.ts';

export interface Watermark {
  readonly position: number;
  /** The global chain up to there, in hex. */
  readonly place: string;
  /** When it was written, RFC 3339. */
  readonly at: string;
}

export interface WatermarkFile {
  /** Learns of a commit that is durable: its last event's position and place. */
  committed(position: number, place: Uint8Array): void;
  /** Writes the latest watermark. */
  close(): void;
}

export const watermarkPath = (path: string): string => `${path}.mark`;

/** Write interval of the watermark in milliseconds, and its delay after the last of many commits. */
const PAUSE_MS = 250;
/** Two records, written alternately: if a power cut tears one, the other remains. */
const SLOT_BYTES = 192;
const CHECK_LENGTH = 16;

/** The furthest readable watermark beside a ledger; null if there is none. */
export const readWatermark = (path: string): Watermark | null => {
  let text: string;
  try {
    text = readFileSync(watermarkPath(path), 'latin1');
  } catch {
    return null;
  }
  const marks = [0, SLOT_BYTES].flatMap((at) => parsed(text.slice(at, at + SLOT_BYTES)) ?? []);
  return marks.sort((a, b) => b.position - a.position)[0] ?? null;
};

/** Replaces the watermark; null for a ledger without events. */
export const resetWatermark = (path: string, watermark: Watermark | null): void =>
  writeSmallFile(watermarkPath(path), watermark ? slotText(watermark).repeat(2) : '', { overwrite: true });

/** Opens the watermark of a ledger that is written. A disk that cannot be written leaves it as it was. */
export const openWatermark = (path: string): WatermarkFile => {
  let file: number | null = null;
  let slot = 0;
  let known: { position: number; place: Uint8Array } | null = null;
  let writtenAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | null = null;

  const write = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
    if (!known) return;
    const watermark = { position: known.position, place: hexOf(known.place), at: new Date().toISOString() };
    known = null;
    writtenAt = performance.now();
    try {
      file ??= openSync(watermarkPath(path), 'r+');
    } catch {
      makeFile(path, watermark);
      return;
    }
    try {
      writeSync(file, slotText(watermark), slot * SLOT_BYTES, 'latin1');
      fdatasyncSync(file);
      slot = 1 - slot;
    } catch {
      // Only the watermark's protection is lost.
    }
  };

  return {
    committed: (position, place) => {
      known = { position, place };
      const rest = writtenAt + PAUSE_MS - performance.now();
      if (rest <= 0) write();
      else timer ??= setTimeout(write, rest).unref();
    },
    close: () => {
      write();
      if (file !== null) closeSync(file);
      file = null;
    },
  };
};

const makeFile = (path: string, watermark: Watermark): void => {
  try {
    resetWatermark(path, watermark);
  } catch {
    // Ignored as above; the next commit retries.
  }
};

const slotText = ({ position, place, at }: Watermark): string => {
  const text = `suanpan-mark 1 ${position} ${place} ${at} `;
  return `${text}${checkOf(text)}`.padEnd(SLOT_BYTES - 1).concat('\n');
};

const checkOf = (text: string): string => sha256(text).slice(0, CHECK_LENGTH);

const SLOT = /^(suanpan-mark 1 (\d{1,16}) ([0-9a-f]{64}) (\S{1,40}) )([0-9a-f]{16}) *\n$/;

const parsed = (slot: string): Watermark | null => {
  const [, text = '', position = '', place = '', at = '', check] = SLOT.exec(slot) ?? [];
  return check === undefined || checkOf(text) !== check ? null : { position: Number(position), place, at };
};
