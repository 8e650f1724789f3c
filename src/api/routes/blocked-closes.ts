/** Closes that wait: which accounts a month cannot be closed for, and why. */
import * as z from 'zod';
import { viewsUnder } from '../../derived/view-rows.ts';
import type { Views } from '../../derived/views.ts';
import { stoppedOrThrow } from '../../ledger/account/single-account-failure.ts';
import { type BlockedView, blockedKey, blockedRows } from '../../projections/operation.ts';
import type { Api } from '../http/api.ts';
import { viewsOf } from '../http/reads/consistency.ts';
import { type Route, route } from '../http/route.ts';
import * as shape from '../schemas/common.ts';

const blockedClose = z
  .object({
    account: z.string(),
    month: shape.month.describe('the month that waits: the one asked for, or one before it'),
    code: z.string().describe('why its close is refused now'),
    detail: z.string(),
    since: shape.instant,
    unpriced: z
      .object({ month: shape.month, meter: z.string(), quantity: shape.count })
      .nullable()
      .describe('of price_not_agreed: what has no price, perhaps in a month closed before'),
  })
  .meta({ id: 'BlockedClose' });

const blocked = route({
  method: 'GET',
  path: '/months/:month/blocked',
  scope: 'operate',
  tag: 'Bills',
  what: 'Accounts whose close of a month, or of one before it, is refused now, and why',
  params: z.object({ month: shape.month }),
  query: shape.paged,
  body: null,
  answers: { 200: { what: 'a page', schema: shape.page(blockedClose) } },
  example: { path: '/months/2019-01/blocked', status: 200 },
  handle: async (api, { params: { month }, query }) => {
    const views = await viewsOf(api, query.after);
    await api.clock.ready();
    const { rows, next } = openRows(views, month, query.cursor ?? null, query.limit);
    const priced = await Promise.all(
      rows.map(({ account, closing, since }) => asNow(api, account, closing, since)),
    );
    // Failures that are not events are known only to this server, and are listed after the others.
    const others =
      next === null ? await othersOf(api, month, new Set(rows.map(({ account }) => account))) : [];
    return { status: 200, body: { items: [...priced, ...others].flat(), next } };
  },
});

const PREFIX = 'blocked/';

/** A page of closes, up to a month, that were refused for lack of a price and are still open. */
const openRows = (views: Views, month: string, cursor: string | null, limit: number) => {
  const rows: BlockedView[] = [];
  const end = blockedKey(month, '\u{10ffff}');
  for (let after = cursor === null ? null : `${PREFIX}${cursor}`; ; ) {
    const page = viewsUnder(views, blockedRows, PREFIX, after, limit + 1);
    for (const { key, value: row } of page) {
      if (key > end) return { rows, next: null };
      if (!row.isOpen) continue;
      const last = rows.at(-1);
      if (last && rows.length === limit)
        return { rows, next: blockedKey(last.closing, last.account).slice(PREFIX.length) };
      rows.push(row);
    }
    if (page.length <= limit) return { rows, next: null };
    after = page.at(-1)?.key ?? null;
  }
};

/** The refusal of a close now; empty if it would succeed. */
const asNow = async (api: Api, account: string, closing: string, since: string) => {
  const command = { name: 'close-month', body: { month: closing } } as const;
  const answer = await api.ledger.tryOut(account, command, api.clock.now(), null).catch(stoppedOrThrow);
  if ('code' in answer) return [{ account, month: closing, ...answer, since, unpriced: null }];
  if (answer.outcome !== 'refused') return [];
  const { code, detail, members } = answer.refusal;
  const unpriced =
    code === 'price_not_agreed'
      ? {
          month: String(members['month']),
          meter: String(members['meter']),
          quantity: Number(members['quantity']),
        }
      : null;
  return [{ account, month: closing, code, detail, since, unpriced }];
};

/** Closes that this server could not make for another reason, or that failed. */
const othersOf = async (api: Api, month: string, known: ReadonlySet<string>) => {
  const found = [];
  for (const one of api.closes.until(month)) {
    if (known.has(one.account) || one.code === 'price_not_agreed') continue;
    const { account, code, detail, since } = one;
    if (code === 'internal')
      found.push([{ account, month: one.month || month, code, detail, since, unpriced: null }]);
    else found.push(await asNow(api, account, one.month, since));
  }
  return found;
};

export const blockedRoutes: readonly Route[] = [blocked];
