/** Usage in: a CloudEvent in any mode, a batch, or a stream of any length. */
import * as z from 'zod';
import { isBinaryEvent, reportOfBinary } from '../../input/event-binary.ts';
import type { Api } from '../http/api.ts';
import { EVENT_TYPE, EVENTS_TYPE, NDJSON_TYPE, USAGE_BODIES } from '../http/body/media-type.ts';
import type { Call } from '../http/call.ts';
import { type Route, route } from '../http/route.ts';
import * as shape from '../schemas/common.ts';
import { USAGE_SCHEMAS } from '../schemas/usage.ts';
import { answerUsage, reportsIn } from '../usage/report.ts';
import { streamUsage, tryOutStream } from '../usage/stream.ts';

const result = z.object({
  index: shape.count.describe('place among the records of the request, from 0'),
  id: z.string().nullable(),
  outcome: z.enum(['duplicate', 'conflict', 'refused']),
  code: z.string().optional().describe('why it was refused'),
  field: z.string().optional().describe('the field that breaks a rule'),
  detail: z.string().optional().describe('the rule'),
  held: z
    .object({
      interface: z.string(),
      time: shape.instant,
      calls: shape.count.optional(),
      submitted: shape.count.optional(),
      recognised: shape.count.optional(),
    })
    .optional()
    .describe('of a conflict: what was first reported under this identity'),
});
const outcome = z
  .object({
    accepted: shape.count,
    duplicates: shape.count,
    conflicts: shape.count,
    refused: shape.count,
    results: z.array(result).optional().describe('the first 1,000 that were not plainly accepted'),
    notKept: shape.count
      .optional()
      .describe(
        'how many refused records are not stored in the log: the daily quota of the key is exhausted',
      ),
    resultsTruncated: z.boolean().optional().describe('true: there are more; the counts are of all'),
  })
  .meta({ id: 'UsageOutcome' });

const report = route({
  method: 'POST',
  path: '/usage',
  scope: 'meter',
  tag: 'Usage',
  what: 'Report usage: one CloudEvent (structured or binary), a batch, or NDJSON of any length (answered in NDJSON)',
  params: shape.nothing,
  query: shape.nothing,
  body: z.unknown(),
  bodies: USAGE_BODIES,
  bodySchemas: USAGE_SCHEMAS,
  answers: {
    200: {
      what: 'durable; `results` lists what was not plainly accepted',
      schema: outcome,
      also: {
        [NDJSON_TYPE]: z
          .string()
          .describe(
            'of NDJSON: each of `results` a line, after the first 1,000 one for consecutive lines that are not valid records, with their `count`; the counts as the last',
          ),
      },
    },
  },
  example: {
    path: '/usage',
    body: {
      specversion: '1.0',
      type: 'suanpan.usage',
      source: '/gateway/1',
      id: 'call-1',
      subject: 'acme',
      time: '2019-01-05T08:00:00+08:00',
      data: { interface: 'face-recognition/compare', calls: 5 },
    },
    status: 200,
  },
  handle: (api, call) => reported(api, call, false),
  tryOut: (api, call) => reported(api, call, true),
});

const reported = async (
  api: Api,
  { body, key, headers, pieces, attributes, problemOf }: Call<unknown, unknown, unknown>,
  isDry: boolean,
) => {
  const metering = { api, key, isDry };
  if (!(body instanceof Uint8Array))
    return isDry ? tryOutStream(metering, pieces()) : streamUsage(metering, pieces(), problemOf);
  const contentType = headers['content-type'];
  const isStructured = [EVENT_TYPE, EVENTS_TYPE].some((type) => contentType?.toLowerCase().startsWith(type));
  const reports =
    !isStructured && isBinaryEvent(headers)
      ? [reportOfBinary({ attributes: attributes(), contentType, data: body })]
      : await reportsIn(body);
  return answerUsage(metering, reports);
};

export const reportRoutes: readonly Route[] = [report];
