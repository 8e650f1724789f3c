/** The identity-index entries of new events: their records, command keys and references. */
import type { AccountEvent } from '../../domain/events.ts';
import type { RecordIdentity, UsageRecord } from '../../domain/usage.ts';
import { type Fingerprint, fingerprint, probe } from '../../identity-index/fingerprint.ts';
import type { IndexEntry } from '../../identity-index/port.ts';

/** A new event, and what its entries are made of. */
export interface Noted {
  readonly event: AccountEvent;
  readonly commandKey?: string;
  /** The records of a CallsMetered event, in the order of its lines. */
  readonly records?: readonly UsageRecord[];
}

/** The result of a lookup, by probe: a fingerprint that another identity has taken is skipped. */
export interface Probed {
  readonly records: readonly RecordIdentity[];
  readonly prints: readonly Fingerprint[];
}

/** The key under which the last correction of a record is entered. */
export const correctedKey = (source: string, id: string): string => JSON.stringify([source, id]);

/** The entries of events from a revision on; `found`: the probes found for their records. */
export const entriesOf = (
  from: number,
  events: readonly Noted[],
  found: Probed | undefined,
): IndexEntry[] => {
  const entries: IndexEntry[] = [];
  const batch = distinctPrints();
  const printOf = printsOf(found);
  for (const [i, { event, commandKey, records }] of events.entries()) {
    const revision = from + i;
    if (commandKey !== undefined)
      entries.push({ key: { kind: 'command', text: commandKey }, revision, ordinal: 0 });
    for (const [ordinal, record] of (records ?? []).entries()) {
      const print = batch(printOf(record));
      entries.push({ key: { kind: 'record', print }, revision, ordinal });
    }
    const key = textKeyOf(event);
    if (key) entries.push({ key, revision, ordinal: 0 });
  }
  return entries;
};

/** The probes of records that are in the order of the lookup, with some omitted. */
const printsOf = (found: Probed | undefined) => {
  let at = 0;
  return (record: UsageRecord): Fingerprint => {
    const { records = [], prints = [] } = found ?? {};
    while (at < records.length && records[at] !== record) at += 1;
    return prints[at++] ?? fingerprint(record.source, record.id);
  };
};

/** Two new identities of a batch may share a fingerprint: the later one gets the next probe. */
const distinctPrints = () => {
  const high = new Set<number>();
  const used: Fingerprint[] = [];
  return (first: Fingerprint): Fingerprint => {
    let print = first;
    const taken = () => high.has(print.hi) && used.some(({ hi, lo }) => hi === print.hi && lo === print.lo);
    for (let n = 1; taken(); n++) print = probe(first, n);
    high.add(print.hi);
    used.push(print);
    return print;
  };
};

const textKeyOf = (event: AccountEvent): IndexEntry['key'] | null => {
  switch (event.type) {
    case 'FundsDeposited':
      return { kind: 'deposit', text: event.data.reference };
    case 'CreditGranted':
      return { kind: 'credit', text: event.data.reference };
    case 'UsageCorrected':
      return { kind: 'corrected', text: correctedKey(event.data.source, event.data.id) };
    default:
      return null;
  }
};
