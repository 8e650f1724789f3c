/**
 * The ledger: composes store, index, snapshots and catalogue behind a few verbs, for the command line and the HTTP
 * interface. Commands of one account are serialized; those of different accounts run concurrently.
 */
import type { Snapshots } from '../derived/account-snapshots.ts';
import type { Quarantined } from '../derived/quarantine-table.ts';
import type { Views } from '../derived/views.ts';
import { type Calendar, calendarOf, type Instant, instantText } from '../domain/calendar.ts';
import type { Catalogue, Edition } from '../domain/catalogue.ts';
import type { BillingContext } from '../domain/context.ts';
import type { Decision } from '../domain/decision.ts';
import type { PriceBook } from '../domain/price-book.ts';
import type { UsageRecord } from '../domain/usage.ts';
import { comparePositions, type EventStore, type Position } from '../eventstore/event-store.ts';
import { accountOf } from '../eventstore/stream-names.ts';
import type { IdentityIndex } from '../identity-index/port.ts';
import { type AccountCommands, accountCommands } from './account/account-commands.ts';
import { namedInstants, type ServerTiming, serverInstants } from './account/command-instant.ts';
import { type ClockKind, deciderOf } from './account/decider.ts';
import { identitiesOf } from './account/identities.ts';
import { openProcessor } from './account/processor.ts';
import { openProcessors, type Processors } from './account/processors.ts';
import { openGuard } from './account/quarantine.ts';
import { existsStopped } from './account/single-account-failure.ts';
import { openTurns } from './account/turns.ts';
import type { ReadContext } from './context.ts';
import type { Following } from './following/following.ts';
import { correctedCounts } from './queries/corrected-counts.ts';
import { openRefusedLog, type Refused, type RefusedLog } from './refused-usage/log.ts';
import { withOwners } from './refused-usage/which-log.ts';
import { isNew, ledgerZone } from './system/billing-zone.ts';
import {
  brokenBook,
  CATALOGUE,
  firstEffective,
  publish,
  publishFirst,
  readCatalogue,
} from './system/catalogue.ts';
import { openRefreshes, type Refreshes } from './system/refreshes.ts';

export interface LedgerOf {
  readonly store: EventStore;
  readonly index: IdentityIndex;
  readonly snapshots: Snapshots | null;
  /** The billing zone of a new ledger; an existing one keeps its own. */
  readonly zone: string;
  readonly clock: ClockKind;
  /** Gives commands their instant, by a server's clock; absent if each command has its own. */
  readonly serverTiming?: ServerTiming;
  /** Published when the ledger is created, as of the month in which the first takes effect. */
  readonly books: readonly PriceBook[] | (() => readonly PriceBook[]);
  /** Views that follow the store; null if there are none. */
  readonly following: Following | null;
  /** The store's events, read by the views; null without views. */
  readonly views?: Views | null;
  /** Names this server if several may write the ledger. */
  readonly server?: string;
  /** How long a decision is retried on version conflicts, in milliseconds. */
  readonly turnMs?: number;
  /** The real instant, in milliseconds; for `recordedAt` alone. */
  readonly now: () => number;
}

const NOTHING_HELD: readonly Quarantined[] = [];

export interface Ledger extends AccountCommands {
  readonly store: EventStore;
  readonly calendar: Calendar;
  catalogue(): Catalogue;
  /** What reads depend on, as of now. */
  context(): ReadContext;
  publish(edition: Edition, at: Instant): Promise<Decision<Edition>>;
  /** Logs refused reports of a key (none: an import); returns those that are only to be counted. */
  logRefused(refused: readonly Refused[], at: Instant, key?: string | null): ReturnType<RefusedLog['add']>;
  /** The log of refused usage, to write counts. */
  readonly refusedLog: Pick<RefusedLog, 'count' | 'hasRoom'>;
  /** The counts of records' last corrections; null for one that was never corrected. */
  corrected: (account: string, of: readonly UsageRecord[]) => ReturnType<typeof correctedCounts>;
  /** The views; see `viewsCaughtUp`. */
  readonly views: Views | null;
  /** The quarantine: accounts and system streams with an event that cannot be read. */
  quarantine(): readonly Quarantined[];
  /** Quarantines the account whose event a query could not read; other errors are none of its concern. */
  metUnreadable(error: unknown): Promise<void>;
  /** Why the views cannot be read now, as far as known; null if they can. */
  readsTrouble(): string | null;
  /** Resolves when the views show everything acknowledged so far (read-your-writes). */
  viewsCaughtUp(): Promise<void>;
  /** Whether the ledger has reached a position, and this server has processed everything before it. */
  hasReached(position: Position): Promise<boolean>;
  /**
   * Keeps cached state of a stream up to date when several servers write: `refresh` is called after any server appended
   * to the stream, and retried until it succeeds.
   */
  onFollowed(stream: string, refresh: () => Promise<void>): void;
  /** Whether other servers may write this ledger too. */
  readonly isShared: boolean;
  /** Calls back once when the engine was found restored from a backup: caches and derived data must be dropped. */
  onRestored(listener: (why: Error) => void): void;
  close(): Promise<void>;
}

