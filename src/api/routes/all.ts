/** All routes. */
import type { Route } from '../http/route.ts';
import { accountRoutes } from './accounts.ts';
import { allowanceRoutes } from './allowances.ts';
import { balanceRoutes } from './balances.ts';
import { billRoutes } from './bills.ts';
import { blockedRoutes } from './blocked-closes.ts';
import { bundleRoutes } from './bundles.ts';
import { catalogueRoutes } from './catalogue.ts';
import { asOfRoutes } from './changes.ts';
import { checkpointRoutes } from './checkpoints.ts';
import { clockRoutes } from './clock.ts';
import { contractPriceRoutes } from './contract-prices.ts';
import { deliveryRoutes } from './deliveries.ts';
import { disputeRoutes } from './disputes.ts';
import { entitlementRoutes } from './entitlements.ts';
import { streamRoutes } from './event-stream.ts';
import { watchRoutes } from './events.ts';
import { explainRoutes } from './explain.ts';
import { exportRoutes } from './exports.ts';
import { financeRoutes } from './finance.ts';
import { fundRoutes } from './funds.ts';
import { inboxRoutes } from './inbox.ts';
import { keyRoutes } from './keys.ts';
import { limitRoutes } from './limits.ts';
import { overviewRoutes } from './overview.ts';
import { packUseRoutes } from './pack-use.ts';
import { packRoutes } from './packs.ts';
import { quarantineRoutes } from './quarantine.ts';
import { refusedUsageRoutes } from './refused-usage.ts';
import { replayRoutes } from './replay.ts';
import { sessionRoutes } from './session.ts';
import { signingKeyRoutes } from './signing-keys.ts';
import { tierRoutes } from './tiers.ts';
import { usageRoutes } from './usage.ts';
import { reportRoutes } from './usage-reports.ts';
import { webhookRotationRoutes } from './webhook-rotation.ts';
import { webhookTestRoutes } from './webhook-test.ts';
import { webhookRoutes } from './webhooks.ts';

export const ROUTES: readonly Route[] = [
  ...accountRoutes,
  ...fundRoutes,
  ...balanceRoutes,
  ...limitRoutes,
  ...packRoutes,
  ...packUseRoutes,
  ...contractPriceRoutes,
  ...allowanceRoutes,
  ...reportRoutes,
  ...usageRoutes,
  ...entitlementRoutes,
  ...refusedUsageRoutes,
  ...billRoutes,
  ...tierRoutes,
  ...replayRoutes,
  ...blockedRoutes,
  ...explainRoutes,
  ...asOfRoutes,
  ...disputeRoutes,
  ...checkpointRoutes,
  ...signingKeyRoutes,
  ...bundleRoutes,
  ...exportRoutes,
  ...financeRoutes,
  ...watchRoutes,
  ...streamRoutes,
  ...catalogueRoutes,
  ...keyRoutes,
  ...sessionRoutes,
  ...webhookRoutes,
  ...webhookRotationRoutes,
  ...webhookTestRoutes,
  ...deliveryRoutes,
  ...clockRoutes,
  ...quarantineRoutes,
  ...inboxRoutes,
  ...overviewRoutes,
];
