/** A list schema that checks the length before the entries, so that an overlong list costs nothing more. */
import * as z from 'zod';

/** A list of entries with a minimum and maximum length. */
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
