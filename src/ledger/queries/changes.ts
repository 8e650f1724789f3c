/**
 * The difference of an account between two instants or two positions: its state before and after, and the events
 * between.
 */

import { dataAsStored, decodeHeader } from '../../codec/event-codec.ts';
import { available } from '../../domain/account.ts';
import { minus, ZERO } from '../../domain/money.ts';
import type { EventStore, RecordedEvent } from '../../eventstore/event-store.ts';
import { eventsOf } from '../../eventstore/reading.ts';
import { accountStream } from '../../eventstore/stream-names.ts';
import type { LoadedAccount } from '../account/loaded-account.ts';
import { accountView, packView } from './account-view.ts';
import { entryAsOf, type Until } from './as-of.ts';

/** An account and its packs at an instant or a position. */
export interface Standing {
  readonly status: string;
  readonly suspensions: readonly { readonly reason: string; readonly since: string }[];
  readonly balance: { readonly total: string; readonly available: string; readonly frozen: string };
  readonly services: readonly string[];
  readonly lastClosed: string | null;
  readonly packs: readonly ReturnType<typeof packView>[];
}

/** An event as the difference lists it; a close without the account that it carries forward. */
export interface ChangedBy {
  readonly position: string;
  readonly revision: number;
  readonly type: string;
  readonly at: string;
  readonly recordedAt: string;
  readonly actor?: string;
  readonly reason?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface Changes {
  /** Null when the account was not open by then. */
  readonly before: Standing | null;
  readonly after: Standing | null;
  /** After less before, yuan. */
  readonly balance: { readonly total: string; readonly available: string; readonly frozen: string };
  /** Number of events between the two. */
  readonly facts: number;
  readonly items: readonly ChangedBy[];
  /** Revision to go on from. */
  readonly next: number | null;
}

/**
 * What changed between two moments of one kind: instants (when things happened) or positions (what was recorded).
 * `cursor` is the revision at which the previous page ended.
 */
export const changesBetween = async (
  store: EventStore,
  account: string,
  range: { readonly from: Until; readonly to: Until },
  page: { readonly limit: number; readonly cursor?: number | undefined },
): Promise<Changes> => {
  const before = await entryAsOf(store, account, range.from);
  const after = await entryAsOf(store, account, range.to);
  const start = Math.max(before.length, page.cursor ?? 0);
  const limit = Math.max(0, Math.min(page.limit, after.length - start));
  const stored: RecordedEvent[] = [];
  const part = { from: start, to: start + limit - 1 };
  for await (const event of eventsOf(store, accountStream(account), part)) stored.push(event);
  const end = start + stored.length;
  return {
    before: await standing(store, before, range.from),
    after: await standing(store, after, range.to),
    balance: {
      total: minus(after.account?.total ?? ZERO, before.account?.total ?? ZERO),
      available: minus(
        after.account ? available(after.account) : ZERO,
        before.account ? available(before.account) : ZERO,
      ),
      frozen: minus(after.account?.frozen ?? ZERO, before.account?.frozen ?? ZERO),
    },
    facts: Math.max(0, after.length - before.length),
    items: stored.map(shown),
    next: end < after.length && stored.length > 0 ? end : null,
  };
};

const standing = async (
  store: EventStore,
  { account }: LoadedAccount,
  until: Until,
): Promise<Standing | null> => {
  if (!account) return null;
  const { status, suspensions, balance, services } = await accountView(store, account);
  const packs = account.packs.map((pack) => packView(pack, until.at ?? account.clock));
  return { status, suspensions, balance, services, lastClosed: account.lastClosed, packs };
};

const shown = (event: RecordedEvent): ChangedBy => {
  const { type, at, recordedAt, command } = decodeHeader(event);
  const data = dataAsStored(event);
  // The state that a close carries forward is the whole account and does not describe a change.
  const { carried: _account, ...rest } = data;
  return {
    position: event.position,
    revision: event.revision,
    type,
    at,
    recordedAt,
    ...(command?.actor === undefined ? {} : { actor: command.actor }),
    ...(command?.reason === undefined ? {} : { reason: command.reason }),
    data: type === 'MonthClosed' ? rest : data,
  };
};
