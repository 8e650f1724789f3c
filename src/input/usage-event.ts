/** A usage CloudEvent parsed, once (interface.md: one record of metered calls). */
import { Buffer } from 'node:buffer';
import * as z from 'zod';
import { VALUE_BYTES_MAX } from '../domain/price-book-schema.ts';
import type { Texts, UsageRecord } from '../domain/usage.ts';
import { didYouMean } from '../text/nearest.ts';
import { eventData } from './event-data.ts';
import { instantFromText } from './instant-text.ts';

/** Neither `.` nor `..`, which no path of the interface could name. */
export const ACCOUNT_ID = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,64}$/;
export const ACCOUNT_RULE = '1 to 64 of A-Z a-z 0-9 . _ -, and neither . nor ..';
const IDENTITY_BYTES = 200;
/** No text this short can have more than 200 bytes in UTF-8. */
const SURELY_SHORT = IDENTITY_BYTES / 4;

/** Messages for values of the wrong type. */
const must = (rule: string) => (issue: { readonly input?: unknown }) =>
  issue.input === undefined ? `is missing: ${rule}` : rule;

const text = z.string({ error: must('must be text') });
const identity = text
  .min(1, 'must not be empty')
  .refine((value) => value.length <= SURELY_SHORT || Buffer.byteLength(value) <= IDENTITY_BYTES, {
    message: `must have at most ${IDENTITY_BYTES} bytes`,
  });
const number = z.number({ error: must('must be an integer') });
/** Null is what is left out: many writers of JSON write absent members so. */
const count = number.nullish();

const WORD = /^(?!__proto__$)[a-z0-9_]{1,32}$/;
const TAG = /^(?!__proto__$)[a-z0-9_.-]{1,32}$/;
const TEXTS_MAX = 8;
/** Named texts: at most eight, each of 1 to 64 bytes. */
const texts = (name: RegExp, rule: string) =>
  z
    .record(
      z.string().regex(name, rule),
      text.min(1, 'must not be empty').refine((value) => Buffer.byteLength(value) <= VALUE_BYTES_MAX, {
        message: `must have at most ${VALUE_BYTES_MAX} bytes`,
      }),
      { error: must('must be an object of texts') },
    )
    .refine((all) => Object.keys(all).length <= TEXTS_MAX, {
      message: `must have at most ${TEXTS_MAX} members`,
    });

const SPECVERSION = must('must be "1.0"');
const TYPE = must('must be "suanpan.usage"');

const usageEvent = z.object({
  specversion: z.literal('1.0', { error: SPECVERSION }),
  type: z.literal('suanpan.usage', { error: TYPE }),
  source: identity,
  id: identity,
  subject: text.regex(ACCOUNT_ID, `must be an account id: ${ACCOUNT_RULE}`),
  time: text,
  data: z.object(
    {
      interface: text.min(1, 'must not be empty').max(200, 'must have at most 200 characters'),
      // Bounds of counts are checked later, with the record's other rules.
      calls: count,
      submitted: count,
      recognised: count,
      quantities: z.record(z.string(), number, { error: must('must be an object of quantities') }).nullish(),
      attributes: texts(WORD, 'must be 1 to 32 of a-z 0-9 _').nullish(),
      tags: texts(TAG, 'must be 1 to 32 of a-z 0-9 _ . -').nullish(),
    },
    { error: must('must be a JSON object') },
  ),
});
const DATA_MEMBERS = new Set([
  ...['interface', 'calls', 'submitted', 'recognised'],
  ...['quantities', 'attributes', 'tags'],
]);

export type ParsedUsage =
  | { readonly ok: true; readonly account: string; readonly record: UsageRecord }
  | {
      readonly ok: false;
      /** The account that the record names, as far as it is readable. */
      readonly account: string | null;
      readonly id: string | null;
      readonly field: string;
      readonly message: string;
    };

/** Parses one usage CloudEvent. Never throws: problems are returned with field and rule. */
export const parseUsage = (value: unknown): ParsedUsage => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return invalidUsage(value, 'record', 'must be a usage CloudEvent, a JSON object');
  const event = eventData(value);
  if (!event.ok) return invalidUsage(value, event.field, event.message);
  // Fast rejection of junk: the schema would create an issue for every problem, and only one is reported.
  const { specversion, type } = event.value;
  if (specversion !== '1.0') return invalidUsage(value, 'specversion', SPECVERSION({ input: specversion }));
  if (type !== 'suanpan.usage') return invalidUsage(value, 'type', TYPE({ input: type }));
  const result = usageEvent.safeParse(event.value);
  if (!result.success) {
    const issue = result.error.issues[0];
    return invalidUsage(value, issue?.path.join('.') || 'record', issue?.message ?? 'is malformed');
  }
  const { source, id, subject, time, data } = result.data;
  const instant = instantFromText(time);
  if (instant === null) return invalidUsage(value, 'time', 'must be an RFC 3339 instant with an offset');
  for (const member in event.value['data'] as object)
    if (!DATA_MEMBERS.has(member)) {
      const meant = didYouMean(member, DATA_MEMBERS);
      return invalidUsage(value, `data.${member.slice(0, 100)}`, `${UNKNOWN_MEMBER}${meant}`);
    }
  const counted = countsOf(data);
  if (typeof counted === 'string') return invalidUsage(value, 'data', counted);
  const { attributes, tags } = data;
  return {
    ok: true,
    account: subject,
    record: {
      ...{ source, id, interface: data.interface, time: instant },
      ...counted,
      ...(hasAny(attributes) ? { attributes } : {}),
      ...(hasAny(tags) ? { tags } : {}),
    },
  };
};

const UNKNOWN_MEMBER =
  'is not a known member: data has interface, and calls, or quantities, or submitted and recognised; attributes and tags';
const ONE_COUNT = 'must have calls, or quantities, or submitted and recognised';

/** Attributes and tags without members say nothing, like those that are left out. */
const hasAny = (all: Texts | null | undefined): all is Texts => !isAbsent(all) && Object.keys(all).length > 0;

const countsOf = ({
  calls,
  submitted,
  recognised,
  quantities,
}: z.infer<typeof usageEvent>['data']): Pick<UsageRecord, 'calls' | 'submitted' | 'quantities'> | string => {
  if (!isAbsent(quantities)) {
    if (![calls, submitted, recognised].every(isAbsent)) return `${ONE_COUNT}: one of them`;
    return { calls: 0, submitted: null, quantities: withoutMinusZero(quantities) };
  }
  if (!isAbsent(calls)) {
    if (!isAbsent(submitted) || !isAbsent(recognised))
      return 'must have calls, or submitted and recognised: not both';
    return { calls, submitted: null };
  }
  if (isAbsent(submitted) || isAbsent(recognised)) return ONE_COUNT;
  // Minus zero, which JSON can write, is recorded as zero.
  return { calls: recognised + 0, submitted: submitted + 0 };
};

const withoutMinusZero = (quantities: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(quantities).map(([name, quantity]) => [name, quantity + 0]));

const isAbsent = (value: unknown): value is null | undefined => value === undefined || value === null;

/** A report that cannot be recorded, with the account it names. */
export const invalidUsage = (value: unknown, field: string, message: string): ParsedUsage => {
  const members = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const { subject, id } = members;
  return {
    ok: false,
    account: typeof subject === 'string' && ACCOUNT_ID.test(subject) ? subject : null,
    id: typeof id === 'string' ? id : null,
    field,
    message,
  };
};
