/** Every route there is. */
import type { Route } from '../route.ts';
import { accountRoutes } from './accounts.ts';
import { billRoutes } from './bills.ts';
import { catalogueRoutes } from './catalogue.ts';
import { clockRoutes } from './clock.ts';
import { entitlementRoutes } from './entitlements.ts';
import { fundRoutes } from './funds.ts';
import { keyRoutes } from './keys.ts';
import { usageRoutes } from './usage.ts';
import { watchRoutes } from './watch.ts';
import { webhookRoutes } from './webhooks.ts';

export const ROUTES: readonly Route[] = [
  ...accountRoutes,
  ...fundRoutes,
  ...usageRoutes,
  ...entitlementRoutes,
  ...billRoutes,
  ...watchRoutes,
  ...catalogueRoutes,
  ...keyRoutes,
  ...webhookRoutes,
  ...clockRoutes,
];
