/**
 * CRC-32C (Castagnoli) as LevelDB stores it: rotated and offset ("masked"). The platform has only the CRC of zip files.
 */

const POLYNOMIAL = 0x82f63b78;
const MASK_DELTA = 0xa282ead8;
/** Bytes per step, each with a table of its own. */
const STEP = 4;

const tables: readonly Int32Array[] = (() => {
  const all = Array.from({ length: STEP }, () => new Int32Array(256));
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    for (const table of all) {
      table[byte] = crc;
      for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    }
  }
  return all;
})();
const [T0, T1, T2, T3] = tables as [Int32Array, Int32Array, Int32Array, Int32Array];

/** The masked checksum of some bytes. */
export const maskedCrc = (bytes: Uint8Array): number => {
  let crc = -1;
  const whole = bytes.length - (bytes.length % STEP);
  let at = 0;
  for (; at < whole; at += STEP) {
    crc ^=
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24);
    crc =
      (T3[crc & 255] as number) ^
      (T2[(crc >>> 8) & 255] as number) ^
      (T1[(crc >>> 16) & 255] as number) ^
      (T0[crc >>> 24] as number);
  }
  for (; at < bytes.length; at++) crc = (T0[(crc ^ (bytes[at] as number)) & 255] as number) ^ (crc >>> 8);
  const plain = ~crc >>> 0;
  return (((plain >>> 15) | (plain << 17)) + MASK_DELTA) >>> 0;
};
