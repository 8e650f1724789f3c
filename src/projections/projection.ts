/** What a projection is: a pure reading of events into JSON values by key. State is the view, input is the event. */
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

/** An event of an account with its place. */
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
}

export interface Projection<Value> {
  readonly name: string;
  /** Raise it when what is kept changes: the projection is rebuilt from nothing. */
  readonly version: number;
  /** Of every value that it sets. */
  readonly schema: z.ZodType<Value>;
  /** `calendar` is the ledger's: in which billing month an instant lies. */
  readonly project: (fact: AccountEventAt, values: Values<Value>, calendar: Calendar) => void;
}
