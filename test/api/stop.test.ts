/** A server that is told to stop does not wait for those who only listen. */
import { expect, test } from 'vitest';
import { ADMIN, served } from '../support/api.ts';

test('an open stream of events does not delay a stop', async () => {
  const { base, stop } = await served();
  const listening = await fetch(`${base}/v1/stream`, { headers: { authorization: `Bearer ${ADMIN}` } });
  const reader = listening.body?.getReader();
  expect(new TextDecoder().decode((await reader?.read())?.value)).toContain('connected');
  const rest = reader?.read().catch(() => 'broken off');
  const started = performance.now();
  await stop();
  expect(performance.now() - started).toBeLessThan(5_000);
  await rest;
});
