/** A stopping server does not wait for clients of the event stream. */
import { expect, test } from 'vitest';
import { ADMIN, served } from '../support/api.ts';

test('an open stream of events does not delay a stop', async () => {
  const { base, stop } = await served();
  const listening = await fetch(`${base}/v1/stream`, { headers: { authorization: `Bearer ${ADMIN}` } });
  const reader = listening.body?.getReader();
  expect(new TextDecoder().decode((await reader?.read())?.value)).toContain('connected');
  const rest = reader?.read().catch(() => 'broken off');
  // A stream has no end of its own: a stop that waited for it would never come to one.
  await stop();
  await rest;
});
