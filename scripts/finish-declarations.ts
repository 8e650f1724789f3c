/**
 * Declarations name modules as they are built: the compiler rewrites `./x.ts` in code only, and an older one than ours does
 * not find it in a declaration.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const DIST = fileURLToPath(new URL('../dist', import.meta.url));
const RELATIVE = /((?:from|import)\s*\(?\s*["']\.{1,2}\/[^"']*)\.ts(["'])/g;

for (const name of readdirSync(DIST, { recursive: true, encoding: 'utf8' })) {
  if (!name.endsWith('.d.ts')) continue;
  const file = join(DIST, name);
  const text = readFileSync(file, 'utf8');
  const finished = text.replace(RELATIVE, '$1.js$2');
  if (finished !== text) writeFileSync(file, finished);
}