/** Zone and books of a ledger; of a new one they are recorded first, the books before the zone. */
const recordedSettings = async (of: LedgerOf, recordedAt: () => string): Promise<BillingContext> => {
  const books = (await isNew(of.store)) ? (typeof of.books === 'function' ? of.books() : of.books) : [];
  if (books.length > 0) {
    const first = calendarOf(of.zone);
    await publishFirst(of.store, books, firstEffective(books, first), recordedAt(), first);
  }
  // Price books first: an existing ledger has them, or was created without.
  const zone = await ledgerZone(of.store, of.zone, of.now(), recordedAt());
  return { calendar: calendarOf(zone), catalogue: await readCatalogue(of.store) };
};

/** Appends of other servers: cached accounts catch up, and caches of other streams are refreshed. */
const followOthers = (following: Following | null, processors: Processors, refreshes: Refreshes): void =>
  following?.onFollowed?.((lengths) => {
    for (const [stream, length] of lengths) {
      const account = accountOf(stream);
      if (account !== null) processors.known(account)?.seen(length);
      else refreshes.followed(stream);
    }
  });

const closeParts = async ({ following, index, views, snapshots, store }: LedgerOf): Promise<void> => {
  await following?.stop();
  await index.close();
  views?.close();
  snapshots?.close();
  await store.close();
};

/** Opens a ledger over its parts; on a new one the zone and the books are recorded first. */
export const openLedger = async (of: LedgerOf): Promise<Ledger> => {
  const { store, snapshots, clock, following } = of;
  const recordedAt = () => instantText(of.now());
  const { calendar, ...recorded } = await recordedSettings(of, recordedAt);
  let { catalogue } = recorded;
  const identities = identitiesOf(store, of.index);
  const refusedLog = openRefusedLog(store, of.index, recordedAt);
  const billing = (): BillingContext => ({ calendar, catalogue });
  const context = { billing, recordedAt, server: of.server ?? null };
  const timing = of.serverTiming
    ? serverInstants(of.serverTiming, context, deciderOf(context, of.clock))
    : namedInstants;
  const turns = of.server === undefined ? undefined : openTurns(store, of.server, recordedAt);
  const guard = openGuard(store, () => following?.quarantine() ?? NOTHING_HELD);
  const parts = { store, identities, snapshots, context, clock, timing, turns, turnMs: of.turnMs };
  const processors = openProcessors((account) => guard.over(account, openProcessor({ account, ...parts })));
  let open = true;
  const refreshes = openRefreshes(() => open);
  const isShared = following?.onFollowed !== undefined;
  followOthers(following, processors, refreshes);
  const commands = accountCommands({ store, of: processors.of, recordedAt });
  refreshes.on(CATALOGUE, async () => {
    const read = await readCatalogue(store);
    if (read.published.length > catalogue.published.length) catalogue = read;
  });

  return {
    ...{ store, calendar, isShared, refusedLog, ...commands },
    onRestored: (listener) => {
      store.continuity?.onRestored(listener);
      following?.onRestored?.(listener);
    },
    onFollowed: refreshes.on,
    hasReached: async (position) => {
      if (isShared) await following?.caughtUp();
      await refreshes.settled();
      return comparePositions(await store.end(), position) >= 0;
    },
    catalogue: () => catalogue,
    context: () => ({ store, ...billing() }),
    publish: async (edition, at) => {
      const published = await publish(store, edition, at, recordedAt(), calendar);
      catalogue = published.catalogue;
      return published.decision;
    },
    logRefused: async (refused, at, key = null) => {
      const owned = await withOwners(refused, (account) => existsStopped(commands.entry(account)));
      return refusedLog.add(owned, at, key);
    },
    corrected: (account, records) => correctedCounts(store, of.index, account, records),
    views: of.views ?? null,
    quarantine: guard.list,
    metUnreadable: guard.met,
    readsTrouble: () => following?.trouble() ?? brokenBook(catalogue),
    viewsCaughtUp: async () => following?.caughtUp(),
    close: async () => {
      if (!open) return;
      open = false;
      turns?.close();
      await closeParts(of);
    },
  };
};
