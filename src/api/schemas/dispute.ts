/** The representation of a dispute, with links. */
import * as z from 'zod';
import { accountId } from '../../input/commands.ts';
import type { Placed } from '../../ledger/account/result.ts';
import { type DisputeView, disputeKey, disputes } from '../../projections/disputes.ts';
import * as shape from './common.ts';

const placed = { at: shape.instant, revision: shape.count };
/** Who: the actor that the request named, or null. */
const by = z.string().nullable();
export const dispute = z
  .object({
    dispute: z.string(),
    account: accountId,
    month: shape.month,
    meter: z.string().nullable(),
    reason: z.string(),
    state: z.enum(['open', 'upheld', 'adjusted']),
    opened: z.object({ ...placed, by }),
    evidence: z.array(
      z.object({
        ...placed,
        replay: z.object({
          match: z.boolean(),
          issued: z.string(),
          replayed: z.string(),
          differences: shape.count,
        }),
        explanation: z.string().describe('SHA-256 of the canonical JSON of the explanation'),
        checkpoint: z.object({ size: shape.count, root: z.string() }).nullable(),
      }),
    ),
    resolved: z
      .object({
        ...placed,
        by,
        note: z.string(),
        credit: z.string().nullable(),
        corrections: z.array(z.object({ source: z.string(), id: z.string() })),
      })
      .nullable(),
    links: z.object({ bill: z.string(), replay: z.string(), explain: z.string(), bundle: z.string() }),
  })
  .meta({ id: 'Dispute' });

/** A dispute with its links. */
export const linked = (view: DisputeView) => ({ ...view, links: linksOf(view.account, view.month) });

const linksOf = (account: string, month: string) => {
  const bill = `/v1/accounts/${account}/bills/${month}`;
  return { bill, replay: `${bill}/replay`, explain: `${bill}/explain`, bundle: `${bill}/bundle` };
};

/** A dispute after the events of a dry run. */
export const asIf = (
  view: DisputeView | null,
  account: string,
  placed: readonly Placed[],
): DisputeView | null =>
  placed.reduce<DisputeView | null>((before, one) => afterFact(before, account, one), view);

const afterFact = (view: DisputeView | null, account: string, placed: Placed): DisputeView | null => {
  const values = new Map(view ? [[disputeKey(view.dispute), view]] : []);
  disputes.project({ account, position: '0', ...placed }, values);
  return values.values().next().value ?? null;
};

/** A dispute as it would be after one event more. */
export const projected = (view: DisputeView, placed: Placed): DisputeView =>
  afterFact(view, view.account, placed) ?? view;
