/** What makes modules of the ledger run in a browser: its hash in the place of the platform's, and nothing else of Node. */
import { isBuiltin } from 'node:module';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'rolldown';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SOURCES = resolve(ROOT, 'src');
const PLATFORM_HASH = resolve(ROOT, 'src/integrity/sha256.ts');
const BROWSER_HASH = resolve(ROOT, 'src/browser/sha256.ts');

/** For imports from `src`, or from the entry's own folder; refuses what only Node has. */
export const forBrowsers = (from: string = SOURCES): Plugin => ({
  name: 'for-browsers',
  resolveId: {
    order: 'pre',
    handler(name, importer) {
      if (importer === undefined || !(importer.startsWith(SOURCES) || importer.startsWith(from))) return null;
      if (isBuiltin(name)) {
        this.error(`${relative(ROOT, importer)} imports ${name}, which no browser has`);
      }
      const place = name.startsWith('.') ? resolve(dirname(importer), name) : name;
      return place === PLATFORM_HASH ? BROWSER_HASH : null;
    },
  },
});
