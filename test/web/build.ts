/** Before the tests of the dashboard: it is built, if what is built is older than its sources. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('../../scripts/build-dashboard.ts', import.meta.url));

export const setup = (): void => {
  execFileSync(process.execPath, [SCRIPT, '--if-needed'], { stdio: 'inherit' });
};
