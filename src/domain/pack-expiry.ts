/** When a pack expires, by the terms of the edition that it is bought or granted under (rules.md, section 5). */
import type { Calendar, Instant } from './calendar.ts';
import type { Expiry } from './price-book-packs.ts';

const USUAL_MONTHS = 12;

/** The instant from which a pack that begins at `at` pays for nothing any more. */
export const expiryOf = ({ validFor, expires }: Expiry, at: Instant, calendar: Calendar): Instant => {
  const end =
    validFor && 'days' in validFor
      ? calendar.daysAfter(at, validFor.days)
      : calendar.monthsAfter(at, validFor?.months ?? USUAL_MONTHS);
  return expires === 'end_of_day' ? calendar.endOfDay(end) : end;
};

/** The id of an account's next pack, the number of packs that it ever had being known. */
export const packId = (packs: number): string => `pack-${String(packs + 1).padStart(6, '0')}`;
