/** Schemas of explanations: of a bill, its records, and a suspension. */
import * as z from 'zod';
import * as shape from './common.ts';

const link = z.string().describe('a path of this server');
const revisions = z.array(shape.count).describe('revisions of events of the stream');
const decimal = z.string().describe('yuan, exact');
const paid = {
  free: shape.count,
  packs: shape.count,
  postPaid: shape.count,
  waived: shape.count.optional(),
};

const editionUsed = z.object({
  product: z.string(),
  edition: z.string(),
  effectiveFrom: z.string(),
  digest: z.string(),
});

const tier = z.object({
  ladder: shape.ladder,
  quantity: shape.count,
  formed: z.string(),
  price: z.union([
    z.object({ of: z.literal('list') }),
    z.object({
      of: z.literal('contract'),
      from: shape.month,
      until: shape.month.nullable(),
      event: shape.count.nullable(),
      discount: z.string().exactOptional().describe('the factor of the list’s prices that was agreed'),
    }),
  ]),
  edition: editionUsed,
  freeUntil: shape.month.nullable(),
  voucher: z.object({ calls: shape.count, amount: shape.money }).nullable(),
  reached: z.string(),
  because: z.array(z.string()),
});

const held = z.object({
  pack: z.string(),
  pool: z.string(),
  size: shape.count,
  edition: z.string(),
  purchasedAt: shape.instant,
  expiresAt: shape.instant,
  left: shape.count,
  paid: shape.count,
  place: shape.count.nullable(),
  reason: z.enum([
    'paid',
    'other_pool',
    'bought_after',
    'expired_before',
    'void',
    'returned',
    'used_up_before',
    'not_needed',
    'not_in_its_time',
    'too_little_left',
  ]),
  why: z.string(),
  events: revisions,
});

const pool = z.object({ pool: z.string().nullable(), ...paid });
const day = z.object({
  day: z.string(),
  pool: z.string().nullable(),
  interface: z.string(),
  measure: z.string().optional(),
  records: shape.count,
  calls: shape.count,
  ...paid,
  events: revisions,
  links: z.object({ records: link }),
});

const line = z.object({
  product: z.string(),
  meter: z.string(),
  formula: z.string(),
  amount: shape.money.nullable(),
  quantities: z.object({ metered: shape.count, ...paid }),
  why: z.string(),
  tier,
  packs: z.array(z.object({ pack: z.string(), calls: shape.count })),
  held: z.array(held),
  heldMore: z
    .int()
    .optional()
    .describe('packs that did not pay and are not listed, where there are more than a thousand'),
  pools: z.array(pool),
  days: z.array(day),
  events: revisions,
  links: z.object({ records: link, payers: link, priceBook: link, packs: link }),
});

const sum = z.object({ amount: shape.money.nullable(), formula: z.string(), events: revisions });
const frozen = z.object({
  product: z.string(),
  amount: shape.money,
  basis: z.string(),
  policy: z.object({
    rate: z.string(),
    of: z.enum(['list', 'bill']),
    onFailure: z.enum(['suspend', 'notify']),
  }),
  meters: z.array(z.object({ meter: z.string(), cost: decimal })),
});
const totals = z.object({
  due: sum,
  packs: sum,
  total: sum,
  unfrozen: sum,
  frozen: sum.extend({ outcome: z.enum(['frozen', 'failed', 'nothing']), byProduct: z.array(frozen) }),
});

const billed = z.object({ calls: shape.count, amount: shape.money });
const correction = z.object({
  month: shape.month,
  product: z.string(),
  meter: z.string(),
  calls: shape.count,
  amount: shape.money,
  reason: z.string(),
  billed,
  now: billed,
  facts: z.array(
    z.object({
      event: shape.count,
      what: z.enum(['late_usage', 'correction', 'contract']),
      calls: shape.count,
      says: z.string(),
    }),
  ),
  editions: z.object({ before: z.string(), now: z.string() }).nullable(),
  why: z.array(z.string()),
});

/** A bill explained. */
export const explanation = z
  .object({
    account: z.string(),
    month: shape.month,
    due: shape.money.nullable(),
    total: shape.money.nullable(),
    totals,
    lines: z.array(line),
    corrections: z.array(correction),
    priceBooks: z.array(
      z.object({
        product: z.string(),
        edition: z.string(),
        digest: z.string(),
        links: z.object({ self: link }),
      }),
    ),
    stream: z.string(),
    events: z.object({ from: shape.count, to: shape.count, usage: shape.count, closed: shape.count }),
    links: z.object({
      bill: link,
      replay: link,
      records: link,
      payers: link,
      packs: link,
      event: link.describe('the records of an event: put its revision for {event}'),
      fact: link.describe('an event itself: put its revision for {event}'),
    }),
  })
  .meta({ id: 'Explanation' });

const balance = z.object({ total: shape.money, frozen: shape.money, available: shape.money });
const step = z.object({
  event: shape.count,
  type: z.string(),
  at: shape.instant,
  says: z.string(),
  before: balance,
  after: balance,
  actor: z.string().optional(),
  reason: z.string().optional(),
});
const suspension = z.object({
  reason: z.enum(['arrears', 'freeze_failed', 'prohibited']),
  since: shape.instant,
  until: shape.instant.nullable(),
  why: z.string(),
  lifts: z
    .object({
      by: z.enum(['payment', 'operator']),
      amount: shape.money.nullable().describe('at least; null: not known'),
    })
    .nullable()
    .describe('what would lift it then; null for one that had ended'),
  led: z.array(step),
  ended: z.array(step),
});

/** An account's standing at an instant, with the reasons. */
export const standing = z
  .object({
    account: z.string(),
    at: shape.instant,
    suspended: z.boolean(),
    balance,
    suspensions: z.array(suspension),
    last: suspension.nullable(),
    because: z.array(z.string()),
    links: z.object({ account: link, fact: link }),
  })
  .meta({ id: 'Standing' });
