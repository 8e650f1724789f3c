/** Explains a refused record to its reporter: the field that breaks a rule, and the rule in a sentence. */
import { type Account, activatedAt } from './account.ts';
import { isRecordTooLarge, RECORD_CALLS_MAX, SUM_MAX } from './bounds.ts';
import type { Calendar, Instant } from './calendar.ts';
import type { EditionBroken } from './catalogue.ts';
import { isMeasured } from './charging.ts';
import type { Charge } from './payers.ts';
import type { MeasuredInterface } from './price-book.ts';
import { quantityProblem } from './quantities.ts';
import type { JudgedRefusal } from './refusals.ts';
import type { RecordOutcome, UsageRecord } from './usage.ts';

export interface Judged {
  readonly account: Account;
  readonly record: UsageRecord;
  /** Undefined where the edition in force does not have the interface. */
  readonly charge: Charge | undefined;
  readonly at: Instant;
  /** Instants are written in the billing zone. */
  readonly calendar: Calendar;
  /** For an unknown interface: the end of the sentence that names the nearest known one, or nothing. */
  readonly asked?: string;
}

type Refused = Extract<RecordOutcome, { outcome: 'refused' }>;

/** The refusal of a record, with field and rule. */
export const refusedRecord = (code: JudgedRefusal, judged: Judged): Refused => ({
  outcome: 'refused',
  code,
  ...reasonOf(code, judged),
});

/** The refusal of a record of an unknown account. */
export const NO_ACCOUNT: Refused = {
  outcome: 'refused',
  code: 'account_unknown',
  field: 'subject',
  detail: 'there is no such account',
};

/**
 * The refusal of a record whose price book cannot be used; it can be reported again after the book is corrected.
 */
export const bookRefused = (error: EditionBroken): Refused => ({
  outcome: 'refused',
  code: 'price_book_unreadable',
  field: 'data.interface',
  detail: error.message,
});

const reasonOf = (
  code: JudgedRefusal,
  { account, record, charge, at, calendar, asked = '' }: Judged,
): { readonly field: string; readonly detail: string } => {
  const timeText = (instant: Instant): string =>
    Math.abs(instant) <= TIME_MAX ? calendar.textOf(instant) : String(instant);
  switch (code) {
    case 'interface_unknown':
      return {
        field: 'data.interface',
        detail: `no price book in force at ${timeText(record.time)} has this interface${asked}`,
      };
    case 'account_unknown':
      return { field: NO_ACCOUNT.field, detail: NO_ACCOUNT.detail };
    case 'not_activated': {
      const product = charge?.book.product ?? 'the product';
      const since = activatedAt(account, product);
      const until =
        since === undefined ? 'is not activated' : `was activated at ${timeText(since)}, after this`;
      return { field: 'time', detail: `${product} ${until}` };
    }
    case 'quantity_too_large':
      return isRecordTooLarge(record)
        ? { field: countField(record), detail: `must be at most ${RECORD_CALLS_MAX}` }
        : {
            field: countField(record),
            detail: record.quantities
              ? `the month's units, or the points of a pool, would exceed ${SUM_MAX}`
              : `the month's calls would exceed ${SUM_MAX}`,
          };
    case 'in_the_future':
      return {
        field: 'time',
        detail: `lies more than 5 minutes after ${timeText(at)}, when it was reported`,
      };
    case 'suspended': {
      const suspension = account.suspensions.find(
        ({ since, until }) => since <= record.time && (until === null || record.time < until),
      );
      const since = suspension ? ` since ${timeText(suspension.since)} (${suspension.reason})` : '';
      return { field: 'time', detail: `the account was suspended then${since}` };
    }
    case 'invalid_record':
      return invalidCounts(record, charge);
  }
};

const invalidCounts = (record: UsageRecord, charge: Charge | undefined) => {
  const of = charge?.charging.interface;
  if (of && isMeasured(of)) return invalidQuantities(record, of);
  const { submitted, quantities, attributes } = record;
  if (quantities)
    return { field: 'data.quantities', detail: 'this interface has no measures: calls, not quantities' };
  const countsRecognised = of?.counts === 'recognised';
  if (countsRecognised && submitted === null)
    return {
      field: 'data.calls',
      detail: 'this interface counts recognised images: submitted and recognised',
    };
  if (!countsRecognised && submitted !== null)
    return { field: 'data.submitted', detail: 'this interface counts calls: calls alone' };
  if (attributes) return { field: 'data.attributes', detail: 'this interface has no classes to choose from' };
  return countsRecognised
    ? { field: 'data.recognised', detail: 'must be an integer from 0 to submitted' }
    : { field: 'data.calls', detail: 'must be a positive integer' };
};

const invalidQuantities = (record: UsageRecord, of: MeasuredInterface) => {
  const measures = of.measures.map(({ id }) => id).join(', ');
  if (!record.quantities)
    return {
      field: record.submitted === null ? 'data.calls' : 'data.submitted',
      detail: `this interface has measures: quantities (${measures}), not calls`,
    };
  const problem = quantityProblem(of, record);
  const name = problem?.name ? `.${problem.name}` : '';
  return { field: `data.quantities${name}`, detail: problem?.detail ?? 'is not valid' };
};

const countField = ({ submitted, quantities }: UsageRecord): string => {
  if (!quantities) return submitted === null ? 'data.calls' : 'data.submitted';
  const [name] = Object.entries(quantities).find(([, count]) => count > RECORD_CALLS_MAX) ?? [];
  return name === undefined ? 'data.quantities' : `data.quantities.${name}`;
};

/** The range of ECMAScript dates; instants beyond are written as numbers. */
const TIME_MAX = 8.63e15;
