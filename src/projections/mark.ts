/** Stands in keys in front of the account at their end: it sorts below every character of a text. */
export const MARK = '\u0001';
