/**
 * Which rules decide an account's notices and grace. They are recorded with an account when it is opened and renewed by
 * each close, so that a replay decides every event by the rules of its time; what was recorded before rules were named
 * was decided by the first. Rules 2: every notice has an id of its own; a threshold is crossed by use, a correction, an
 * expiry or a voiding, never by a purchase; a running grace keeps the date that was notified, and one that money ended
 * does not come back (rules.md, sections 9 and 11). Of a re-rated month a bounded number of
 * reasons is kept.
 */
import type { Account } from './account.ts';

export const CURRENT_RULES = 2;

/** The rules that decide an account. */
export const rulesOf = ({ rules }: Pick<Account, 'rules'>): number => rules ?? 1;
