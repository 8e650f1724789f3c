/**
 * How much of what one key reports is kept when it is refused: so many reports and characters a day. Junk must cost less than
 * good usage, also on disk; what goes beyond is counted by code, and that is recorded. Kept by each server for itself, which begins with what the log holds of the day.
 */
import { type Instant, instantText } from '../../domain/calendar.ts';
import type { Used } from './used-today.ts';

export const KEPT_REPORTS = 5_000;
export const KEPT_CHARACTERS = 2 * 1024 * 1024;
/** Reports that are looked at, to see whether they are kept already: what is sent again and again must not cost for ever. */
export const LOOKED_AT = 20_000;
/** Keys whose days are remembered; those of other days go first. */
const KEYS_MAX = 10_000;

export interface RefusedQuota {
  /** Whether a key may have one more report kept; null is no key (an import), which may always. */
  hasRoom(key: string | null, at: Instant): boolean;
  /** Counts one that is looked at; false where it is not even that. */
  look(key: string | null, at: Instant): boolean;
  /** Takes one report of so many characters; false where it is not to be kept. */
  take(key: string | null, at: Instant, characters: number): boolean;
  /** Counts what a day's logs hold from before this server began. */
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
        // What this server added meanwhile was read too.
        own.reports = Math.max(own.reports, isFull ? KEPT_REPORTS : reports);
        own.characters = Math.max(own.characters, characters);
      }
    },
  };
};

/** The day of an instant, in UTC. */
export const dayOf = (at: Instant): string => instantText(at).slice(0, 10);
