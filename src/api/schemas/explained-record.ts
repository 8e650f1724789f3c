/** Schema of a record, or a correction, with who paid. */
import * as z from 'zod';
import * as shape from './common.ts';

const recordPaid = z.object({
  free: shape.count,
  packs: z.array(z.object({ pack: z.string(), calls: shape.count })),
  postPaid: shape.count,
  waived: shape.count.optional(),
});
const name = z.object({ zh: z.string(), en: z.string() });

/** A record, or a correction, with who paid. */
export const record = z
  .object({
    kind: z.enum(['record', 'correction']),
    source: z.string(),
    id: z.string(),
    interface: z.string(),
    meter: z.string().nullable(),
    pool: z.string().nullable(),
    time: shape.instant,
    day: z.string(),
    calls: shape.count.describe('of a correction: the change; of several quantities: their sum'),
    submitted: shape.count.optional(),
    reason: z.string().optional(),
    class: z
      .object({ id: z.string(), name, why: z.string().describe('the condition, and the value that met it') })
      .optional()
      .describe('what chose the price, of an interface with several quantities'),
    parts: z
      .array(
        z.object({
          measure: z.string(),
          quantity: z.int(),
          meter: z.string().nullable(),
          pool: z.string().nullable(),
          weight: shape.count.describe('points of the pool that a unit takes'),
          paid: recordPaid,
        }),
      )
      .optional(),
    paid: recordPaid,
    event: shape.count.describe('revision of the event that carries it'),
    index: shape.count.describe('its index in that event'),
  })
  .meta({ id: 'ExplainedRecord' });
