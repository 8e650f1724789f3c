/** Types of flag values: how help shows them, and the rule that rejects an invalid one. */

import { MONTH as MONTH_TEXT } from '../input/commands.ts';
import { instantFromText } from '../input/instant-text.ts';
import { ACCOUNT_ID } from '../input/usage-event.ts';
import { didYouMean } from '../text/nearest.ts';

export interface Value {
  /** How help shows it: `--flag SHOWN`. */
  readonly shown: string;
  /** Why a text is invalid, as the end of a sentence; null if it is valid. */
  wrong(text: string): string | null;
}

const TEXT_MAX = 500;
const PATH_MAX = 4_096;

const rule =
  (isValid: (text: string) => boolean, what: string, expected: string): Value['wrong'] =>
  (text) =>
    isValid(text) ? null : `not a valid ${what}, expected ${expected}`;

/** Free text. */
export const TEXT: Value = {
  shown: 'TEXT',
  wrong: rule((text) => text.length > 0 && text.length <= TEXT_MAX, 'text', `1 to ${TEXT_MAX} characters`),
};

/** A file or folder, or an address. */
export const PATH: Value = {
  shown: 'FILE',
  wrong: rule((text) => text.length > 0 && text.length <= PATH_MAX, 'path', `1 to ${PATH_MAX} characters`),
};

/** A store's address; its kinds are checked where it is opened. */
export const ADDRESS: Value = { ...PATH, shown: 'ADDRESS' };

export const INSTANT: Value = {
  shown: 'INSTANT',
  wrong: rule(
    (text) => instantFromText(text) !== null,
    'instant',
    'RFC 3339 with an offset, such as 2019-10-03T08:00:00+08:00',
  ),
};

export const MONTH: Value = {
  shown: 'MONTH',
  wrong: rule((text) => MONTH_TEXT.test(text), 'month', 'YYYY-MM'),
};

const DAY_TEXT = /^\d{4}-\d\d-\d\d$/;
export const DAY: Value = {
  shown: 'DAY',
  wrong: rule(
    (text) => DAY_TEXT.test(text) && instantFromText(`${text}T00:00:00Z`) !== null,
    'day',
    'YYYY-MM-DD',
  ),
};

export const ACCOUNT: Value = {
  shown: 'ACCOUNT',
  wrong: rule((text) => ACCOUNT_ID.test(text), 'account id', '1 to 64 of A-Z a-z 0-9 . _ -'),
};

/** An integer within bounds. */
export const integer = (least: number, most: number): Value => ({
  shown: 'N',
  wrong: rule(
    (text) => /^\d{1,15}$/.test(text) && Number(text) >= least && Number(text) <= most,
    'number',
    `a whole number from ${least} to ${most}`,
  ),
});

/** One of some names. */
export const oneOf = (...names: readonly string[]): Value => ({
  shown: names.join('|'),
  wrong: (text) =>
    names.includes(text)
      ? null
      : `not a valid choice, expected ${names.join(', ')}${didYouMean(text, names)}`,
});

/** Several values with commas between them. */
export const listOf = (value: Value): Value => ({
  shown: `${value.shown},…`,
  wrong: (text) => {
    for (const item of text.split(',')) {
      const wrong = value.wrong(item);
      if (wrong !== null) return text === item ? wrong : `${item || 'an empty item'}: ${wrong}`;
    }
    return null;
  },
});
