/** Usage reports, for the OpenAPI document; each record is validated separately (see `input/usage-event.ts`). */
import * as z from 'zod';
import { RECORD_CALLS_MAX } from '../../domain/bounds.ts';
import { accountId, identity } from '../../input/commands.ts';
import * as shape from './common.ts';

const name = z.string().min(1).max(200).describe('for example face-recognition/compare');
const labels = z.record(z.string(), z.string().max(64));
const tags = labels
  .optional()
  .describe('labels of your own, at most 8: names of a-z 0-9 _ . -, values of 1 to 64 bytes; not rated');
const calls = z
  .strictObject({ interface: name, calls: z.int().min(1).max(RECORD_CALLS_MAX), tags })
  .meta({ id: 'UsageOfCalls', description: 'Calls of an interface.' });
const images = z
  .strictObject({
    interface: name,
    submitted: z.int().min(0).max(RECORD_CALLS_MAX),
    recognised: z.int().min(0).max(RECORD_CALLS_MAX).describe('those that count; at most those submitted'),
    tags,
  })
  .meta({
    id: 'UsageOfImages',
    description: 'Images sent in one call of an interface that counts those that were recognised.',
  });

const quantities = z
  .strictObject({
    interface: name,
    quantities: z
      .record(z.string(), z.int().min(0).max(RECORD_CALLS_MAX))
      .describe(
        'by measure; one that is not named is 0. A total that is reported must be the sum of its measures',
      ),
    attributes: labels.optional().describe('what the class of the record may depend on; at most 8'),
    tags,
  })
  .meta({
    id: 'UsageOfQuantities',
    description: 'Several quantities of one call, of an interface with measures.',
  });

const attributes = {
  specversion: z.literal('1.0'),
  type: z.literal('suanpan.usage'),
  source: identity.describe('who reports, for example /gateway/1; at most 200 bytes'),
  id: identity.describe('the reporter’s own id of the record; at most 200 bytes'),
  subject: accountId.describe('the account'),
  time: shape.instantText.describe('when the calls were made: RFC 3339 with an offset'),
  datacontenttype: z.literal('application/json').optional(),
};
const data = z.union([calls, images, quantities]);

/** A usage CloudEvent; other attributes, which CloudEvents allow, are let pass. */
export const usageEvent = z
  .union([
    z.looseObject({ ...attributes, data }),
    z.looseObject({ ...attributes, data_base64: z.base64().describe('the JSON of data, in base64') }),
  ])
  .meta({
    id: 'UsageEvent',
    description:
      'A usage CloudEvent: (source, id) identifies it within its account for ever, so that it is safe to send again.',
  });
const batch = z.array(usageEvent);

/** The bodies of `POST /usage`, by content type. */
export const USAGE_SCHEMAS = {
  'application/json': z.union([usageEvent, batch]),
  'application/cloudevents+json': usageEvent,
  'application/cloudevents-batch+json': batch,
  'application/x-ndjson': z.string().describe('usage CloudEvents, one a line, of any length'),
} as const;
