/**
 * The schema of each stored event of an account. A missing schema, or one that differs from the domain's type, does not
 * compile.
 */
import * as z from 'zod';
import type { EventData, EventType } from '../domain/events.ts';
import {
  contractOfDiscount,
  contractOfLadder,
  storedAccount,
  storedCounted,
  storedLimits,
  suspensionReason,
} from './stored-account.ts';
import { count, disputeOutcome, money, month, storedBill } from './stored-bill.ts';

const text = z.string();
const instant = z.iso.datetime({ message: 'an instant is RFC 3339 in UTC' });
const tally = z.object({ month, measure: text.exactOptional(), ...storedCounted });
const quantities = z.record(text, count);
const texts = z.record(text, text);
/** Of accounts with limits. */
const rated = { catalogue: count.exactOptional() };

export const storedEvents = {
  AccountOpened: z.object({ account: text, rules: count.exactOptional() }),
  ServiceActivated: z.object({
    product: text,
    postPaid: z.literal('off').exactOptional(),
    catalogue: count.exactOptional(),
  }),
  PackGranted: z.object({
    product: text,
    edition: text,
    pool: text,
    size: count,
    pack: text,
    expiresAt: instant,
  }),
  PostPaidSwitched: z.object({ product: text, postPaid: z.enum(['on', 'off']) }),
  FundsDeposited: z.object({ amount: money, reference: text }),
  PackPurchased: z.object({
    catalogue: count,
    product: text,
    edition: text,
    pool: text,
    size: count,
    price: money,
    packs: z.array(text),
    expiresAt: instant,
  }),
  ContractPriceAgreed: z.union([contractOfLadder.extend(rated), contractOfDiscount.extend(rated)]),
  LimitsSet: z.object({ catalogue: count, ...storedLimits }),
  CallsMetered: z.object({
    sources: z.array(text),
    interfaces: z.array(text),
    packs: z.array(text),
    base: instant,
    records: count,
    usage: z.array(
      z.object({
        interface: text,
        measure: text.exactOptional(),
        class: text.exactOptional(),
        day: text,
        records: count,
        calls: count,
        free: count,
        packs: count,
        postPaid: count,
        waived: count.exactOptional(),
      }),
    ),
    tallies: z.array(tally),
    tagged: z
      .array(
        z.object({
          month,
          name: text,
          value: text,
          interface: text,
          records: count,
          calls: count,
          quantities: quantities.exactOptional(),
        }),
      )
      .exactOptional(),
    uncharged: z.array(z.object({ month, calls: count })).exactOptional(),
    ...rated,
  }),
  UsageCorrected: z.object({
    source: text,
    id: text,
    interface: text,
    time: instant,
    day: text,
    from: count,
    to: count,
    quantities: z.object({ from: quantities, to: quantities }).exactOptional(),
    attributes: texts.exactOptional(),
    tags: texts.exactOptional(),
    reason: text,
    tallies: z.array(tally),
    ...rated,
  }),
  PackExpired: z.object({ pack: text, forfeited: count }),
  PackVoided: z.object({ pack: text, voided: count, reference: text }),
  PackReturned: z.object({ pack: text, pool: text, size: count, price: money }),
  CreditGranted: z.object({ amount: money, reference: text, reason: text, pack: text.nullable() }),
  MonthClosed: z.object({ bill: storedBill, catalogue: count, carried: storedAccount }),
  FundsUnfrozen: z.object({ amount: money }),
  BillSettled: z.object({ month, amount: money }),
  FundsFrozen: z.object({ month, amount: money }),
  FreezeFailed: z.object({ month, amount: money, available: money, suspends: z.boolean() }),
  ArrearsFell: z.object({ suspendsAt: instant }),
  AccountSuspended: z.object({ reason: suspensionReason, note: text }),
  SuspensionLifted: z.object({ reason: suspensionReason }),
  DisputeOpened: z.object({
    dispute: text,
    month,
    meter: text.nullable(),
    reason: text,
    by: text.nullable(),
  }),
  EvidenceAttached: z.object({
    dispute: text,
    replay: z.object({ match: z.boolean(), issued: text, replayed: text, differences: count }),
    explanation: text,
    checkpoint: z.object({ size: count, root: text }).nullable(),
  }),
  DisputeResolved: z.object({
    dispute: text,
    outcome: disputeOutcome,
    note: text,
    by: text.nullable(),
    credit: text.nullable(),
    corrections: z.array(z.object({ source: text, id: text })),
  }),
  NothingChanged: z.object({}),
  NoticesRaised: z.object({
    notices: z.array(
      z.object({
        id: text,
        kind: z.enum([
          'pack_low',
          'pack_exhausted',
          'pack_expiring',
          'bill_issued',
          'freeze_failed',
          'suspended',
          'resumed',
          'price_not_agreed',
          'spend_reached',
          'balance_low',
        ]),
        channels: z.array(text),
        about: z.record(text, z.union([text, count])),
      }),
    ),
    scheduled: z.array(z.object({ pool: text, dueAt: instant })),
  }),
} satisfies { [Type in EventType]: z.ZodType<EventData[Type]> };
