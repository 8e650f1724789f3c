/**
 * Refused usage by day of refusal, in the billing zone. Key: `YYYY-MM-DD`. A day has so many groups at most; reports of
 * further ones are counted, so junk with ever other sources fills no view.
 */
import * as z from 'zod';
import { instantText } from '../domain/calendar.ts';
import type { Projection } from './projection.ts';

const groupView = z.strictObject({
  code: z.string(),
  /** As the reports name it, cut; null: none, or counted only. */
  source: z.string().nullable(),
  /** The key that reported; null: an import. */
  key: z.string().nullable(),
  reports: z.int(),
  /** Of the last one: its account (null: none that exists) and what was wrong; null where it was only counted. */
  last: z.strictObject({ at: z.string(), account: z.string().nullable(), detail: z.string().nullable() }),
});
export type RefusedGroup = Readonly<z.infer<typeof groupView>>;

const refusedView = z.strictObject({
  /** All, and of those the ones whose content is not kept. */
  reports: z.int(),
  notKept: z.int(),
  codes: z.record(z.string(), z.int()),
  groups: z.array(groupView).readonly(),
  /** Reports that are in none of the groups. */
  others: z.int(),
});
export type RefusedView = Readonly<z.infer<typeof refusedView>>;

const GROUPS_MAX = 100;
const SHOWN_LENGTH = 200;

const NONE: RefusedView = { reports: 0, notKept: 0, codes: {}, groups: [], others: 0 };

type Reported = Pick<RefusedGroup, 'code' | 'source' | 'key' | 'reports' | 'last'>;

export const refused: Projection<RefusedView> = {
  name: 'refused',
  version: 1,
  schema: refusedView,
  project: () => undefined,
  projectNews: ({ at, news }, values, calendar) => {
    if (news.type !== 'UsageRefused' && news.type !== 'UsageNotKept') return;
    const { account, key } = news;
    const day = calendar.dayOf(at);
    const last = { at: instantText(at), account };
    const reported: readonly Reported[] =
      news.type === 'UsageRefused'
        ? news.reports.map(({ code, detail, source }) => ({
            ...{ code, source: source && cut(source), key, reports: 1 },
            last: { ...last, detail: cut(detail) },
          }))
        : news.counts.map(({ code, reports }) => ({
            ...{ code, source: null, key, reports },
            last: { ...last, detail: null },
          }));
    const before = values.get(day) ?? NONE;
    const after = reported.reduce(added, before);
    const notKept = news.type === 'UsageNotKept' ? after.reports - before.reports : 0;
    values.set(day, { ...after, notKept: after.notKept + notKept });
  },
};

const added = (view: RefusedView, one: Reported): RefusedView => {
  const codes = { ...view.codes, [one.code]: (view.codes[one.code] ?? 0) + one.reports };
  const sums = { ...view, codes, reports: view.reports + one.reports };
  const i = view.groups.findIndex(
    ({ code, source, key }) => code === one.code && source === one.source && key === one.key,
  );
  const known = view.groups[i];
  if (known)
    return { ...sums, groups: view.groups.with(i, { ...one, reports: known.reports + one.reports }) };
  if (view.groups.length < GROUPS_MAX) return { ...sums, groups: [...view.groups, one] };
  return { ...sums, others: view.others + one.reports };
};

const cut = (text: string): string => [...text.slice(0, 2 * SHOWN_LENGTH)].slice(0, SHOWN_LENGTH).join('');
