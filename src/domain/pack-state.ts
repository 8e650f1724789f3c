/** The state of a pack (interface.md, GET packs). */
import type { Pack } from './account.ts';
import type { Instant } from './calendar.ts';

export type PackState = 'usable' | 'used_up' | 'expired' | 'void' | 'returned';

/** The state of a pack at an instant. */
export const packState = (
  pack: Pick<Pack, 'left' | 'void' | 'returned' | 'expiresAt'>,
  now: Instant,
): PackState => {
  if (pack.returned !== undefined) return 'returned';
  if (pack.void) return 'void';
  if (pack.left === 0) return 'used_up';
  return now < pack.expiresAt ? 'usable' : 'expired';
};
