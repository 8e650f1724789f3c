/** The preview that a dry run of closing everybody's month is answered with. */
import * as z from 'zod';
import * as shape from './common.ts';

export const closePreviewShape = z
  .object({
    closed: shape.count.describe('accounts whose month would be closed'),
    closedBefore: shape.count.describe('accounts whose month is closed already'),
    refused: shape.count.describe('accounts whose close would be refused'),
    refusedByCode: z.record(z.string(), shape.count),
    refusals: z
      .array(z.object({ account: z.string(), code: z.string(), detail: z.string() }))
      .describe('the first 100 refusals, by account'),
    due: shape.money.describe('sum of what would be settled'),
    total: shape.money.describe('sum of the bills’ totals'),
    isWhole: z.boolean().describe('false: there are more accounts than a preview looks at'),
  })
  .meta({ id: 'ClosePreview', description: 'Of a dry run: the result of the job if it ran now' });
