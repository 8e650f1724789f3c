/**
 * Daily quota of refused reports stored per key, in reports and characters. Junk must cost less than valid usage, also
 * on disk; reports beyond the quota are counted by code, and the counts are recorded. Each server keeps its own quota,
 * initialized from the day's log.
 */
import { type Instant, instantText } from '../../domain/calendar.ts';
import type { Used } from './used-today.ts';

export const KEPT_REPORTS = 5_000;
const KEPT_CHARACTERS = 2 * 1024 * 1024;
/** Limit on reports checked for duplicates, so that resending the same ones has a bounded cost. */
const LOOKED_AT = 20_000;
/** Limit on remembered keys; those of earlier days are evicted first. */
const KEYS_MAX = 10_000;

export interface RefusedQuota {
  /** Whether one more report of a key is stored; null (an import) always is. */
  hasRoom(key: string | null, at: Instant): boolean;
  /** Counts a report checked for duplicates; false if even that limit is exceeded. */
  look(key: string | null, at: Instant): boolean;
  /** Takes one report of so many characters from the quota; false if it is not stored. */
  take(key: string | null, at: Instant, characters: number): boolean;
  /** Adds the usage of the day before this server started. */
  begin(day: string, used: ReadonlyMap<string, Used>): void;
}

export const openRefusedQuota = (): RefusedQuota => {
  const kept = new Map<
    string,
    { readonly day: string; reports: number; characters: number; looked: number }
  >();
  const ofDay = (key: string, day: string) => {
    const known = kept.get(key);
    if (known?.day === day) return known;
    if (kept.size >= KEYS_MAX) for (const [other, { day: own }] of kept) if (own !== day) kept.delete(other);
    const fresh = { day, reports: 0, characters: 0, looked: 0 };
    kept.set(key, fresh);
    return fresh;
  };
  const hasRoom: RefusedQuota['hasRoom'] = (key, at) => {
    if (key === null) return true;
    const { reports, characters, looked } = ofDay(key, dayOf(at));
    return reports < KEPT_REPORTS && characters < KEPT_CHARACTERS && looked < LOOKED_AT;
  };
  return {
    hasRoom,
    look: (key, at) => {
      if (!hasRoom(key, at)) return false;
      if (key !== null) ofDay(key, dayOf(at)).looked += 1;
      return true;
    },
    take: (key, at, characters) => {
      if (key === null) return true;
      const own = ofDay(key, dayOf(at));
      if (own.reports >= KEPT_REPORTS || own.characters >= KEPT_CHARACTERS) return false;
      own.reports += 1;
      own.characters += characters;
      return true;
    },
    begin: (day, used) => {
      for (const [key, { reports, characters, isFull }] of used) {
        const own = ofDay(key, day);
        // The log read may include what this server added meanwhile.
        own.reports = Math.max(own.reports, isFull ? KEPT_REPORTS : reports);
        own.characters = Math.max(own.characters, characters);
      }
    },
  };
};

/** The day of an instant, in UTC. */
export const dayOf = (at: Instant): string => instantText(at).slice(0, 10);
