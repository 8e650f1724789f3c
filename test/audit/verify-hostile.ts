/** Verifies hostile bundles one after the other, by both verifiers; run as a process of its own, with little memory. */
import { once } from 'node:events';
import { createWriteStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifyBundle } from '../../src/audit/bundle/verify.ts';
import { hostileBundles, partsOf } from './hostile-bundles.ts';

const [bundle = '', folder = ''] = process.argv.slice(2);
const second = await import(new URL('../../examples/verify-bundle.mjs', import.meta.url).href);

/** As much of a file without end as the second verifier is given. */
const FILE_BYTES = 20 * 1024 * 1024;
const written = async (file: string, pieces: AsyncIterable<Uint8Array>): Promise<void> => {
  const to = createWriteStream(file);
  let size = 0;
  for await (const piece of pieces) {
    if (!to.write(piece)) await once(to, 'drain');
    size += piece.length;
    if (size > FILE_BYTES) break;
  }
  to.end();
  await once(to, 'finish');
};

const told = [];
for (const [name, pieces] of Object.entries(hostileBundles(partsOf(readFileSync(bundle, 'utf8'))))) {
  const { ok, findings } = await verifyBundle(pieces());
  const file = join(folder, 'hostile.bundle');
  await written(file, pieces());
  const { verified } = await second.verify(file);
  told.push({ name, ok, findings: findings.length, second: verified });
}
process.stdout.write(JSON.stringify(told));
