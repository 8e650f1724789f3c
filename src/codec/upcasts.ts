/**
 * Upcasters, one step per version: an event of type T is written with version 1 + the number of steps for T, and read
 * through the steps from its own version on. Hashes are over the bytes as written and never change; `test/history/` has
 * a JSON of every version ever written.
 */
import * as z from 'zod';
import type { EventType } from '../domain/events.ts';
import { fullPack, lotsOf } from './pack-lots.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type Upcast = (data: Json) => Json;

const carryingFullPacks = z.looseObject({ carried: z.looseObject({ packs: z.array(fullPack) }) });

/** Version 1 stored every pack in full. */
const packsInLots: Upcast = (data) => {
  const { carried, ...rest } = carryingFullPacks.parse(data);
  return { ...rest, carried: { ...carried, packs: lotsOf(carried.packs) } } as Json;
};

/** Versions up to 2 had no disputes. */
const withoutDisputes: Upcast = (data) => {
  const { carried, ...rest } = z.looseObject({ carried: z.looseObject({}) }).parse(data);
  return { ...rest, carried: { ...carried, disputes: [], disputesOpened: 0 } } as Json;
};

/** Version 1 had the change of one place, or none. */
const severalTallies: Upcast = (data) => {
  const { tally, ...rest } = z.looseObject({ tally: z.looseObject({}).nullable() }).parse(data);
  return { ...rest, tallies: tally === null ? [] : [tally] } as Json;
};

/**
 * A version that only adds members: a release that does not know them must not read the event as if they were not there.
 */
const unchanged: Upcast = (data) => data;

const upcasts: { readonly [Type in EventType]?: readonly Upcast[] } = {
  MonthClosed: [packsInLots, withoutDisputes, unchanged],
  CallsMetered: [unchanged],
  UsageCorrected: [severalTallies],
  ServiceActivated: [unchanged],
  ContractPriceAgreed: [unchanged],
  NoticesRaised: [unchanged],
};

/** The version of new events of a type. */
export const currentVersion = (type: EventType): number => 1 + (upcasts[type]?.length ?? 0);

/** Upcasts data to the current version. Throws a RangeError for a version newer than that. */
export const upcast = (type: EventType, version: number, data: Json): Json => {
  if (version < 1 || version > currentVersion(type)) {
    throw new RangeError(
      `${type} is stored in version ${version}; this release knows up to ${currentVersion(type)}`,
    );
  }
  return (upcasts[type] ?? []).slice(version - 1).reduce((value, step) => step(value), data);
};
