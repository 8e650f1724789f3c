/** Usage in specifications of the decider: records reported together, and what became of each. */
import { expect } from 'vitest';
import type { Account } from '../../src/domain/account.ts';
import type { Calendar, Instant } from '../../src/domain/calendar.ts';
import type { Catalogue } from '../../src/domain/catalogue.ts';
import type { AccountEvent, CallsMetered, EventOf, Tally } from '../../src/domain/events.ts';
import { meterUsage } from '../../src/domain/meter-usage.ts';
import { withNotices } from '../../src/domain/notices.ts';
import type { UsageRefusal } from '../../src/domain/refusals.ts';
import type { RecordOutcome, UsageRecord } from '../../src/domain/usage.ts';
import { jan } from '../support/days.ts';

/** Five calls of vision's tags at noon of 10 January, unless it says otherwise. */
export const report = (id: string, more: Partial<UsageRecord> = {}): UsageRecord => ({
  source: '/gateway/1',
  id,
  interface: 'vision/tag',
  time: jan(10, '12:00'),
  calls: 5,
  submitted: null,
  ...more,
});

/** A refusal's detail says something, and after the field that it names too. */
export const SAID = /[^:\s]\s*$/;

/** What became of a batch. */
export interface Reported {
  /** One outcome a record, in their order. */
  thenEach(...outcomes: readonly RecordOutcome['outcome'][]): Reported;
  /** Who paid, by month and pool in the order in which each was met first; without a tally nobody was charged. */
  thenPaid(...tallies: readonly Tally[]): Reported;
  /** All records, each with this reason and the field that breaks the rule. */
  thenRefused(code: UsageRefusal, field: string): void;
  /** What else comes of it. */
  thenAlso(...facts: readonly AccountEvent[]): Reported;
  readonly outcomes: readonly RecordOutcome[];
  /** Null where no record was accepted. */
  readonly metered: EventOf<'CallsMetered'> | null;
}

export interface Reporting {
  readonly account: Account;
  readonly at: Instant;
  readonly records: readonly UsageRecord[];
  /** What was recorded before, by identity. */
  readonly held: readonly UsageRecord[];
  /** In a replay: what was recorded of them. */
  readonly again?: CallsMetered;
  readonly calendar: Calendar;
  readonly catalogue: Catalogue;
}

/** Meters a batch, as the ledger does: the records, then their notices. */
export const reported = ({ account, held, ...metering }: Reporting): Reported => {
  const seen = (one: UsageRecord) => held.find(({ source, id }) => source === one.source && id === one.id);
  const { event, outcomes } = meterUsage(account, { ...metering, seen });
  const also = event ? withNotices(account, [event], metering).slice(1) : [];
  const result: Reported = {
    outcomes,
    metered: event,
    thenEach: (...expected) => {
      expect(outcomes.map(({ outcome }) => outcome)).toEqual(expected);
      return result;
    },
    thenPaid: (...tallies) => {
      expect(event?.data.tallies).toStrictEqual(tallies);
      return result;
    },
    thenRefused: (code, field) => {
      expect(event).toBeNull();
      const refused = { outcome: 'refused', code, field, detail: expect.stringMatching(SAID) };
      expect(outcomes).toStrictEqual(metering.records.map(() => refused));
    },
    thenAlso: (...facts) => {
      expect(also).toStrictEqual(facts);
      return result;
    },
  };
  return result;
};
