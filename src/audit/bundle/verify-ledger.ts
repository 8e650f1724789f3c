/** Verifies the ledger in a bundle: the hash of its first event is its name, and that event has the billing zone. */
import type * as z from 'zod';
import { originOfHash } from '../../checkpoint/origin.ts';
import { decodeHeader } from '../../codec/event-codec.ts';
import { NO_PREVIOUS, payloadDigest, sealOf } from '../../integrity/hash-chain.ts';
import { systemEvents } from '../../ledger/system/events.ts';
import { checkShape } from './bundle-bounds.ts';
import type * as format from './format.ts';
import type { Report } from './verdict.ts';

const EVENT = { stream: 'ledger', revision: 0 };

/** Checks the ledger's name and zone in a bundle. */
export const verifyLedger = (
  { ledger, zone }: z.infer<typeof format.about>,
  { header, data }: z.infer<typeof format.ledger>,
  report: Report,
): void => {
  checkShape(header, data);
  const { type } = decodeHeader({ ...EVENT, header, data });
  if (type !== 'LedgerCreated') report('ledger', 'type', 'LedgerCreated', type, EVENT);
  const payload = payloadDigest(data, null);
  const origin = originOfHash(sealOf({ ...EVENT, previous: NO_PREVIOUS, header, payload }).hash);
  if (origin !== ledger) report('ledger', 'name of the ledger', origin, ledger, EVENT);
  const created = systemEvents.LedgerCreated.parse(JSON.parse(data));
  if (created.zone !== zone) report('ledger', 'zone', created.zone, zone, EVENT);
};
