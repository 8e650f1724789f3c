/** The `webhooks` of the OpenAPI document: the payload of each type, signed according to Standard Webhooks. */
import { TEST_TYPE } from '../../delivery/webhooks.ts';
import type { Json, NamedSchemas } from './schemas.ts';
import { WEBHOOK_PAYLOADS } from './webhook-shapes.ts';

const HEADERS = {
  'webhook-id': 'names the delivery: a retry has the same id',
  'webhook-timestamp': 'when it was sent, in seconds since 1970',
  'webhook-signature': 'signatures of id, timestamp and body, separated by spaces: `v1,` and base64',
};

/** The request that a receiver gets, by type. */
export const webhooksOf = (schemas: NamedSchemas): Json =>
  Object.fromEntries(
    [...WEBHOOK_PAYLOADS].map(([type, schema]) => [
      type,
      {
        post: {
          operationId: `webhook${type.replace(/(?:^|[._])([a-z])/g, (_, letter) => letter.toUpperCase())}`,
          tags: ['Webhooks'],
          summary: type === TEST_TYPE ? `${type}, on request` : `${type}, to webhooks that chose it`,
          security: [],
          parameters: Object.entries(HEADERS).map(([name, description]) => ({
            name,
            in: 'header',
            required: true,
            description,
            schema: { type: 'string' },
          })),
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemas.of(schema, 'output') } },
          },
          responses: {
            '2XX': { description: 'received' },
            '410': { description: 'gone: nothing more is sent of this delivery' },
            default: {
              description: type === TEST_TYPE ? 'not received' : 'not received: it is sent again later',
            },
          },
        },
      },
    ]),
  );
