/**
 * Reads a request's body: inflated, within its limit and the budget of all bodies. Reading stops as soon as a limit is
 * exceeded; `drain-body.ts` drains the rest, so that the answer arrives.
 */
import { Buffer } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { ApiProblem } from '../problems/problem.ts';
import type { BodyBudget, BodyShare } from './body-budget.ts';
import { INFLATER_BYTES, type Inflater, inflaterOf } from './content-coding.ts';
import { mediaTypeOf } from './media-type.ts';

export interface Incoming {
  /** The media type, in lower case, without parameters; empty if missing. */
  readonly type: string;
  /** Whether a body may follow: the request has a content type, or announces a body. */
  readonly isPresent: boolean;
  /**
   * Reads the whole body; throws 413 above `most` bytes, 400 if it does not inflate, 503 if the budget is exhausted.
   */
  readAll(most: number): Promise<Buffer>;
  /** Streams pieces, without a limit on their number; at most one consumer. Throws like `readAll`. */
  pieces(): AsyncGenerator<Buffer>;
  /** Releases the budget that `readAll` reserved. */
  done(): void;
}

/** Reserved for a stream: part of its lines, and buffers. */
const STREAM_BYTES = 1024 * 1024;
/**
 * A stream has no limit, but a body that inflates by more than this factor is a decompression bomb. Usage inflates
 * about twentyfold.
 */
const RATIO_MAX = 200;
const RATIO_FROM = 16 * 1024 * 1024;

/** The body of a request. Throws 415 for an unsupported coding. */
export const openIncoming = (
  raw: Readable | undefined,
  headers: IncomingHttpHeaders,
  budget: BodyBudget,
  key: string,
): Incoming => {
  const inflater = inflaterOf(headers['content-encoding']);
  const share = budget.open(key);
  const opened = (share: BodyShare, bytes: number): Opened | null => {
    if (!raw) return null;
    share.grow(bytes + (inflater ? INFLATER_BYTES : 0));
    return inflater ? inflated(raw, inflater()) : { source: raw, ...AS_IT_CAME };
  };
  return {
    type: mediaTypeOf(headers['content-type']),
    isPresent: raw !== undefined,
    readAll: async (most) => {
      if (Number(headers['content-length'] ?? 0) > most) throw tooLarge(most);
      const body = opened(share, 0);
      return body ? collected(body, most, share) : Buffer.alloc(0);
    },
    pieces: async function* () {
      // A reservation of its own, since a stream continues after its request is answered.
      const own = budget.open(key);
      const body = opened(own, STREAM_BYTES);
      if (!body) return;
      let size = 0;
      try {
        for await (const chunk of body.source.iterator({ destroyOnReturn: false })) {
          size += (chunk as Buffer).length;
          if (inflater && size > RATIO_FROM && size > RATIO_MAX * body.received()) throw bomb();
          yield chunk as Buffer;
        }
        body.checkEnd();
      } catch (error) {
        throw asProblem(error);
      } finally {
        body.end();
        own.release();
      }
    },
    done: share.release,
  };
};

const AS_IT_CAME = { received: () => 0, checkEnd: () => undefined, end: () => undefined };

interface Opened {
  readonly source: Readable;
  /** Compressed bytes received. */
  readonly received: () => number;
  /** Throws if data follows the compressed body. Call it at its end. */
  readonly checkEnd: () => void;
  readonly end: () => void;
}

/** A body through its inflater. */
const inflated = (raw: Readable, inflater: Inflater): Opened => {
  let received = 0;
  const count = (chunk: Buffer) => {
    received += chunk.length;
  };
  const gone = () => {
    if (!raw.readableEnded) inflater.destroy(new Gone());
  };
  raw.on('data', count);
  raw.once('close', gone);
  raw.pipe(inflater);
  // It may fail if the client is gone.
  inflater.on('error', () => undefined);
  return {
    source: inflater,
    received: () => received,
    checkEnd: () => {
      if (inflater.bytesWritten < received) throw new Error('something follows its end');
    },
    end: () => {
      raw.unpipe(inflater);
      raw.off('data', count);
      raw.off('close', gone);
      inflater.destroy();
    },
  };
};

/** The client disconnected within its body; the answer is not read. */
class Gone extends Error {}

/** Above this many bytes, chunks are joined as they arrive: joining at the end would take milliseconds. */
const LONG = 1024 * 1024;

const collected = (body: Opened, most: number, share: BodyShare): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let whole: Buffer | null = null;
    let size = 0;
    let isSettled = false;
    const { source } = body;
    const fail = (error: unknown) => {
      if (isSettled) return;
      isSettled = true;
      // `drain-body.ts` drains the rest.
      source.off('data', take);
      source.pause();
      body.end();
      reject(asProblem(error));
    };
    const take = (chunk: Buffer) => {
      size += chunk.length;
      if (size > most) return fail(tooLarge(most));
      try {
        share.grow(chunk.length);
      } catch (error) {
        return fail(error);
      }
      if (whole) chunk.copy(whole, size - chunk.length);
      else chunks.push(chunk);
      if (whole || size <= LONG) return;
      // An unused stream takes no memory.
      whole = Buffer.allocUnsafeSlow(most);
      let at = 0;
      for (const early of chunks.splice(0)) at += early.copy(whole, at);
    };
    const end = () => {
      if (isSettled) return;
      try {
        body.checkEnd();
      } catch (error) {
        return fail(error);
      }
      isSettled = true;
      body.end();
      if (whole) return resolve(whole.subarray(0, size));
      const [only] = chunks;
      resolve(chunks.length === 1 && only ? only : Buffer.concat(chunks));
    };
    source.on('data', take);
    source.on('end', end);
    source.on('error', fail);
    source.on('close', () => {
      if (!isSettled) fail(new Gone());
    });
  });

const tooLarge = (most: number): ApiProblem =>
  new ApiProblem('body_too_large', `a body has at most ${most} bytes here, inflated ones counted`, { most });

const bomb = (): ApiProblem =>
  new ApiProblem('body_too_large', `the body inflates to more than ${RATIO_MAX} times what came`, {
    most: RATIO_MAX,
  });

const asProblem = (error: unknown): ApiProblem => {
  if (error instanceof ApiProblem) return error;
  const why = error instanceof Gone || isReset(error) ? 'ended before it was whole' : notInflated(error);
  return new ApiProblem('invalid_request', `body: ${why}`, { field: 'body' });
};

const isReset = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'ECONNRESET' || error.code === 'ERR_STREAM_PREMATURE_CLOSE');

const notInflated = (error: unknown): string =>
  `cannot be inflated (${error instanceof Error ? error.message : 'it is damaged'})`;
