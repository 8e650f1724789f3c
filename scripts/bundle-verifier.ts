/** The bundle verifier as one module without imports, for browsers. */
import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { forBrowsers } from './for-browsers.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const ENTRY = resolve(ROOT, 'src/browser/verify.ts');

/** Writes a module, by default the verifier, into one minified file; gives its size in bytes. */
export const bundleVerifier = async (file: string, entry = ENTRY): Promise<number> => {
  const bundle = await rolldown({
    input: entry,
    platform: 'browser',
    plugins: [forBrowsers(dirname(entry))],
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
