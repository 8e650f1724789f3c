/** What is recorded of refused usage. */
import * as z from 'zod';
import { USAGE_REFUSALS } from '../../domain/refusals.ts';

/** A report as it is packed; without its mark where that follows from the rest. */
export const packedReport = z.object({
  mark: z.string().optional(),
  code: z.enum(USAGE_REFUSALS),
  detail: z.string(),
  /** The report as it came, so that it can be resubmitted; null where a JSON value cannot say it. */
  record: z.json(),
  /** As it came, where its text is not JSON or says more than a JSON value keeps (a number beyond doubles). */
  text: z.string().optional(),
  /** As it came, where it is not UTF-8. */
  base64: z.string().optional(),
});
/** `mark`: SHA-256 of code and content: the same refusal of the same content is logged once. */
const refusedRecord = packedReport.extend({ mark: z.string() });
export type RefusedRecord = z.infer<typeof refusedRecord>;

export const refusedUsageEvents = {
  /** `key` reported them all; none: an import. `packed`: more records, as base64 of zstd of their JSON. */
  UsageRefused: z.object({
    key: z.string().optional(),
    records: z.array(refusedRecord),
    packed: z.string().optional(),
  }),
  /** Reports of a key that were refused beyond what is kept of its reports of a day (UTC), by code. */
  UsageNotKept: z.object({
    key: z.string(),
    day: z.string(),
    counts: z.array(z.object({ code: z.enum(USAGE_REFUSALS), reports: z.int() })),
  }),
};
