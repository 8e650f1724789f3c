/** Where the built dashboard is: beside the server's own files in a package, in `dist` in a checkout. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const DASHBOARD_FOLDER = ((): string => {
  const beside = fileURLToPath(new URL('../web', import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL('../../dist/web', import.meta.url));
})();
