/**
 * Builds `web/bundle-page.html` to one file without the bundle: its scripts and styles are in it, and a policy that allows
 * these alone, by their digests. `suanpan bundle --html` puts a bundle into it.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Rolldown } from 'vite';

/** Writes the page to a file. */
export const buildBundlePage = async (root: string, file: string): Promise<void> => {
  const output = await build({
    configFile: join(root, 'web/vite.config.ts'),
    logLevel: 'warn',
    build: {
      write: false,
      emptyOutDir: false,
      copyPublicDir: false,
      cssCodeSplit: false,
      rolldownOptions: {
        input: join(root, 'web/src/bundle-page/main.tsx'),
        output: { codeSplitting: false },
      },
    },
  });
  const parts = (output as Rolldown.RolldownOutput).output;
  const [script, ...scripts] = parts.filter((part) => part.type === 'chunk');
  const styles = parts
    .filter((part) => part.type === 'asset')
    .filter(({ fileName }) => fileName.endsWith('.css'));
  if (!script || scripts.length > 0 || script.imports.length + script.dynamicImports.length > 0)
    throw new Error('the page of a bundle is not one script');
  // `</script` in a script, or `<!--`, would be read as HTML; in JavaScript they stand in texts and patterns alone.
  const code = script.code.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
  const style = styles.map(({ source }) => String(source)).join('');
  const policy = [
    "default-src 'none'",
    `script-src ${digestOf(code)}`,
    `style-src ${digestOf(style)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const page = readFileSync(join(root, 'web/bundle-page.html'), 'utf8');
  const ENTRY = '    <script type="module" src="/src/bundle-page/main.tsx"></script>\n';
  if (!page.includes(ENTRY)) throw new Error('web/bundle-page.html does not load its script');
  const [head, ...rest] = page.split('    <title>');
  const withPolicy = `${head}    <meta http-equiv="content-security-policy" content="${policy}" />\n    <title>${rest.join('    <title>')}`;
  const whole = withPolicy
    .replace('  </head>', () => `    <style>${style}</style>\n  </head>`)
    .replace(
      ENTRY,
      () =>
        `    <script type="application/x-ndjson" id="bundle"></script>\n    <script type="module">${code}</script>\n`,
    );
  writeFileSync(file, whole);
};

const digestOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
