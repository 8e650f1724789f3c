/** What `npm run verifier` builds, without a browser: one file that says what the verifier in Node says. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { bundleVerifier } from '../../scripts/bundle-verifier.ts';
import { verifyBundle } from '../../src/audit/bundle/verify.ts';
import * as browserHash from '../../src/browser/sha256.ts';
import { CannotVerify, verify } from '../../src/browser/verify.ts';
import { verifierKeysIn } from '../../src/checkpoint/checkpoint-files.ts';
import * as platformHash from '../../src/integrity/sha256.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runs } from '../support/proof.ts';
import { sampleBundle, tampered } from './sample-bundles.ts';

afterEach(() => vi.unstubAllGlobals());

const verdictOf = (bytes: Uint8Array, key: string) =>
  verifyBundle(new Blob([Uint8Array.from(bytes)]).stream(), { keys: verifierKeysIn(key) });

/** A run of Node that only knows the built module and files. */
const RUN = `
  import { readFileSync } from 'node:fs';
  const [module, key, ...files] = process.argv.slice(1);
  const { verify } = await import(module);
  const verdicts = [];
  for (const file of files) verdicts.push(await verify(new Uint8Array(readFileSync(file)), { keys: [key] }));
  console.log(JSON.stringify(verdicts));
`;

describe('the hash of the browser', () => {
  test('exports what the platform’s file exports', () => {
    expect(Object.keys(browserHash).sort()).toEqual(Object.keys(platformHash).sort());
  });

  test('is that of the platform for any text, any bytes and any pieces', () => {
    const numRuns = runs('texts hashed as in a browser', 500, 50_000);
    const text = fc.string({ unit: 'binary', maxLength: 300 });
    // Halves of surrogate pairs too: a JavaScript text may hold them.
    const units = fc
      .array(fc.integer({ min: 0xd7f0, max: 0xe010 }))
      .map((all) => String.fromCharCode(...all));
    fc.assert(
      fc.property(fc.array(fc.oneof(text, units)), fc.uint8Array({ maxLength: 300 }), (texts, bytes) => {
        const whole = texts.join('');
        expect(browserHash.sha256(whole)).toBe(platformHash.sha256(whole));
        expect([...browserHash.sha256Bytes(bytes)]).toEqual([...platformHash.sha256Bytes(bytes)]);
        const [here, there] = [browserHash.digesting(), platformHash.digesting()];
        for (const piece of texts) for (const state of [here, there]) state.update(piece);
        expect(here.hex()).toBe(there.hex());
      }),
      { numRuns },
    );
  });
});

describe('the built module', () => {
  test('says what the verifier says, of a good bundle and of tampered ones', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'verify.js');
    await bundleVerifier(file);
    const sample = await sampleBundle(120);
    const bundles = [
      sample.bytes,
      ...tampered(sample, runs('tampered bundles, built module', 30, 300)).values(),
    ];
    const files = bundles.map((bytes, i) => {
      const path = join(folder, `${i}.suanpan`);
      writeFileSync(path, bytes);
      return path;
    });
    const said = execFileSync(
      process.execPath,
      ['--input-type=module', '-e', RUN, pathToFileURL(file).href, sample.key, ...files],
      { encoding: 'utf8', maxBuffer: 2 ** 28 },
    );
    const expected = await Promise.all(bundles.map((bytes) => verdictOf(bytes, sample.key)));
    expect(JSON.parse(said)).toEqual(JSON.parse(JSON.stringify(expected)));
    expect(expected.map(({ ok }) => ok)).toEqual(bundles.map((_, i) => i === 0));
    expect(expected[0]).toMatchObject({ isKeyHeld: true, records: 120, findings: [] });
  });

  test('is not built of what only Node has', async () => {
    const entry = join(temporaryFolder(), 'entry.ts');
    const built = (text: string): Promise<number> => {
      writeFileSync(entry, text);
      return bundleVerifier(join(temporaryFolder(), 'out.js'), entry);
    };
    await expect(built(`export { hash } from 'node:crypto';`)).rejects.toThrow(
      /entry\.ts imports node:crypto, which no browser has/,
    );
    await expect(built(`export const late = () => import('fs');`)).rejects.toThrow(/imports fs, which/);
    await expect(built(`export { a } from 'not-installed';`)).rejects.toThrow(/not-installed/);
    expect(await built('export const a = 1;')).toBeGreaterThan(0);
  });
});

describe('verify', () => {
  test('takes a file, a stream or bytes; a stream it need not read to its end is cancelled', async () => {
    const { bytes, key } = await sampleBundle(60);
    const expected = await verdictOf(bytes, key);
    const blob = new Blob([Uint8Array.from(bytes)]);
    for (const file of [blob, blob.stream(), bytes])
      expect(await verify(file, { keys: [key] })).toEqual(expected);
    const cancel = vi.fn();
    const endless = new ReadableStream<Uint8Array>({
      pull: (to) => to.enqueue(new TextEncoder().encode('no bundle\n')),
      cancel,
    });
    expect((await verify(endless, { keys: [] })).ok).toBe(false);
    expect(cancel).toHaveBeenCalledOnce();
  });

  test('tells a key that is not held from one that is, and refuses what is no key', async () => {
    const [{ bytes, key }, other] = [await sampleBundle(1), await sampleBundle(1)];
    expect((await verify(bytes, { keys: [] })).isKeyHeld).toBeNull();
    expect((await verify(bytes, { keys: [other.key, `# mine\n${key}\n`] })).isKeyHeld).toBe(true);
    expect(await verify(bytes, { keys: [other.key] })).toMatchObject({ isKeyHeld: false });
    await expect(verify(bytes, { keys: ['no key'] })).rejects.toThrow(RangeError);
  });

  test('says that it cannot, where there is no Ed25519: a good bundle is not called bad', async () => {
    const { bytes } = await sampleBundle(1);
    vi.stubGlobal('crypto', {});
    await expect(verify(bytes, { keys: [] })).rejects.toThrow(CannotVerify);
  });
});
