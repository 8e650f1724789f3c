/**
 * Consistency of a month's events with each other, beyond the account's state: a record is metered once, a correction
 * starts from the reported count, a reference counts once, the catalogue only grows. Events before the month are not
 * available and not checked.
 */
import type { Recorded } from '../../codec/event-codec.ts';
import { instantOf } from '../../domain/calendar.ts';
import type { AccountEvent } from '../../domain/events.ts';
import type { Money } from '../../domain/money.ts';
import { openIdentitySet, randomSeed, textHash } from './identity-set.ts';

export interface Contradiction {
  readonly path: string;
  readonly recorded: unknown;
  readonly replayed: unknown;
}

export interface MonthSoFar {
  /** Adds the next event and returns its contradictions. */
  add(event: AccountEvent, records: readonly Recorded[] | null): Contradiction[];
  /** Amount already paid in under a reference in this month; null if none. */
  earlier(kind: 'deposit' | 'credit', reference: string): Money | null;
}

/** Starts a month; `published` is the number of editions at the previous close. */
export const monthSoFar = (published: number): MonthSoFar => {
  const records = openIdentitySet();
  const paid = new Map<string, Money>();
  let editions = published;

  const metered = (all: readonly Recorded[]): Contradiction[] =>
    all.flatMap(({ record: { source, id, interface: name, time, calls } }, i) =>
      records.add(source, id, whatOf(name, time), calls)
        ? []
        : [
            {
              path: `records.${i}`,
              recorded: `${source} ${id}`,
              replayed: 'a record that was metered before',
            },
          ],
    );

  const corrected = (data: Extract<AccountEvent, { type: 'UsageCorrected' }>['data']): Contradiction[] => {
    const { source, id, from, to } = data;
    const held = records.get(source, id);
    if (!held) return [];
    records.correct(source, id, to);
    const found: Contradiction[] = [];
    if (held.calls !== from) found.push({ path: 'data.from', recorded: from, replayed: held.calls });
    if (held.what !== whatOf(data.interface, instantOf(data.time)))
      found.push({
        path: 'data.interface',
        recorded: `${data.interface} ${data.time}`,
        replayed: 'as it was reported',
      });
    return found;
  };

  return {
    earlier: (kind, reference) => paid.get(`${kind} ${reference}`) ?? null,
    add: (event, reports) => {
      switch (event.type) {
        case 'CallsMetered':
          return metered(reports ?? []);
        case 'UsageCorrected':
          return corrected(event.data);
        case 'FundsDeposited':
          paid.set(`deposit ${event.data.reference}`, event.data.amount);
          return [];
        case 'CreditGranted':
          paid.set(`credit ${event.data.reference}`, event.data.amount);
          return [];
        case 'ServiceActivated':
        case 'PackPurchased': {
          const { catalogue = editions } = event.data;
          const found = { path: 'data.catalogue', recorded: catalogue, replayed: `at least ${editions}` };
          const isLess = catalogue < editions;
          editions = Math.max(editions, catalogue);
          return isLess ? [found] : [];
        }
        default:
          return [];
      }
    },
  };
};

const SEED = randomSeed();
const whatOf = (name: string, time: number): number => textHash(`${time} ${name}`, SEED);
