/**
 * Colours in escaped text. A styled part is marked with a number that is random per process, so that text from others
 * cannot imitate a mark.
 */
import { randomBytes } from 'node:crypto';
import { styleText } from 'node:util';
import type { Stream } from './standard-streams.ts';

const STYLES = ['bold', 'red', 'green', 'yellow'] as const;
type Style = (typeof STYLES)[number];

const DRAWN = randomBytes(16).toString('hex');
const END = `<${DRAWN}>`;
const PART = new RegExp(`<${DRAWN} (${STYLES.join('|')})>(.*?)${END}`, 'gs');

/** Text in a colour, on terminals that have them. */
export const styled = (style: Style, text: string): string => `<${DRAWN} ${style}>${text}${END}`;

/** The text without its styles. */
export const plain = (text: string): string => text.replace(PART, (_, __, inner: string) => inner);

/** The text as written to a stream: escaped, with colours if the stream is a terminal. */
export const rendered = (text: string, stream: Stream, escaped: (part: string) => string): string => {
  const parts: string[] = [];
  let from = 0;
  for (const { 0: whole, 1: style = '', 2: inner = '', index } of text.matchAll(PART)) {
    parts.push(escaped(text.slice(from, index)), coloured(style, escaped(inner), stream));
    from = index + whole.length;
  }
  return parts.join('') + escaped(text.slice(from));
};

const coloured = (style: string, text: string, stream: Stream): string => {
  const known = STYLES.find((one) => one === style);
  // NO_COLOR and FORCE_COLOR are evaluated by Node, where colours are decided.
  return known && isColoured(stream) ? styleText(known, text, { validateStream: false }) : text;
};

const isColoured = ({ isTTY }: Stream): boolean => {
  const { NO_COLOR, FORCE_COLOR, NODE_DISABLE_COLORS, TERM } = process.env;
  if (FORCE_COLOR) return FORCE_COLOR !== '0';
  return isTTY === true && !NO_COLOR && !NODE_DISABLE_COLORS && TERM !== 'dumb';
};
