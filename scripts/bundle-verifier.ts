/** The bundle verifier as one module without imports, for browsers. */
import { statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Plugin, rolldown } from 'rolldown';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const ENTRY = resolve(ROOT, 'src/browser/verify.ts');
const PLATFORM_HASH = resolve(ROOT, 'src/integrity/sha256.ts');
const BROWSER_HASH = resolve(ROOT, 'src/browser/sha256.ts');

/** Puts the browser's hash in the platform's place; refuses what else only Node has. */
const forBrowsers: Plugin = {
  name: 'for-browsers',
  resolveId: {
    order: 'pre',
    handler(name, importer) {
      if (importer === undefined) return null;
      if (isBuiltin(name)) {
        this.error(`${relative(ROOT, importer)} imports ${name}, which no browser has`);
      }
      const place = name.startsWith('.') ? resolve(dirname(importer), name) : name;
      return place === PLATFORM_HASH ? BROWSER_HASH : null;
    },
  },
};

/** Writes a module, by default the verifier, into one minified file; gives its size in bytes. */
export const bundleVerifier = async (file: string, entry = ENTRY): Promise<number> => {
  const bundle = await rolldown({
    input: entry,
    platform: 'browser',
    plugins: [forBrowsers],
    // An import that leads nowhere would only be warned of, and fail in the browser.
    onLog: (level, log) => {
      if (level === 'warn') throw new Error(log.message);
    },
  });
  try {
    const { output } = await bundle.write({ file, format: 'es', minify: true, codeSplitting: false });
    const [{ imports, dynamicImports }, ...others] = output;
    const outside = [...imports, ...dynamicImports, ...others.map(({ fileName }) => fileName)];
    if (outside.length > 0) throw new Error(`the verifier is not one file: it needs ${outside.join(', ')}`);
  } finally {
    await bundle.close();
  }
  return statSync(file).size;
};
