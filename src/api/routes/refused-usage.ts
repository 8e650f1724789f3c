/** The log of refused usage: of an account, and of reports that name no account that exists. */
import * as z from 'zod';
import { readRefusedAt } from '../../ledger/refused-log.ts';
import type { RefusedRecord } from '../../ledger/side-events.ts';
import type { Api } from '../api.ts';
import { accountThen, cursorPlace, reached } from '../reads.ts';
import { type Route, route } from '../route.ts';
import * as shape from '../shapes.ts';

const logged = z
  .object({
    at: shape.instant,
    code: z.string(),
    detail: z.string(),
    record: z.unknown().describe('as it came; null where a JSON value cannot say it'),
    text: z
      .string()
      .optional()
      .describe('as it came, where its text is no JSON or says more than a JSON value'),
    base64: z.string().optional().describe('as it came, where it is not UTF-8'),
  })
  .meta({ id: 'RefusedUsage' });

const ofAccount = route({
  method: 'GET',
  path: '/accounts/:account/refused-usage',
  scope: 'read',
  tag: 'Usage',
  what: 'Usage that was refused, as it came, oldest first',
  params: shape.ofAccount,
  query: shape.paged,
  body: null,
  answers: { 200: { what: 'a page', schema: shape.page(logged) } },
  example: { path: '/accounts/acme/refused-usage', status: 200 },
  handle: async (api, { params, query }) => {
    await accountThen(api, params.account, { after: query.after });
    return { status: 200, body: await refusedPage(api, params.account, query, shown) };
  },
});

const ofNoAccount = route({
  method: 'GET',
  path: '/refused-usage',
  scope: 'operate',
  tag: 'Usage',
  what: 'Usage that was refused and names no account that exists, as it came, oldest first',
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
  handle: async (api, { query }) => {
    await reached(api, query.after);
    const body = await refusedPage(api, null, query, (at, one) => ({
      account: accountNamed(one.record),
      ...shown(at, one),
    }));
    return { status: 200, body };
  },
});

const shown = (at: string, { code, detail, record, text, base64 }: RefusedRecord) => ({
  at,
  code,
  detail,
  record,
  ...(text === undefined ? {} : { text }),
  ...(base64 === undefined ? {} : { base64 }),
});

/** What a report gives as its account, whether that is an id or not. */
const accountNamed = (report: unknown): string | null => {
  const { subject } = (report ?? {}) as { readonly subject?: unknown };
  return typeof subject === 'string' ? subject : null;
};

/** The cursor is the revision of the next event and the place in it. */
const refusedPage = async (
  api: Api,
  account: string | null,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
  show: (at: string, one: RefusedRecord) => unknown,
) => {
  let [from, skip] = cursorPlace(cursor);
  const items: unknown[] = [];
  for (;;) {
    const [event] = await readRefusedAt(api.ledger.store, account, from);
    if (!event) return { items, next: null };
    for (const [i, one] of event.records.entries()) {
      if (i < skip) continue;
      if (items.length === limit) return { items, next: `${from}-${i}` };
      items.push(show(event.at, one));
    }
    from += 1;
    skip = 0;
  }
};

export const refusedUsageRoutes: readonly Route[] = [ofAccount, ofNoAccount];
