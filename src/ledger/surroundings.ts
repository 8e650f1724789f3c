/** What deciding needs besides the account: the zone's calendar and the catalogue as far as it is published. */
import { hash } from 'node:crypto';
import type { Calendar } from '../domain/calendar.ts';
import type { Catalogue } from '../domain/catalogue.ts';

export interface Surrounding {
  readonly calendar: Calendar;
  /** The catalogue now; a decision reads it once. */
  readonly catalogue: () => Catalogue;
  /** The real instant, for `recordedAt`; RFC 3339. */
  readonly recordedAt: () => string;
}

/** SHA-256 of a text's UTF-8 bytes, in hex. */
export const sha256 = (text: string): string => hash('sha256', text, 'hex');

export const accountStream = (account: string): string => `account-${account}`;
