/**
 * Corrects the count of a recorded report (rules.md, section 10). Up: the difference is metered as if reported now with
 * the record's own time. Down: post-paid units are reduced first, then those paid by packs (last used first), then free
 * ones, whichever record they belonged to. Of several quantities each is corrected by itself, first those that shrink;
 * where the corrected ones fall into another class, the whole record is taken back and metered again.
 */
import { type Account, groupKey, isPostPaidOff } from './account.ts';
import { tallied } from './apply-usage.ts';
import { hasPointRoom, monthCalls, type Parted, RECORD_CALLS_MAX, SUM_MAX, tooLarge } from './bounds.ts';
import { instantText } from './calendar.ts';
import { isMeasured, type Part, unitsOf } from './charging.ts';
import type { DecisionContext } from './context.ts';
import { accept, type Decision, refuse } from './decision.ts';
import { type AccountEvent, event, type Tally } from './events.ts';
import { type Charge, Payers, placeOf } from './payers.ts';
import { quantityProblem, withMeasures } from './quantities.ts';
import { shrunk } from './shrink.ts';
import type { UsageRecord } from './usage.ts';

/** The counts of a record: calls, or quantities by measure (then `calls` is their sum). */
export type Counts = Pick<UsageRecord, 'calls' | 'quantities'>;

export interface Correction {
  readonly body: {
    readonly source: string;
    /** The record's id. */
    readonly record: string;
    /** The count that should have been reported. */
    readonly calls?: number | null | undefined;
    /** The quantities that should have been reported; a measure that is not named is 0. */
    readonly quantities?: Readonly<Record<string, number>> | null | undefined;
    readonly reason: string;
  };
  /** The record as first reported, and its current counts; null if it does not exist. */
  readonly held: { readonly reported: UsageRecord; readonly now: Counts } | null;
}

export const correctUsage = (
  account: Account,
  { body, held }: Correction,
  context: DecisionContext,
): Decision<AccountEvent> => {
  const { at, calendar, again } = context;
  const { source, record: id, reason } = body;
  if (!held) return refuse('record_unknown', `no record ${id} of ${source} is held`, { source, id });
  const { reported } = held;
  const payers = new Payers(account, context);
  const day = calendar.dayOf(reported.time);
  const charge = payers.charge(reported.interface, day.slice(0, 7));
  if (!charge) throw new Error(`a record of ${reported.interface} is held that no edition knows`);
  const corrected = correctedRecord(charge, reported, body);
  if ('outcome' in corrected) return corrected;
  const current = { ...reported, ...held.now };
  const parts = charge.charging.classes[0]?.parts ?? [];
  if (parts.every(({ measure }) => unitsOf(current, measure) === unitsOf(corrected, measure)))
    return accept();
  const [before, after] = [current, corrected].map((record) => ({
    record,
    parts: payers.classOf(charge, record).parts,
  })) as [Parted, Parted];
  const outOfBounds = again ? null : boundsRefusal(account, charge, before, after);
  if (outOfBounds) return outOfBounds;
  const { attributes, tags } = reported;
  return accept(
    event('UsageCorrected', at, {
      source,
      id,
      interface: reported.interface,
      time: instantText(reported.time),
      day,
      from: current.calls,
      to: corrected.calls,
      ...(isMeasured(charge.charging.interface)
        ? { quantities: { from: current.quantities ?? {}, to: corrected.quantities ?? {} } }
        : {}),
      ...(attributes ? { attributes } : {}),
      ...(tags ? { tags } : {}),
      reason,
      tallies: new Correcting(account, context, charge, day).tallies(current, corrected),
      ...(account.limits ? { catalogue: context.catalogue.published.length } : {}),
    }),
  );
};

/** The record with the counts that should have been reported, or the refusal of a request that cannot mean it. */
const correctedRecord = ({ charging }: Charge, reported: UsageRecord, body: Correction['body']) => {
  const [calls, quantities] = [body.calls ?? undefined, body.quantities ?? undefined];
  const wrong = (field: string, detail: string) =>
    refuse('invalid_request', `${field}: ${detail}`, { field });
  const of = charging.interface;
  if (isMeasured(of)) {
    if (quantities === undefined || calls !== undefined)
      return wrong('quantities', `${of.id} has measures: quantities alone, not calls`);
    const named = Object.keys(quantities).length === 0 ? null : quantityProblem(of, { quantities });
    if (named && named.name !== '') return wrong(`quantities.${named.name}`, named.detail);
    return withMeasures(of, { ...reported, quantities });
  }
  if (calls === undefined || quantities !== undefined)
    return wrong('calls', `${of.id} has no measures: calls alone`);
  if (reported.submitted !== null && calls > reported.submitted)
    return wrong('calls', `at most the ${reported.submitted} submitted`);
  return { ...reported, calls };
};

