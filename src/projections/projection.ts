/** A projection is a pure function from events to JSON values by key. Its state is the view, its input the events. */
import type * as z from 'zod';
import type { Calendar } from '../domain/calendar.ts';
import type { AccountEvent } from '../domain/events.ts';

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
}
