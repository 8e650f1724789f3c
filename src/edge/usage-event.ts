/** A usage CloudEvent parsed, once (interface.md: one record of metered calls). */
import { Buffer } from 'node:buffer';
import * as z from 'zod';
import type { UsageRecord } from '../domain/usage.ts';
import { instantFromText } from './instant-text.ts';

export const ACCOUNT_ID = /^[A-Za-z0-9._-]{1,64}$/;
const IDENTITY_BYTES = 200;
/** No text this short can have more than 200 bytes in UTF-8. */
const SURELY_SHORT = IDENTITY_BYTES / 4;

const identity = z
  .string()
  .min(1)
  .refine((text) => text.length <= SURELY_SHORT || Buffer.byteLength(text) <= IDENTITY_BYTES, {
    message: `at most ${IDENTITY_BYTES} bytes`,
  });

const usageEvent = z.object({
  specversion: z.literal('1.0'),
  type: z.literal('suanpan.usage'),
  source: identity,
  id: identity,
  subject: z.string().regex(ACCOUNT_ID, 'an account id is 1 to 64 of A-Z a-z 0-9 . _ -'),
  time: z.string(),
  data: z.object({
    interface: z.string().min(1).max(200),
    // Whether a count is one that may be recorded is decided with what else may be wrong with the record.
    calls: z.number().optional(),
    submitted: z.number().optional(),
    recognised: z.number().optional(),
  }),
});

export type ParsedUsage =
  | { readonly ok: true; readonly account: string; readonly record: UsageRecord }
  | {
      readonly ok: false;
      /** What the record says of itself, as far as it can be told. */
      readonly account: string | null;
      readonly id: string | null;
      readonly field: string;
      readonly message: string;
    };

/** Parses one usage CloudEvent. Never throws: what is wrong comes back with the field and the rule. */
export const parseUsage = (value: unknown): ParsedUsage => {
  const result = usageEvent.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0];
    return invalid(value, issue?.path.join('.') || 'record', issue?.message ?? 'is no usage CloudEvent');
  }
  const { source, id, subject, time, data } = result.data;
  const instant = instantFromText(time);
  if (instant === null) return invalid(value, 'time', 'must be an RFC 3339 instant with an offset');
  const counted = countsOf(data);
  if (typeof counted === 'string') return invalid(value, 'data', counted);
  return {
    ok: true,
    account: subject,
    record: { source, id, interface: data.interface, time: instant, ...counted },
  };
};

const countsOf = ({
  calls,
  submitted,
  recognised,
}: z.infer<typeof usageEvent>['data']): Pick<UsageRecord, 'calls' | 'submitted'> | string => {
  if (calls !== undefined) {
    if (submitted !== undefined || recognised !== undefined)
      return 'calls, or submitted and recognised: not both';
    return { calls, submitted: null };
  }
  if (submitted === undefined || recognised === undefined) return 'needs calls, or submitted and recognised';
  return { calls: recognised, submitted };
};

const invalid = (value: unknown, field: string, message: string): ParsedUsage => {
  const told = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const { subject, id } = told;
  return {
    ok: false,
    account: typeof subject === 'string' && ACCOUNT_ID.test(subject) ? subject : null,
    id: typeof id === 'string' ? id : null,
    field,
    message,
  };
};
