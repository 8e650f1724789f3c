/** Events of refused usage. */
import * as z from 'zod';
import { USAGE_REFUSALS } from '../../domain/refusals.ts';

/** A packed report, without its mark if that can be derived. */
export const packedReport = z.object({
  mark: z.string().optional(),
  code: z.enum(USAGE_REFUSALS),
  detail: z.string(),
  /** The report as received, so that it can be resubmitted; null if a JSON value cannot represent it. */
  record: z.json(),
  /** The original text, if it is not JSON or a JSON value would lose information (a number beyond doubles). */
  text: z.string().optional(),
  /** The original bytes, if they are not UTF-8. */
  base64: z.string().optional(),
});
/** `mark`: SHA-256 of code and content: the same refusal of the same content is logged once. */
const refusedRecord = packedReport.extend({ mark: z.string() });
export type RefusedRecord = z.infer<typeof refusedRecord>;

export const refusedUsageEvents = {
  /** `key`: the key that reported them; absent: an import. `packed`: more records, as base64 of zstd of their JSON. */
  UsageRefused: z.object({
    key: z.string().optional(),
    records: z.array(refusedRecord),
    packed: z.string().optional(),
  }),
  /** Counts, by code, of a key's reports refused beyond its quota of a day (UTC). */
  UsageNotKept: z.object({
    key: z.string(),
    day: z.string(),
    counts: z.array(z.object({ code: z.enum(USAGE_REFUSALS), reports: z.int() })),
  }),
};
