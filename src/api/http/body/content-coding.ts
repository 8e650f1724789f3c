/**
 * Compressed bodies (RFC 9110, section 8.4): gzip, deflate (zlib's format), br and zstd, one of them. Limits apply to
 * inflated bytes; windows are bounded, since a few bytes of header can request much memory.
 */
import type { Transform } from 'node:stream';
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createZstdDecompress,
} from 'node:zlib';
import { ApiProblem } from '../problems/problem.ts';

/** A zlib stream with the number of input bytes used. */
export type Inflater = Transform & { readonly bytesWritten: number };

const CHUNK = { chunkSize: 64 * 1024 };
/** 8 MiB: the window that RFC 9659 allows for Content-Encoding: zstd. */
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

/** The inflating stream for a `Content-Encoding`; null if the body is not compressed. Throws 415. */
export const inflaterOf = (header: string | undefined): (() => Inflater) | null => {
  const coding = (header ?? '').trim().toLowerCase();
  if (coding === '' || coding === 'identity') return null;
  const inflater = Object.hasOwn(INFLATERS, coding) ? INFLATERS[coding] : undefined;
  if (inflater) return inflater;
  const several = coding.includes(',') ? 'a body may be compressed once; ' : '';
  throw new ApiProblem(
    'media_type_unsupported',
    `Content-Encoding ${coding.slice(0, 100)} is not supported: ${several}send ${ACCEPTED_CODINGS} or none`,
    { field: 'Content-Encoding' },
    { 'Accept-Encoding': ACCEPTED_CODINGS },
  );
};
