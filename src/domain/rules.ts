/**
 * Versions of the rules for an account's notices and grace period. The version is recorded when an account is opened
 * and renewed by each close, so that a replay decides every event by the rules of its time; without one, version 1
 * applies. Rules 2: notice ids are unique; a threshold is crossed by use, a correction, an expiry or a voiding, never
 * by a purchase; a running grace period keeps the date that was notified, and one that a payment ended does not resume
 * (rules.md, sections 9 and 11); a re-rated month stores a limited number of reasons.
 */
import type { Account } from './account.ts';

export const CURRENT_RULES = 2;

/** The rules version of an account. */
export const rulesOf = ({ rules }: Pick<Account, 'rules'>): number => rules ?? 1;
