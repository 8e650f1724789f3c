/**
 * The content of a body, independent of its notation: `"1"` and `"1.00"` are the same amount, and null is the same as
 * an omitted field. Which strings stand for values is declared at their schemas.
 */
import * as z from 'zod';
import { exact, plain, rounded } from '../domain/money.ts';
import { instantFromText } from './instant-text.ts';
import { unwrapped } from './schema-walk.ts';

/** Schemas of strings that stand for a value: money with two places, any decimal, or an instant. */
export const valueTexts = z.registry<{ readonly as: 'amount' | 'decimal' | 'instant' }>();

/** A value that its schema has parsed, in the one way of writing it. */
export const canonicalContent = (schema: z.ZodType, value: unknown): unknown => {
  if (value === null || value === undefined) return undefined;
  const own = unwrapped(schema);
  if (typeof value === 'string') {
    const meant = valueTexts.get(own);
    return meant ? WRITTEN[meant.as](value) : value;
  }
  if (own instanceof z.ZodArray && Array.isArray(value))
    return value.map((item) => canonicalContent(own.element as z.ZodType, item));
  if (!(own instanceof z.ZodObject) || typeof value !== 'object') return value;
  const fields = Object.entries(value).map(([name, field]) => {
    const inner = own.shape[name];
    return [name, inner ? canonicalContent(inner, field) : field];
  });
  return Object.fromEntries(fields.filter(([, field]) => field !== undefined));
};

const WRITTEN = {
  amount: (text: string): string => rounded(exact(text)),
  decimal: (text: string): string => plain(exact(text)),
  instant: (text: string): string => {
    const instant = instantFromText(text);
    return instant === null ? text : new Date(instant).toISOString();
  },
} as const;
