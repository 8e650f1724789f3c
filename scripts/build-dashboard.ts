/**
 * Builds the dashboard from `web/` to `dist/web`, and the page of a bundle to `dist/bundle-page.html`: `npm run web`. With `--if-needed` only where something that it is made
 * from is newer than what was built; two processes that need it at once build it one after the other.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { buildBundlePage } from './build-bundle-page.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const BUILT = join(ROOT, 'dist/web/index.html');
const PAGE = join(ROOT, 'dist/bundle-page.html');
const LOCK = join(ROOT, 'dist/web.lock');
const SOURCES = ['web', 'client', 'src', 'package-lock.json'];
const WAIT_MS = 200;
/** A lock older than this was left behind by a process that was killed. */
const STALE_MS = 120_000;

const newest = (path: string): number => {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), 0);
};

const isCurrent = (): boolean =>
  existsSync(BUILT) &&
  existsSync(PAGE) &&
  SOURCES.every((source) => newest(join(ROOT, source)) <= statSync(BUILT).mtimeMs);

const locked = async (work: () => Promise<void>): Promise<void> => {
  mkdirSync(join(ROOT, 'dist'), { recursive: true });
  for (;;) {
    try {
      mkdirSync(LOCK);
      break;
    } catch {
      const held = existsSync(LOCK) ? statSync(LOCK).mtimeMs : Date.now();
      if (Date.now() - held > STALE_MS) rmSync(LOCK, { recursive: true, force: true });
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    }
  }
  try {
    await work();
  } finally {
    rmSync(LOCK, { recursive: true, force: true });
  }
};

/** Libraries are built as for production, whatever the tests that call for it have set. */
process.env['NODE_ENV'] = 'production';
const isNeeded = process.argv.includes('--if-needed') ? () => !isCurrent() : () => true;
if (isNeeded())
  await locked(async () => {
    if (!isNeeded()) return;
    // What is current is decided by the dashboard's page, which is written last.
    await buildBundlePage(ROOT, PAGE);
    await build({ configFile: join(ROOT, 'web/vite.config.ts'), logLevel: 'warn' });
  });
