/**
 * What used each pack, from its purchase on. `used` is what the pack lost: calls deducted less calls given back, and
 * calls that became void; what is unused is its size less that. Keys: `ACCOUNT/PACK`, the pack's sums;
 * `ACCOUNT/PACK/day/DAY`, what a day changed; `ACCOUNT/PACK/events/NUMBER`, its events in their order, some in a row.
 */
import * as z from 'zod';
import type { Calendar } from '../domain/calendar.ts';
import type { AccountEvent } from '../domain/events.ts';
import { packPointsOf } from '../domain/usage-sums.ts';
import type { Projection, Values } from './projection.ts';

const sums = z.strictObject({
  /** Number of events of the pack, after its purchase. */
  events: z.int(),
  used: z.int(),
  isVoid: z.boolean(),
});
const day = z.strictObject({
  /** Number of the day's first event among the pack's, and how many it has. */
  first: z.int(),
  events: z.int(),
  deducted: z.int(),
  givenBack: z.int(),
  voided: z.int(),
  /** At the day's end. */
  used: z.int(),
});
const events = z.array(z.tuple([z.int(), z.int()]).readonly()).readonly();
export type PackDay = Readonly<z.infer<typeof day>>;
type PackSums = Readonly<z.infer<typeof sums>>;
/** Revision of an event, and what was used before it. */
type PackEvents = Readonly<z.infer<typeof events>>;
type PackUse = PackSums | PackDay | PackEvents;

const NAME = 'pack-use';
/** Rows at `ACCOUNT/PACK`, under `…/day/` and under `…/events/`. */
export const packSums = { name: NAME, schema: sums };
export const packDays = { name: NAME, schema: day };
export const packEvents = { name: NAME, schema: events };

/** Events of a pack in one row: a row is written again for each of them. */
export const EVENTS_A_ROW = 32;
const DIGITS = 12;

export const packKey = (account: string, pack: string): string => `${account}/${pack}`;
export const packDayKey = (account: string, pack: string, of: string): string =>
  `${packKey(account, pack)}/day/${of}`;
/** The row that has an event of a pack, by the event's number. */
export const packEventsKey = (account: string, pack: string, number: number): string =>
  `${packKey(account, pack)}/events/${String(Math.floor(number / EVENTS_A_ROW)).padStart(DIGITS, '0')}`;

interface Change {
  readonly deducted: number;
  readonly givenBack: number;
  readonly voided: number;
}

const NOTHING: Change = { deducted: 0, givenBack: 0, voided: 0 };

export const packUse: Projection<PackUse> = {
  name: NAME,
  version: 1,
  schema: z.union([sums, day, events]),
  project: ({ account, revision, event }, values, calendar) => {
    for (const [pack, change] of changesOf(event))
      note(values, { account, pack, revision, day: dayOf(event, calendar) }, change);
  },
};

const dayOf = ({ at }: AccountEvent, calendar: Calendar): string => calendar.dayOf(at);

/** What an event changed, by pack. */
const changesOf = (event: AccountEvent): ReadonlyMap<string, Change> => {
  const changes = new Map<string, Change>();
  for (const [pack, points] of packPointsOf(event)) {
    const before = changes.get(pack) ?? NOTHING;
    const deducted = before.deducted + Math.max(0, points);
    changes.set(pack, { ...before, deducted, givenBack: before.givenBack + Math.max(0, -points) });
  }
  if (event.type === 'PackExpired') changes.set(event.data.pack, NOTHING);
  else if (event.type === 'PackVoided')
    changes.set(event.data.pack, { ...NOTHING, voided: event.data.voided });
  else if (event.type === 'PackReturned')
    changes.set(event.data.pack, { ...NOTHING, voided: event.data.size });
  return changes;
};

interface Place {
  readonly account: string;
  readonly pack: string;
  readonly revision: number;
  readonly day: string;
}

const note = (values: Values<PackUse>, { account, pack, revision, day: of }: Place, asked: Change): void => {
  const key = packKey(account, pack);
  const before = (values.get(key) as PackSums | undefined) ?? { events: 0, used: 0, isVoid: false };
  // Calls given back to a void pack are void too (rules.md, section 5).
  const change = before.isVoid ? { ...asked, voided: asked.voided + asked.givenBack } : asked;
  const used = before.used + change.deducted - change.givenBack + change.voided;
  const isVoid = before.isVoid || change.voided > 0;
  values.set(key, { events: before.events + 1, used, isVoid });

  const rowKey = packEventsKey(account, pack, before.events);
  const row = (values.get(rowKey) as PackEvents | undefined) ?? [];
  values.set(rowKey, [...row, [revision, before.used]]);

  const dayKey = packDayKey(account, pack, of);
  const day = values.get(dayKey) as PackDay | undefined;
  values.set(dayKey, {
    first: day?.first ?? before.events,
    events: (day?.events ?? 0) + 1,
    deducted: (day?.deducted ?? 0) + change.deducted,
    givenBack: (day?.givenBack ?? 0) + change.givenBack,
    voided: (day?.voided ?? 0) + change.voided,
    used,
  });
};