const boundsRefusal = (account: Account, charge: Charge, before: Parted, after: Parted) => {
  const { month } = charge;
  const [current, corrected] = [before.record, after.record];
  const { quantities } = corrected;
  for (const [field, count] of quantities
    ? Object.entries(quantities).map(([name, count]) => [`quantities.${name}`, count] as const)
    : [['calls', corrected.calls] as const])
    if (count > RECORD_CALLS_MAX)
      return tooLarge(field, `a record has at most ${RECORD_CALLS_MAX}`, RECORD_CALLS_MAX);
  const most = SUM_MAX - monthCalls(account, month) + current.calls;
  const all = quantities ? 'quantities' : 'calls';
  if (corrected.calls > most)
    return tooLarge(all, `the calls of ${month} would be more than ${SUM_MAX}`, most);
  return hasPointRoom(account, charge, before, after)
    ? null
    : tooLarge(all, `the points of a pool in ${month} would be more than ${SUM_MAX}`, SUM_MAX);
};

/** The steps of one correction, each of which sees those before it. */
class Correcting {
  #account: Account;
  readonly #context: DecisionContext;
  readonly #charge: Charge;
  readonly #day: string;
  readonly #done: Tally[] = [];

  constructor(account: Account, context: DecisionContext, charge: Charge, day: string) {
    this.#account = account;
    this.#context = context;
    this.#charge = charge;
    this.#day = day;
  }

  /** What changes, in the order in which it is applied. */
  tallies(current: UsageRecord, corrected: UsageRecord): readonly Tally[] {
    const payers = new Payers(this.#account, this.#context);
    const [before, after] = [current, corrected].map((one) => payers.classOf(this.#charge, one));
    if (!before || !after) throw new Error('a record has a class');
    if (before !== after) {
      for (const part of before.parts) this.#lower(part, current, unitsOf(current, part.measure));
      const returned = returnedPoints(this.#done);
      this.#raise(
        corrected,
        after.parts.map((part) => [part, unitsOf(corrected, part.measure)]),
        returned,
      );
      return this.#done;
    }
    const changes = after.parts.map((part): [Part, number] => [
      part,
      unitsOf(corrected, part.measure) - unitsOf(current, part.measure),
    ]);
    for (const [part, more] of changes) if (more < 0) this.#lower(part, current, -more);
    const raised = changes.filter(([, more]) => more > 0);
    if (raised.length > 0) this.#raise(corrected, raised);
    return this.#done;
  }

  #apply({ measure }: Part, tallies: readonly Tally[]): void {
    this.#account = tallied(this.#account, tallies, '');
    this.#done.push(...(measure === null ? tallies : tallies.map((tally) => ({ ...tally, measure }))));
  }

  /** `returned`: points by pack that were given back before; what is used of them is taken off. */
  #raise(record: UsageRecord, units: readonly [Part, number][], returned?: Map<string, number>): void {
    for (const [part, more] of units) {
      const payers = new Payers(this.#account, this.#context, returned);
      payers.take({ charge: this.#charge, part, record, day: this.#day }, more);
      this.#apply(part, payers.tallies());
    }
  }

  #lower(part: Part, record: UsageRecord, units: number): void {
    const { meter, weight } = part;
    if (meter === null || units === 0) return;
    const { month, book } = this.#charge;
    const place = placeOf({ charge: this.#charge, part, day: this.#day }, meter);
    const group = this.#account.months[month]?.groups[groupKey(place)];
    if (!group) throw new Error(`no calls of ${meter} in ${month} to take back`);
    const waivedFirst = isPostPaidOff(this.#account, book.product, record.time);
    this.#apply(part, [shrunk({ month, place, group, units, weight, waivedFirst })]);
  }
}

/** Points that went back to each pack. */
const returnedPoints = (tallies: readonly Tally[]): Map<string, number> => {
  const points = new Map<string, number>();
  for (const { runs } of tallies)
    for (const [pack, units, weight = 1] of runs) points.set(pack, (points.get(pack) ?? 0) - units * weight);
  return points;
};
