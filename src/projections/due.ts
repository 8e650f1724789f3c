/** What the passing of time will ask for. Key: account. */
import { instantOf, instantText } from '../domain/calendar.ts';
import type { Projection } from './projection.ts';

export type DueView = {
  readonly openedAt: string;
  /** The last month closed; the next one is due when it is over. */
  readonly lastClosed: string | null;
  /** Expiries still to come, soonest first. */
  readonly expiries: readonly { readonly pool: string; readonly at: string; readonly packs: number }[];
  readonly arrearsSuspendAt: string | null;
  readonly pendingFreeze: string | null;
  /** When notices that wait for their hour are due. */
  readonly scheduled: readonly string[];
  /** The latest instant of an event: what was due before has happened. */
  readonly seenAt: string;
};

export const due: Projection<DueView> = {
  name: 'due',
  version: 2,
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
      case 'PackPurchased': {
        const { pool, expiresAt, packs } = event.data;
        const now = instantText(event.at);
        // Instants are written alike, so their texts sort as they do; what is bought later mostly expires later.
        const expiries = view.expiries.filter(({ at }) => at > now);
        const behind = expiries.findLastIndex(({ at }) => at <= expiresAt) + 1;
        return change({
          expiries: expiries.toSpliced(behind, 0, { pool, at: expiresAt, packs: packs.length }),
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
