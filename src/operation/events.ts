/** Events of jobs, in the stream `jobs`. */
import * as z from 'zod';
import { requestMark } from '../ledger/system/request-mark.ts';

export const jobEvents = {
  JobStarted: z.object({
    job: z.string(),
    kind: z.literal('close-month'),
    month: z.string(),
    command: requestMark,
  }),
  JobDone: z.object({
    job: z.string(),
    closed: z.int(),
    refused: z.array(z.object({ account: z.string(), code: z.string(), detail: z.string() })),
  }),
};
