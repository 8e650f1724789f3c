/**
 * The log of refused usage: of an account, and of reports whose account does not exist. A key that may only report sees
 * only what it reported itself.
 */
import * as z from 'zod';
import type { Scope } from '../../access/events.ts';
import { hasScope, type Key } from '../../access/keyring.ts';
import type { RefusedRecord } from '../../ledger/refused-usage/events.ts';
import { type LoggedAt, readRefusedAt } from '../../ledger/refused-usage/read.ts';
import type { Api } from '../http/api.ts';
import { reached } from '../http/reads/consistency.ts';
import { cursorPlace } from '../http/reads/paging.ts';
import { accountThen } from '../http/reads/point-in-time.ts';
import { type Route, route } from '../http/route.ts';
import * as shape from '../schemas/common.ts';

const logged = z
  .object({
    at: shape.instant,
    code: z.string(),
    detail: z.string(),
    record: z.unknown().describe('as received; null where a JSON value cannot represent it'),
    text: z
      .string()
      .optional()
      .describe('as received, where its text is not JSON or holds more than a JSON value'),
    base64: z.string().optional().describe('as received, where it is not UTF-8'),
    notKept: shape.count.optional().describe('how many more were refused with this code, and are not stored'),
  })
  .meta({ id: 'RefusedUsage' });

const ofAccount = route({
  method: 'GET',
  path: '/accounts/:account/refused-usage',
  scope: 'read',
  ownScope: 'meter',
  tag: 'Usage',
  what: 'Usage that was refused, as received, oldest first',
  params: shape.ofAccount,
  query: shape.paged,
  body: null,
  answers: { 200: { what: 'a page', schema: shape.page(logged) } },
  example: { path: '/accounts/acme/refused-usage', status: 200 },
  handle: async (api, { params, query, key }) => {
    await accountThen(api, params.account, { after: query.after });
    const only = onlyOwn(key, 'read') ? key.key : null;
    return { status: 200, body: await refusedPage(api, params.account, query, only, (item) => item) };
  },
});

const ofNoAccount = route({
  method: 'GET',
  path: '/refused-usage',
  scope: 'operate',
  ownScope: 'meter',
  tag: 'Usage',
  what: 'Usage that was refused and names no account that exists, as received, oldest first',
  params: shape.nothing,
  query: shape.paged,
  body: null,
  answers: {
    200: {
      what: 'a page',
      schema: shape.page(
        logged.extend({
          account: z.string().nullable().describe('as the report names it; null: not at all'),
        }),
      ),
    },
  },
  example: { path: '/refused-usage?limit=2', status: 200 },
  handle: async (api, { query, key }) => {
    await reached(api, query.after);
    const only = onlyOwn(key, 'operate') ? key.key : null;
    const body = await refusedPage(api, null, query, only, (item) => ({
      account: accountNamed(item.record),
      ...item,
    }));
    return { status: 200, body };
  },
});

const onlyOwn = (key: Key, scope: Scope): boolean => !hasScope(key, scope);

type Item = z.infer<typeof logged>;

const itemsOf = ({ at, records, notKept }: LoggedAt): Item[] => [
  ...records.map((one) => shown(at, one)),
  ...notKept.map(({ code, reports }) => ({
    at,
    code,
    detail: `${reports} more were refused that day with this code, and are not stored`,
    record: null,
    notKept: reports,
  })),
];

const shown = (at: string, { code, detail, record, text, base64 }: RefusedRecord): Item => ({
  at,
  code,
  detail,
  record,
  ...(text === undefined ? {} : { text }),
  ...(base64 === undefined ? {} : { base64 }),
});

/** The value that a report gives as its account, even if it is not a valid id. */
const accountNamed = (report: unknown): string | null => {
  const { subject } = (report ?? {}) as { readonly subject?: unknown };
  return typeof subject === 'string' ? subject : null;
};

/** Limit on log entries scanned per page; for a key that reported little, a page may have few items, or none. */
const LOOKED_AT = 500;

/** The cursor is the revision of the next event and an index in it. `only`: reports of this key. */
const refusedPage = async (
  api: Api,
  account: string | null,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
  only: string | null,
  show: (item: Item) => unknown,
) => {
  let [from, skip] = cursorPlace(cursor);
  const items: unknown[] = [];
  for (let looked = 0; looked < LOOKED_AT; looked++) {
    const event = await readRefusedAt(api.ledger.store, account, from);
    if (!event) return { items, next: null };
    for (const [i, item] of only === null || event.key === only ? itemsOf(event).entries() : []) {
      if (i < skip) continue;
      if (items.length === limit) return { items, next: `${from}-${i}` };
      items.push(show(item));
    }
    from += 1;
    skip = 0;
  }
  return { items, next: `${from}-0` };
};

export const refusedUsageRoutes: readonly Route[] = [ofAccount, ofNoAccount];
