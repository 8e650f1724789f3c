/**
 * A route as data: who may call it, what it takes, what it answers. The server, the OpenAPI document, its examples and
 * the tests of rights are all made from the one table of them.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type * as z from 'zod';
import type { Key } from '../access/keyring.ts';
import type { Scope } from '../ledger/side-events.ts';
import type { Api } from './api.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

export interface Call<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly key: Key;
  readonly headers: IncomingHttpHeaders;
  readonly requestId: string;
  /** The body as it streams in, for routes that read it themselves. */
  readonly raw: Readable;
}

export interface Reply {
  readonly status: number;
  /** JSON, or a stream with its own content type. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Example {
  readonly path: string;
  readonly body?: unknown;
  readonly status: number;
}

export interface RouteAnswer {
  readonly what: string;
  readonly schema: z.ZodType;
  /** Where it is not JSON. */
  readonly media?: string;
}

export interface Route {
  readonly method: Method;
  /** Below `/v1`, with `:name` for parameters. One called `account` is checked against the key. */
  readonly path: string;
  readonly scope: Scope;
  readonly tag: string;
  readonly what: string;
  readonly params: z.ZodType;
  readonly query: z.ZodType;
  /** Null: takes none. */
  readonly body: z.ZodType | null;
  /** True: the handler reads the body itself. */
  readonly streams: boolean;
  /** Takes an Idempotency-Key. */
  readonly idempotent: boolean;
  readonly answers: Readonly<Record<number, RouteAnswer>>;
  readonly example: Example;
  readonly handle: (api: Api, call: Call<never, never, never>) => Promise<Reply>;
}

interface Typed<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType>
  extends Omit<Route, 'params' | 'query' | 'body' | 'handle' | 'streams' | 'idempotent'> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body | null;
  readonly streams?: boolean;
  readonly idempotent?: boolean;
  readonly handle: (api: Api, call: Call<z.infer<Params>, z.infer<Query>, z.infer<Body>>) => Promise<Reply>;
}

/** A route whose handler has the types of its schemas. */
export const route = <Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType>(
  typed: Typed<Params, Query, Body>,
): Route => ({
  streams: false,
  idempotent: false,
  ...typed,
});
