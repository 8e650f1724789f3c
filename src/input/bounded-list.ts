/** A list whose length is checked before its entries: what is too long costs nothing more. */
import * as z from 'zod';

/** Entries of a schema, at least and at most so many. */
export const boundedList = <Item extends z.ZodType>(item: Item, least: number, most: number) =>
  z.preprocess((value, context) => {
    if (!Array.isArray(value) || value.length <= most) return value;
    context.addIssue({
      code: 'too_big',
      origin: 'array',
      maximum: most,
      inclusive: true,
      input: value,
      message: `has at most ${most} entries`,
    });
    return z.NEVER;
  }, z.array(item).min(least).max(most));
