/** What will fall due as time passes. Key: account. */
import * as z from 'zod';
import { instantOf, instantText } from '../domain/calendar.ts';
import type { Projection } from './projection.ts';

const dueView = z.strictObject({
  openedAt: z.string(),
  /** The last closed month; the next one is due when it is over. */
  lastClosed: z.string().nullable(),
  /** Future expiries, soonest first. */
  expiries: z.array(z.strictObject({ pool: z.string(), at: z.string(), packs: z.int() })).readonly(),
  arrearsSuspendAt: z.string().nullable(),
  pendingFreeze: z.string().nullable(),
  /** Instants at which scheduled notices are due. */
  scheduled: z.array(z.string()).readonly(),
  /** The latest instant of an event; everything due before it is recorded. */
  seenAt: z.string(),
});
export type DueView = Readonly<z.infer<typeof dueView>>;

export const due: Projection<DueView> = {
  name: 'due',
  version: 2,
  schema: dueView,
  project: ({ account, event }, values) => {
    if (event.type === 'AccountOpened') {
      const openedAt = instantText(event.at);
      values.set(account, {
        openedAt,
        lastClosed: null,
        expiries: [],
        arrearsSuspendAt: null,
        pendingFreeze: null,
        scheduled: [],
        seenAt: openedAt,
      });
    }
    const view = values.get(account);
    if (!view) return;
    const seenAt = instantOf(view.seenAt) < event.at ? instantText(event.at) : view.seenAt;
    const change = (part: Partial<DueView>) => values.set(account, { ...view, seenAt, ...part });
    switch (event.type) {
      case 'PackGranted':
      case 'PackPurchased': {
        const { pool, expiresAt } = event.data;
        const packs = event.type === 'PackGranted' ? 1 : event.data.packs.length;
        const now = instantText(event.at);
        // The texts of instants sort like the instants; packs bought later mostly expire later.
        const expiries = view.expiries.filter(({ at }) => at > now);
        const behind = expiries.findLastIndex(({ at }) => at <= expiresAt) + 1;
        return change({
          expiries: expiries.toSpliced(behind, 0, { pool, at: expiresAt, packs }),
        });
      }
      case 'PackExpired':
        return change({ expiries: view.expiries.filter(({ at }) => instantOf(at) > event.at) });
      case 'MonthClosed':
        return change({ lastClosed: event.data.bill.month, pendingFreeze: null });
      case 'FreezeFailed':
        return change({ pendingFreeze: event.data.amount });
      case 'FundsFrozen':
        return change({ pendingFreeze: null });
      case 'ArrearsFell':
        return change({ arrearsSuspendAt: event.data.suspendsAt });
      case 'AccountSuspended':
        return change(event.data.reason === 'arrears' ? { arrearsSuspendAt: null } : {});
      case 'NoticesRaised':
        return change({
          scheduled: [
            ...view.scheduled.filter((at) => instantOf(at) > event.at),
            ...event.data.scheduled.map(({ dueAt }) => dueAt),
          ],
        });
    }
  },
};
