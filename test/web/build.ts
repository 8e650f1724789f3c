/** Before the tests of the dashboard: it is built, if what is built is older than its sources. */
import { buildDashboard } from '../../scripts/build-dashboard.ts';

export const setup = (): Promise<void> => buildDashboard(true);
