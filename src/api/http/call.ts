/** A call of a route, as its handler gets it, and the reply it gives. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Key } from '../../access/keyring.ts';
import type { BinaryEvent } from '../../input/event-binary.ts';
import type { ApiProblem } from './problems/problem.ts';

export interface Call<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly key: Key;
  readonly headers: IncomingHttpHeaders;
  readonly requestId: string;
  /** The streamed body, for a route that reads it itself. */
  readonly pieces: () => AsyncGenerator<Buffer>;
  /** Attributes of a CloudEvent in binary mode. */
  readonly attributes: () => BinaryEvent['attributes'];
  /** The problem for an error; an unexpected one is logged. */
  readonly problemOf: (error: unknown) => ApiProblem;
}

/** An event that a dry run says the request would record. */
export interface WouldRecord {
  readonly stream: string;
  /** The revision it would have now. */
  readonly revision: number;
  readonly type: string;
  readonly at: string;
  /** The event's data as it would be stored; records of usage are not in it. */
  readonly data: unknown;
}

export interface Reply {
  readonly status: number;
  /** JSON, or a stream with its own content type. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of a dry run: the events that the request would record; absent where the route does not say. */
  readonly wouldRecord?: readonly WouldRecord[];
  /** Of a stream: headers that are known at its end. */
  readonly trailers?: Readonly<Record<string, () => Promise<string>>>;
}
