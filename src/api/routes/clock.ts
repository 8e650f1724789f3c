/** The clock by which the ledger lives. */
import * as z from 'zod';
import { type Instant, instantText } from '../../domain/calendar.ts';
import { instantFromText } from '../../input/instant-text.ts';
import { CLOCK } from '../../ledger/system/clock-choice.ts';
import type { Api } from '../http/api.ts';
import { systemEvents } from '../http/commands/would-record.ts';
import { ApiProblem } from '../http/problems/problem.ts';
import { type Route, route } from '../http/route.ts';
import * as shape from '../schemas/common.ts';

const setClock = route({
  method: 'PUT',
  path: '/clock',
  scope: 'admin',
  tag: 'Clock',
  what: 'Set the test clock; answers when everything due until then has happened',
  params: shape.nothing,
  query: shape.nothing,
  body: z.strictObject({ now: shape.instantText }),
  answers: { 200: { what: 'set', schema: z.object({ now: shape.instant }) } },
  example: { path: '/clock', body: { now: '2019-02-02T00:00:00+08:00' }, status: 200 },
  handle: async (api, { body }) => {
    const to = instantOfTestClock(api, body.now);
    if (!(await api.clock.set(to, api.drive))) throw backwards(api);
    return { status: 200, body: { now: instantText(api.clock.now()) } };
  },
  tryOut: async (api, { body }) => {
    const to = instantOfTestClock(api, body.now);
    await api.clock.ready();
    if (to < api.clock.now()) throw backwards(api);
    const set = { now: instantText(to) };
    return { status: 200, body: set, wouldRecord: await systemEvents(api, CLOCK, to, ['ClockSet', set]) };
  },
});

/** The instant that a test clock is to be set to; throws `clock_not_settable` on any other clock. */
const instantOfTestClock = (api: Api, text: string): Instant => {
  if (api.clock.kind !== 'test')
    throw new ApiProblem('clock_not_settable', 'this ledger runs on the real clock (see SUANPAN_CLOCK)');
  return instantFromText(text) ?? 0;
};

const backwards = (api: Api): ApiProblem => {
  const now = api.clock.now();
  const said = `it is ${api.ledger.calendar.textOf(now)} already`;
  return new ApiProblem('out_of_order', said, { now: instantText(now) });
};

const getClock = route({
  method: 'GET',
  path: '/clock',
  scope: 'read',
  tag: 'Clock',
  what: 'What time it is for the ledger',
  params: shape.nothing,
  query: shape.nothing,
  body: null,
  answers: {
    200: { what: 'now', schema: z.object({ now: shape.instant, kind: z.enum(['system', 'test']) }) },
  },
  example: { path: '/clock', status: 200 },
  handle: async (api) => ({
    status: 200,
    body: { now: instantText(api.clock.now()), kind: api.clock.kind },
  }),
});

export const clockRoutes: readonly Route[] = [setClock, getClock];
