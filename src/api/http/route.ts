/**
 * A route as data: who may call it, what it accepts, what it answers. The server, the OpenAPI document, its examples
 * and the authorization tests are generated from the one table of routes. A route that may change the ledger also
 * defines its dry run; without one it does not type-check.
 */
import * as z from 'zod';
import type { Scope } from '../../access/events.ts';
import { openObjects } from '../../input/schema-walk.ts';
import type { Api } from './api.ts';
import { JSON_BODIES, JSON_TYPE } from './body/media-type.ts';
import type { Call, Reply, WouldRecord } from './call.ts';
import { type RunCommand, runCommand, tryCommand } from './commands/run-command.ts';
import { accountEvents } from './commands/would-record.ts';

type Writing = 'POST' | 'PUT' | 'DELETE';
export type Method = 'GET' | Writing;

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
  /** Answers in other media types, on request. */
  readonly also?: Readonly<Record<string, z.ZodType>>;
}

interface Described {
  readonly method: Method;
  /** Below `/v1`, with `:name` for parameters. One called `account` is checked against the key. */
  readonly path: string;
  readonly scope: Scope;
  /** A key with this scope, though not the first, may also call it, and sees only what it created itself. */
  readonly ownScope: Scope | null;
  readonly tag: string;
  readonly what: string;
  readonly params: z.ZodType;
  readonly query: z.ZodObject;
  /** Null: no body. */
  readonly body: z.ZodType | null;
  /** Accepted media types. For JSON alone the handler gets the value, else the bytes, or null for a stream. */
  readonly bodies: readonly string[];
  /** True: the handler checks the body's fields itself; otherwise the schema refuses unknown fields. */
  readonly bodyIsJudged: boolean;
  /** The body by media type, for the OpenAPI document. */
  readonly bodySchemas: Readonly<Record<string, z.ZodType>>;
  /** Whether it accepts an Idempotency-Key. */
  readonly idempotent: boolean;
  /** Whether a retry without a key would take effect twice; then a key is required, except for a dry run. */
  readonly needsKey: boolean;
  readonly answers: Readonly<Record<number, RouteAnswer>>;
  readonly example: Example;
}

type Handle<Params, Query, Body> = (api: Api, call: Call<Params, Query, Body>) => Promise<Reply>;

export interface Route extends Described {
  readonly handle: Handle<never, never, never>;
  /** Answers as `handle` would, and records nothing; null for a route that only reads. */
  readonly tryOut: Handle<never, never, never> | null;
}

/** A route's handler, with the types of its schemas. */
type Acting<Params, Query, Body> =
  | { readonly method: 'GET'; readonly handle: Handle<Params, Query, Body> }
  | {
      readonly method: Writing;
      readonly handle: Handle<Params, Query, Body>;
      readonly tryOut: Handle<Params, Query, Body>;
    }
  /** Runs one command of an account with the given runner: really, or as a dry run. */
  | {
      readonly method: Writing;
      readonly command: (api: Api, call: Call<Params, Query, Body>, run: RunCommand) => Promise<Reply>;
    };

type Typed<Params extends z.ZodType, Query extends z.ZodObject, Body extends z.ZodType> = Omit<
  Described,
  | 'method'
  | 'params'
  | 'query'
  | 'body'
  | 'ownScope'
  | 'bodies'
  | 'bodyIsJudged'
  | 'bodySchemas'
  | 'idempotent'
  | 'needsKey'
> & {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body | null;
  readonly ownScope?: Scope;
  readonly bodies?: readonly string[];
  /** Set if the handler checks the body itself. */
  readonly bodySchemas?: Described['bodySchemas'];
  readonly idempotent?: boolean;
  readonly needsKey?: boolean;
} & Acting<z.infer<Params>, z.infer<Query>, z.infer<Body>>;

const dryRun = z
  .enum(['true', 'false', 'events'])
  .optional()
  .describe(
    'true: answer as if, and record nothing; events: the same, with the events that it would record as `wouldRecord`',
  );

/**
 * A route whose handler has the types of its schemas. Every route that may change the ledger takes `dryRun`, and no
 * route takes a query parameter or a body field that it does not know.
 */
export const route = <Params extends z.ZodType, Query extends z.ZodObject, Body extends z.ZodType>(
  typed: Typed<Params, Query, Body>,
): Route => {
  const {
    method,
    path,
    body,
    ownScope = null,
    bodies = JSON_BODIES,
    needsKey = false,
    idempotent = needsKey,
  } = typed;
  const bodyIsJudged = typed.bodySchemas !== undefined;
  const bodySchemas = typed.bodySchemas ?? (body ? { [JSON_TYPE]: body } : {});
  const open = body === null || bodyIsJudged ? [] : openObjects(body);
  if (open.length > 0) throw new Error(`${method} ${path}: its body is not strict at ${open.join(', ')}`);
  const query = method === 'GET' ? typed.query : typed.query.extend({ dryRun });
  return {
    ...typed,
    ...handlersOf(typed),
    ownScope,
    bodies,
    bodyIsJudged,
    bodySchemas,
    idempotent,
    needsKey,
    query: query.strict(),
  };
};

const handlersOf = <Params, Query, Body>(acting: Acting<Params, Query, Body>) => {
  if ('command' in acting) {
    const { command } = acting;
    return {
      handle: (api: Api, call: Call<Params, Query, Body>) => command(api, call, runCommand),
      tryOut: async (api: Api, call: Call<Params, Query, Body>): Promise<Reply> => {
        const wouldRecord: WouldRecord[] = [];
        const reply = await command(api, call, async (...of) => {
          const ran = await tryCommand(...of);
          wouldRecord.push(...accountEvents(of[2], ran.wouldRecord));
          return ran;
        });
        return { ...reply, wouldRecord: [...wouldRecord, ...(reply.wouldRecord ?? [])] };
      },
    };
  }
  return { handle: acting.handle, tryOut: 'tryOut' in acting ? acting.tryOut : null };
};
