/** Instants in text output: in the billing zone with its offset, so that they fit the days and months beside them. */
import { type Calendar, instantOf } from '../domain/calendar.ts';

/** An instant as answers write it, in UTC, as people read it. */
export const zoned = (calendar: Calendar, text: string): string => calendar.textOf(instantOf(text));
