/**
 * Compressed bodies (RFC 9110, section 8.4): gzip, deflate (zlib's format), br and zstd, one of them. What is inflated
 * counts against every limit; windows are bounded, since a few bytes of header can ask for much memory.
 */
import type { Transform } from 'node:stream';
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createZstdDecompress,
} from 'node:zlib';
import { ApiProblem } from './problem.ts';

/** A stream of zlib that tells how much of what was written to it was used. */
export type Inflater = Transform & { readonly bytesWritten: number };

const CHUNK = { chunkSize: 64 * 1024 };
/** 8 MiB: what RFC 9659 lets a sender of Content-Encoding: zstd ask for. */
const ZSTD_WINDOW_LOG = 23;
/** Memory of an inflater, its window included. */
export const INFLATER_BYTES = 10 * 1024 * 1024;

const INFLATERS: Readonly<Record<string, () => Inflater>> = {
  gzip: () => createGunzip(CHUNK),
  'x-gzip': () => createGunzip(CHUNK),
  deflate: () => createInflate(CHUNK),
  br: () => createBrotliDecompress(CHUNK),
  zstd: () =>
    createZstdDecompress({ ...CHUNK, params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG } }),
};
export const ACCEPTED_CODINGS = 'gzip, deflate, br, zstd';

/** What inflates a body of this `Content-Encoding`; null where it is not compressed. Throws 415. */
export const inflaterOf = (header: string | undefined): (() => Inflater) | null => {
  const coding = (header ?? '').trim().toLowerCase();
  if (coding === '' || coding === 'identity') return null;
  const inflater = Object.hasOwn(INFLATERS, coding) ? INFLATERS[coding] : undefined;
  if (inflater) return inflater;
  const several = coding.includes(',') ? 'a body may be compressed once; ' : '';
  throw new ApiProblem(
    'media_type_unsupported',
    `Content-Encoding ${coding.slice(0, 100)} is not taken: ${several}send ${ACCEPTED_CODINGS} or none`,
    { field: 'Content-Encoding' },
    { 'Accept-Encoding': ACCEPTED_CODINGS },
  );
};
