/** Writes dist/verify.js, the bundle verifier for browsers: `npm run verifier`. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { bundleVerifier } from './bundle-verifier.ts';

const file = fileURLToPath(new URL('../dist/verify.js', import.meta.url));
try {
  const bytes = await bundleVerifier(file);
  const shown = (n: number): string => n.toLocaleString('en-US');
  console.log(`dist/verify.js: ${shown(bytes)} bytes, ${shown(gzipSync(readFileSync(file)).length)} gzipped`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
