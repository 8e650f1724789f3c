/** A projection is a pure function from events to JSON values by key. Its state is the view, its input the events. */
import type * as z from 'zod';
import type { Calendar, Instant } from '../domain/calendar.ts';
import type { AccountEvent } from '../domain/events.ts';
import type { PriceBook } from '../domain/price-book.ts';

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

/** An account's event with its revision and position. */
export interface AccountEventAt {
  readonly account: string;
  readonly revision: number;
  readonly position: string;
  readonly event: AccountEvent;
}

/** A report that was refused: why, and what it says of where it came from. */
export interface RefusedReport {
  readonly code: string;
  readonly detail: string;
  /** As the report names it, even if it is too long for a record; null if it names none. */
  readonly source: string | null;
}

/** What the views know of events that are of no account's life. */
export type SystemNews =
  | {
      readonly type: 'UsageRefused';
      /** Null: no existing one was named. */
      readonly account: string | null;
      /** The key that reported; null: an import. */
      readonly key: string | null;
      readonly reports: readonly RefusedReport[];
    }
  | {
      /** Refused, and only counted. */
      readonly type: 'UsageNotKept';
      readonly account: string | null;
      readonly key: string;
      readonly counts: readonly { readonly code: string; readonly reports: number }[];
    }
  | {
      readonly type: 'DeliveriesSettled';
      readonly deliveries: readonly {
        readonly delivery: string;
        readonly outcome: 'delivered' | 'dead';
        readonly attempts: number;
        readonly error: string | null;
      }[];
    }
  | { readonly type: 'DeliveryResent'; readonly delivery: string }
  /**
   * What an account's holder is called; null: erased. It names a person: what a projection keeps of it must go with the
   * next one.
   */
  | { readonly type: 'HolderNamed'; readonly account: string; readonly name: string | null }
  | { readonly type: 'PriceBookPublished'; readonly digest: string; readonly book: PriceBook };

export interface SystemEventAt {
  readonly position: string;
  readonly at: Instant;
  readonly news: SystemNews;
}

/** An event as projections get it. */
export type ViewedEvent = AccountEventAt | SystemEventAt;

export const isOfAccount = (event: ViewedEvent): event is AccountEventAt => 'account' in event;

/** The values of one projection, by key. */
export interface Values<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
  delete(key: string): void;
}

export interface Projection<Value> {
  readonly name: string;
  /** Raise it when the stored values change; the projection is then rebuilt from scratch. */
  readonly version: number;
  /** Schema of its values. */
  readonly schema: z.ZodType<Value>;
  /** `calendar` is in the ledger's billing zone. */
  readonly project: (event: AccountEventAt, values: Values<Value>, calendar: Calendar) => void;
  /** For events of no account; absent: they change nothing. */
  readonly projectNews?: (event: SystemEventAt, values: Values<Value>, calendar: Calendar) => void;
}
