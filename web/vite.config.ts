/** Builds the dashboard to dist/web, from where `suanpan serve` serves it: `npm run web`. */
import { fileURLToPath } from 'node:url';
import optimizeLocales from '@react-aria/optimize-locales-plugin';
import { defineConfig } from 'vite';
import { forBrowsers } from '../scripts/for-browsers.ts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: at('.'),
  publicDir: at('public'),
  plugins: [forBrowsers(), { ...optimizeLocales.vite({ locales: ['en-US', 'zh-CN'] }), enforce: 'pre' }],
  css: { transformer: 'lightningcss' },
  build: {
    outDir: at('../dist/web'),
    emptyOutDir: true,
    // A data: URL of a script or a style would break the policy of the page.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2023',
    rolldownOptions: {
      onLog: (level, log, report) => {
        // Libraries say "use client", which means nothing here.
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') report(level, log);
      },
    },
  },
});
