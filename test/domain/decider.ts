/**
 * Specifications of the decider: `given` what happened, `when` something is asked, `then` what comes of it. Pure: facts are
 * folded and decided in place, with no ledger, store, codec or clock beside them.
 */
import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import type { Account } from '../../src/domain/account.ts';
import { calendarOf, type Instant } from '../../src/domain/calendar.ts';
import type { Catalogue, Edition } from '../../src/domain/catalogue.ts';
import type { DecisionContext } from '../../src/domain/context.ts';
import { type AccountCommand, decide } from '../../src/domain/decide.ts';
import type { Decision, FollowUp } from '../../src/domain/decision.ts';
import type { AccountEvent, CallsMetered } from '../../src/domain/events.ts';
import { fold } from '../../src/domain/evolve.ts';
import type { PriceBook } from '../../src/domain/price-book.ts';
import type { Refusal, RefusalCode } from '../../src/domain/refusals.ts';
import type { UsageRecord } from '../../src/domain/usage.ts';
import { catalogueOf, speech, vision } from './books.ts';
import { type Reported, reported, SAID } from './reporting.ts';

export const CALENDAR = calendarOf('Asia/Shanghai');
export const BOTH_BOOKS = catalogueOf(vision, speech);

/** More than happens by itself in any specification. */
const MANY = 1_000;

/** What a decision came to. Each `then` says all of it. */
export interface Outcome {
  /** Exactly these facts, in this order. */
  then(...facts: readonly AccountEvent[]): void;
  /** Facts of which this much is said, in this order, and no others. */
  thenLike(...facts: readonly object[]): void;
  /** It was so already, or nothing is due. */
  thenNothing(): void;
  /** `followUp`: the command that the refusal asks for. */
  thenRefused(code: RefusalCode, members?: Refusal['members'], followUp?: FollowUp): void;
  /** The facts, for what must be worked out from them. */
  facts(): readonly AccountEvent[];
}

export interface Situation {
  /** The same under other price books, in the order of publishing. */
  under(...books: readonly (PriceBook | Edition)[]): Situation;
  /** `again`: as a replay decides a fact again, without today's bounds. */
  when(command: AccountCommand, at: Instant, how?: { readonly again: boolean }): Outcome;
  /** All that happens by itself until an instant. */
  whenTimePasses(until: Instant): Outcome;
  /** Records reported together; `held` are those recorded before, `again` the event that a replay decides again. */
  whenReported(
    records: readonly UsageRecord[],
    at: Instant,
    how?: { readonly held?: readonly UsageRecord[]; readonly again?: CallsMetered },
  ): Reported;
}

/** An account to which this happened, under the books `vision` and `speech`. */
export const given = (...facts: readonly AccountEvent[]): Situation => situation(facts, BOTH_BOOKS);

const situation = (facts: readonly AccountEvent[], catalogue: Catalogue): Situation => {
  const account = () => immutable(fold(null, facts));
  const context = (at: Instant, again: boolean): DecisionContext => ({
    at,
    calendar: CALENDAR,
    catalogue,
    head: { stream: 'account-acme', from: 0, to: facts.length, head: 'hash of the last fact' },
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    ...(again ? { again } : {}),
  });
  return {
    under: (...books) => situation(facts, catalogueOf(...books)),
    when: (command, at, { again } = { again: false }) =>
      outcomeOf(decide(account(), command, context(at, again))),
    whenReported: (records, at, { held = [], again } = {}) => {
      const opened = account();
      if (!opened) throw new Error('usage is reported of an account that is open');
      return reported({
        ...{ account: opened, at, records, held, calendar: CALENDAR, catalogue },
        ...(again ? { again } : {}),
      });
    },
    whenTimePasses: (until) => {
      const happened: AccountEvent[] = [];
      for (let one = passed(account()); one.length > 0; one = passed(fold(account(), happened))) {
        happened.push(...one);
        if (happened.length > MANY) throw new Error('the same falls due again and again');
      }
      return outcomeOf({ outcome: 'accepted', events: happened });

      function passed(from: Account | null): readonly AccountEvent[] {
        const decision = decide(from, { name: 'pass-time' }, context(until, false));
        return decision.outcome === 'accepted' ? decision.events : [];
      }
    },
  };
};

const outcomeOf = (decision: Decision<AccountEvent>): Outcome => ({
  // biome-ignore lint/suspicious/noThenProperty: it reads as a sentence; a promise that met it would fail its test.
  then: (...facts) => expect(decision).toStrictEqual({ outcome: 'accepted', events: facts }),
  thenLike: (...facts) => expect(decision).toMatchObject({ outcome: 'accepted', events: facts }),
  thenNothing: () => expect(decision).toStrictEqual({ outcome: 'accepted', events: [] }),
  thenRefused: (code, members = {}, followUp) =>
    expect(decision).toStrictEqual({
      outcome: 'refused',
      refusal: { code, detail: expect.stringMatching(SAID), members },
      ...(followUp ? { followUp } : {}),
    }),
  facts: () => {
    if (decision.outcome === 'refused')
      throw new Error(`${decision.refusal.code}: ${decision.refusal.detail}`);
    return decision.events;
  },
});

/** To decide changes nothing: what tries to is stopped. */
const immutable = <Value>(value: Value): Value => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) immutable(part);
  return Object.freeze(value);
};
