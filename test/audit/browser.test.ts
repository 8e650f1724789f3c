/** The verifier in a real Chromium, on a page with a strict content security policy: the same verdict as in Node. */
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { bundleVerifier } from '../../scripts/bundle-verifier.ts';
import { verifyBundle } from '../../src/audit/bundle/verify.ts';
import { verifierKeysIn } from '../../src/checkpoint/checkpoint-files.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runs } from '../support/proof.ts';
import { sampleBundle, tampered } from './sample-bundles.ts';

const MINUTES = 60_000;
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const POLICY = "default-src 'self'";
const SCRIPT = `
  import { verify } from '/verify.js';
  globalThis.verdictOf = async (path, keys, as) => {
    const answer = await fetch(path);
    const file = as === 'stream' ? answer.body : as === 'bytes' ? await answer.bytes() : await answer.blob();
    return JSON.stringify(await verify(file, { keys }));
  };
  document.title = 'ready';
`;

interface Served {
  readonly type: string;
  readonly body: string | Uint8Array;
}

/** Serves what there is by path on this machine; the address. */
const servedAt = async (files: ReadonlyMap<string, Served>): Promise<string> => {
  const server = createServer((request, response) => {
    const file = files.get(request.url ?? '');
    if (!file) return response.writeHead(404).end();
    return response
      .writeHead(200, { 'content-type': file.type, 'content-security-policy': POLICY })
      .end(file.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

/** A page of a new browser; what goes wrong on it, and what it asks for, is kept. */
const pageOf = async (executablePath: string) => {
  const browser = await chromium.launch({ executablePath, args: ARGS });
  onTestFinished(() => browser.close());
  const page = await browser.newPage();
  const errors: string[] = [];
  const asked: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('request', (request) => asked.push(request.url()));
  return { page, errors, asked };
};

const verdictIn = async (page: Page, ...asked: readonly unknown[]): Promise<unknown> =>
  JSON.parse(String(await page.evaluate(`verdictOf(${asked.map((one) => JSON.stringify(one)).join(', ')})`)));

test('Chromium says what Node says, of a good bundle and of tampered ones', {
  timeout: 5 * MINUTES,
}, async (context) => {
  if (CHROMIUM === undefined) {
    console.log('skipped: there is no Chromium here (Debian: apt-get install chromium)');
    return context.skip();
  }
  const module = join(temporaryFolder(), 'verify.js');
  await bundleVerifier(module);
  const sample = await sampleBundle(500);
  const other = await sampleBundle(1);
  const wrong = tampered(sample, runs('tampered bundles, Chromium', 20, 300));
  const bundles = new Map([['good', sample.bytes], ...wrong]);
  const base = await servedAt(
    new Map<string, Served>([
      ['/', { type: 'text/html', body: '<!doctype html><script type="module" src="/page.js"></script>' }],
      ['/page.js', { type: 'text/javascript', body: SCRIPT }],
      ['/verify.js', { type: 'text/javascript', body: readFileSync(module) }],
      ...[...bundles.values()].map((body, i): [string, Served] => [`/${i}`, { type: 'text/plain', body }]),
    ]),
  );
  const { page, errors, asked } = await pageOf(CHROMIUM);
  await page.goto(base);
  await page.waitForFunction('document.title === "ready"');

  for (const [i, [name, bytes]] of [...bundles].entries()) {
    const keys = verifierKeysIn(sample.key);
    const verdict = await verifyBundle(new Blob([Uint8Array.from(bytes)]).stream(), { keys });
    expect(verdict.ok, name).toBe(i === 0);
    expect(await verdictIn(page, `/${i}`, [sample.key]), name).toEqual(JSON.parse(JSON.stringify(verdict)));
  }
  const good = await verdictIn(page, '/0', [sample.key]);
  expect(good).toMatchObject({ ok: true, isKeyHeld: true, records: 500 });
  for (const as of ['stream', 'bytes']) expect(await verdictIn(page, '/0', [sample.key], as)).toEqual(good);
  expect(await verdictIn(page, '/0', [other.key])).toMatchObject({ isKeyHeld: false });
  expect(errors).toEqual([]);
  expect(asked.filter((url) => !url.startsWith(`${base}/`))).toEqual([]);
  // The module itself asks for nothing: what is asked for is the page, its two scripts and bundles.
  expect(asked.filter((url) => !/\/\d+$/.test(url))).toEqual([
    `${base}/`,
    `${base}/page.js`,
    `${base}/verify.js`,
  ]);
});
