/** What used a pack: by record, and by day. */
import * as z from 'zod';
import { viewAt, viewsUnder } from '../../derived/view-rows.ts';
import { packView } from '../../ledger/queries/account-view.ts';
import { type Deduction, deductionsOf } from '../../ledger/queries/pack-deductions.ts';
import { packDayKey, packDays, packKey } from '../../projections/pack-use.ts';
import type { Api } from '../http/api.ts';
import { ApiProblem } from '../http/problems/problem.ts';
import { viewsOf } from '../http/reads/consistency.ts';
import { cursorPlace } from '../http/reads/paging.ts';
import { type AccountThen, accountThen, type When } from '../http/reads/point-in-time.ts';
import { type Route, route } from '../http/route.ts';
import * as shape from '../schemas/common.ts';

const ofPack = shape.ofAccount.extend({ pack: z.string().max(100) });

const usedRecord = z.object({
  source: z.string(),
  id: z.string(),
  interface: z.string(),
  meter: z.string().nullable(),
  time: shape.instant.describe("the record's own"),
  day: z.string().describe('of its time, in the billing zone'),
  index: shape.count.nullable().describe('in its event; null for a correction'),
});
const deduction = z
  .object({
    kind: z.enum(['usage', 'correction', 'expiry', 'void', 'return']),
    at: shape.instant.describe('when it was recorded'),
    before: shape.count.describe('calls not used before'),
    deducted: shape.count,
    givenBack: shape.count.describe('by a correction'),
    voided: shape.count.describe('by a credit, or since the pack was returned'),
    after: shape.count.describe('before − deducted + givenBack − voided'),
    forfeited: shape.count.describe('by the expiry; a report of an earlier call may still use them'),
    record: usedRecord.nullable(),
    reason: z.string().nullable().describe("of a correction; the credit's reference of a void"),
    event: shape.count.describe('revision'),
  })
  .meta({ id: 'Deduction' }) satisfies z.ZodType<Deduction>;

const deductions = route({
  method: 'GET',
  path: '/accounts/:account/packs/:pack/deductions',
  scope: 'read',
  tag: 'Packs',
  what: 'Everything that changed a pack after its purchase, record by record, oldest first, and how it stands; also as it was. A page may be shorter than asked for and not be the last',
  params: ofPack,
  query: shape.paged.extend({
    ...shape.asOf.shape,
    day: z.iso.date().optional().describe('only what was recorded on this day, in the billing zone'),
  }),
  body: null,
  answers: {
    200: { what: 'the pack, and a page', schema: shape.page(deduction).extend({ pack: shape.pack }) },
  },
  example: { path: '/accounts/acme/packs/pack-000001/deductions', status: 200 },
  handle: async (api, { params: { account, pack }, query }) => {
    const then = await packThen(api, account, pack, query);
    const views = await viewsOf(api, query.after);
    const [number, index] = cursorPlace(query.cursor);
    const range = { from: { number, index }, until: Number.POSITIVE_INFINITY, limit: query.limit };
    if (query.day !== undefined) {
      const day = viewAt(views, packDays, packDayKey(account, pack, query.day));
      range.until = day ? day.first + day.events : 0;
      if (day && day.first > number) range.from = { number: day.first, index: 0 };
    }
    const of = { ...api.ledger.context(), views, account, pack: then.pack, before: then.length };
    const { items, next } = await deductionsOf(of, range);
    const cursor = next && `${next.number}-${next.index}`;
    return { status: 200, body: { pack: then.view, items, next: cursor } };
  },
});

/** A pack as it stands or stood; throws `pack_unknown`. */
const packThen = async (api: Api, account: string, id: string, when: When) => {
  const then: AccountThen = await accountThen(api, account, when);
  const pack = then.account.packs.find((one) => one.pack === id);
  if (!pack) throw new ApiProblem('pack_unknown', `${account} never bought a pack ${id}`, { pack: id });
  return { ...then, pack, length: then.entry.length, view: packView(pack, then.now) };
};

const dayUsed = z
  .object({
    day: z.string().describe('of recording, in the billing zone'),
    deducted: shape.count,
    givenBack: shape.count,
    voided: shape.count,
    after: shape.count.describe("calls not used at the day's end"),
  })
  .meta({ id: 'PackDay' });

const days = route({
  method: 'GET',
  path: '/accounts/:account/packs/:pack/days',
  scope: 'read',
  tag: 'Packs',
  what: 'What changed a pack, by day of recording, oldest first; as of an earlier moment only the days that were over',
  params: ofPack,
  query: shape.paged.extend(shape.asOf.shape),
  body: null,
  answers: {
    200: { what: 'the pack, and a page', schema: shape.page(dayUsed).extend({ pack: shape.pack }) },
  },
  example: { path: '/accounts/acme/packs/pack-000001/days', status: 200 },
  handle: async (api, { params: { account, pack: id }, query }) => {
    const { pack, view, until, now } = await packThen(api, account, id, query);
    const views = await viewsOf(api, query.after);
    const prefix = `${packKey(account, id)}/day/`;
    const today = api.ledger.calendar.dayOf(now);
    const rows = viewsUnder(
      views,
      packDays,
      prefix,
      query.cursor === undefined ? null : `${prefix}${query.cursor}`,
      query.limit + 1,
    );
    const all = rows
      .map(({ key, value: { deducted, givenBack, voided, used } }) => {
        const day = key.slice(prefix.length);
        return { day, deducted, givenBack, voided, after: pack.size - used };
      })
      .filter(({ day }) => until === null || day < today);
    const items = all.slice(0, query.limit);
    return {
      status: 200,
      body: { pack: view, items, next: all.length > query.limit ? items.at(-1)?.day : null },
    };
  },
});

export const packUseRoutes: readonly Route[] = [deductions, days];
