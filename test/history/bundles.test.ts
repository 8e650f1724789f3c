/** Bundles made by earlier releases verify for ever, with every later schema and rating version. No file is ever changed. */
import { createReadStream, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { verifyBundle } from '../../src/audit/bundle/verify.ts';
import { verifierKeysIn } from '../../src/checkpoint/checkpoint-files.ts';

const here = (name: string) => new URL(name, import.meta.url);
const DIGESTS: Readonly<Record<string, string>> = {
  'bundle-1-2019-01.suanpan': 'ef60bbe53cc17ceed22cca70a005b3f3afb13366111eb75e00940fbec3c35180',
  'bundle-1-2019-02.suanpan': 'ad4aab0263419a99c82ad33d4c2c9c686f52075025e2531747f772ed6007c5e3',
};

test.each(Object.keys(DIGESTS))('%s', async (name) => {
  const [series = ''] = /^bundle-\d+/.exec(name) ?? [];
  const keys = verifierKeysIn(readFileSync(here(`${series}.key`), 'utf8'));
  const verdict = await verifyBundle(createReadStream(here(name)), { keys });
  expect(verdict).toMatchObject({ ok: true, isKeyHeld: true, bill: { digest: DIGESTS[name] } });
});
