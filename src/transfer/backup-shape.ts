/** Checks, before a backup is copied, that the file is a whole database according to its header. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const HEADER_BYTES = 100;
const MAGIC = 'SQLite format 3\0';
const PAGE_SIZE_AT = 16;
const PAGES_AT = 28;

/** Why a file cannot be a backup; null if it may be one. Throws the system's error if the file cannot be read. */
export const notABackup = (file: string): string | null => {
  const handle = openSync(file, 'r');
  try {
    const { size } = fstatSync(handle);
    if (size === 0) return 'it is empty';
    const header = Buffer.alloc(HEADER_BYTES);
    if (
      readSync(handle, header, 0, HEADER_BYTES, 0) < HEADER_BYTES ||
      !header.toString('latin1').startsWith(MAGIC)
    )
      return 'it is not what `suanpan backup` writes (what `export` wrote is for `load`)';
    // In the header, 1 means 64 KiB.
    const written = header.readUInt16BE(PAGE_SIZE_AT);
    const whole = header.readUInt32BE(PAGES_AT) * (written === 1 ? 65_536 : written);
    return size < whole ? `it is cut off: it has ${size} of ${whole} bytes` : null;
  } finally {
    closeSync(handle);
  }
};
