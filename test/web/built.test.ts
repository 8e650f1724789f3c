/** What is built: small enough for a slow connection, and nothing in it that the page's policy forbids. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { served } from '../support/api.ts';

const BUILT = fileURLToPath(new URL('../../dist/web', import.meta.url));
const LIMIT = 250_000;

const page = readFileSync(join(BUILT, 'index.html'), 'utf8');

test('the scripts of the first page are at most 250 kB compressed', () => {
  const names = [...page.matchAll(/"\/(assets\/[^"]+\.js)"/g)].map(([, name = '']) => name);
  expect(names.length).toBeGreaterThan(0);
  const bytes = names.map((name) => gzipSync(readFileSync(join(BUILT, name)), { level: 9 }).length);
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(LIMIT);
});

test('the page has no script or style of its own, and names no other host', () => {
  expect(page).not.toMatch(/<script(?![^>]* src=)|<style|style=|https?:/);
});

test('every file is served for ever, the page is not kept, and other addresses are as before', async () => {
  const api = await served();
  for (const name of readdirSync(join(BUILT, 'assets'))) {
    const { status, headers } = await fetch(`${api.base}/assets/${name}`, { method: 'HEAD' });
    expect([name, status, headers.get('cache-control')]).toEqual([
      name,
      200,
      'public, max-age=31536000, immutable',
    ]);
  }
  const asBrowser = { headers: { accept: 'text/html,*/*' } };
  for (const path of ['/', '/?x=1', '/accounts', '/accounts/a.b', '/accounts/a.b/usage?month=2019-01']) {
    const { status, headers } = await fetch(`${api.base}${path}`, asBrowser);
    expect([path, status, headers.get('cache-control')]).toEqual([path, 200, 'no-cache']);
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:",
    );
  }
  for (const path of ['/v1/nothing', '/docs/nothing', '/assets/nothing.js', '/favicon.ico'])
    expect([path, (await fetch(`${api.base}${path}`, asBrowser)).status]).toEqual([path, 404]);
  expect((await fetch(`${api.base}/accounts`)).status).toBe(404);
  expect((await fetch(`${api.base}/accounts`, { method: 'POST', ...asBrowser })).status).toBe(404);
  await api.stop();
});
