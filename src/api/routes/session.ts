/** What a program or a page needs to know first: what its key may do, and the ledger's zone and clock. */
import * as z from 'zod';
import { instantText } from '../../domain/calendar.ts';
import { type Route, route } from '../http/route.ts';
import * as shape from '../schemas/common.ts';

const session = shape.key
  .pick({ name: true, scopes: true, accounts: true, expiresAt: true })
  .extend({
    zone: z.string().describe('the billing zone, as an IANA name'),
    clock: z.enum(['system', 'test']),
    now: shape.instant.describe('by the clock of the ledger'),
  })
  .meta({ id: 'Session' });

const getSession = route({
  method: 'GET',
  path: '/session',
  scope: 'read',
  tag: 'Keys',
  what: 'The key that asks, with its scopes and accounts, and the zone and the clock of the ledger',
  params: shape.nothing,
  query: shape.nothing,
  body: null,
  answers: { 200: { what: 'the session', schema: session } },
  example: { path: '/session', status: 200 },
  handle: async ({ ledger, clock }, { key: { name, scopes, accounts, expiresAt } }) => ({
    status: 200,
    body: {
      ...{ name, scopes, accounts, expiresAt },
      ...{ zone: ledger.calendar.zone, clock: clock.kind, now: instantText(clock.now()) },
    },
  }),
});

export const sessionRoutes: readonly Route[] = [getSession];
