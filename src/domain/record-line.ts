/**
 * A recorded report as one line of JSON: `[source, id, interface, time, calls, free, pack, calls, pack, calls, …]`.
 * Source, interface and packs are indexes into the event's dictionaries, time counts milliseconds from its base, calls
 * is `[submitted, recognised]` for interfaces that count recognised images. Trailing zeros are left out: a line that
 * ends after its calls was post-paid or not charged. A line is a leaf of the event's Merkle tree.
 *
 * What more a record says stands in an object in the place of its calls: `n` the calls, `q` quantities as
 * `[measure, quantity, …]` in the order of the book, `a` attributes, `t` tags, `w` 1 where the rest was waived. With `q`
 * one list `[free, pack, units, …]` for each quantity follows, in which `[units, weight]` stands for units that took
 * several points each.
 */

import type { PackRun } from './account.ts';
import type { CallsMetered } from './events.ts';
import type { Payment, RecordPayment, Texts, UsageRecord } from './usage.ts';

export type Calls = number | readonly [submitted: number, recognised: number];

export interface LineDetail {
  readonly n?: Calls;
  readonly q?: readonly (string | number)[];
  readonly a?: Texts;
  readonly t?: Texts;
  readonly w?: 1;
}

/** Units, and the points that each took where it was not one. */
export type Weighed = number | readonly [units: number, weight: number];

export type RecordLine = readonly [
  source: number,
  id: string,
  iface: number,
  time: number,
  calls: Calls | LineDetail,
  ...payment: (number | readonly Weighed[])[],
];

/** The places of a line: indexes into the event's dictionaries. */
export interface LinePlace {
  readonly source: number;
  readonly iface: number;
  readonly base: number;
  readonly packIndex: (pack: string) => number;
}

/** The line of a record, relative to the event's dictionaries and base. */
export const lineOf = (record: UsageRecord, payment: RecordPayment, place: LinePlace): string => {
  const { source, iface, base, packIndex } = place;
  const { quantities, attributes, tags } = record;
  const head = `[${source},${JSON.stringify(record.id)},${iface},${record.time - base},`;
  const calls: Calls = record.submitted === null ? record.calls : [record.submitted, record.calls];
  if (!quantities && !attributes && !tags && !payment.waived)
    return `${head}${JSON.stringify(calls)}${flat(payment.parts[0], packIndex)}]`;
  const more = {
    ...(attributes ? { a: attributes } : {}),
    ...(tags ? { t: tags } : {}),
    ...(payment.waived ? { w: 1 } : {}),
  };
  if (!quantities)
    return `${head}${JSON.stringify({ n: calls, ...more })}${flat(payment.parts[0], packIndex)}]`;
  const q = payment.parts.flatMap(({ measure }) => (measure === null ? [] : [measure, quantities[measure]]));
  const lists = payment.parts.map((part) => JSON.stringify(listed(part, packIndex)));
  return `${head}${[JSON.stringify({ q, ...more }), ...lists].join(',')}]`;
};

const flat = (payment: Payment | undefined, packIndex: (pack: string) => number): string => {
  if (!payment) return '';
  if (payment.runs.length === 0) return payment.free === 0 ? '' : `,${payment.free}`;
  let tail = `,${payment.free}`;
  for (const [pack, count] of payment.runs) tail += `,${packIndex(pack)},${count}`;
  return tail;
};

const listed = (
  { free, weight, runs }: RecordPayment['parts'][number],
  packIndex: (pack: string) => number,
): readonly Weighed[] => {
  if (free === 0 && runs.length === 0) return [];
  return [
    weight === 1 || free === 0 ? free : [free, weight],
    ...runs.flatMap(([pack, units, heavy]): Weighed[] => [
      packIndex(pack),
      heavy === undefined ? units : [units, heavy],
    ]),
  ];
};

/** The report in a line of an event. */
export const recordOf = (data: CallsMetered, base: number, line: RecordLine): UsageRecord => {
  const [source, id, iface, time, what] = line;
  const head = {
    source: entry(data.sources, source),
    id,
    interface: entry(data.interfaces, iface),
    time: base + time,
  };
  if (typeof what === 'number') return { ...head, calls: what, submitted: null };
  if (isPair(what)) return { ...head, calls: what[1], submitted: what[0] };
  const { n = 0, q, a, t } = what;
  const more = { ...(a ? { attributes: a } : {}), ...(t ? { tags: t } : {}) };
  if (!q) {
    const [submitted, calls] = typeof n === 'number' ? [null, n] : n;
    return { ...head, calls, submitted, ...more };
  }
  const quantities = Object.fromEntries(pairs(q).map(([measure, quantity]) => [measure, Number(quantity)]));
  const calls = Object.values(quantities).reduce((sum, quantity) => sum + quantity, 0);
  return { ...head, calls, submitted: null, quantities, ...more };
};

/** The payment in a line of an event. */
export const paymentOf = (data: CallsMetered, line: RecordLine): RecordPayment => {
  const [, , , , what, ...rest] = line;
  const detail: LineDetail = typeof what === 'number' || isPair(what) ? {} : what;
  const waived = detail.w === 1;
  if (!detail.q) return { parts: [partOf(data, null, rest as readonly number[])], waived };
  return {
    parts: pairs(detail.q).map(([measure], i) =>
      partOf(data, String(measure), (rest[i] ?? []) as readonly Weighed[]),
    ),
    waived,
  };
};

const partOf = (
  data: CallsMetered,
  measure: string | null,
  [free = 0, ...paid]: readonly Weighed[],
): RecordPayment['parts'][number] => {
  const [units, weight] = typeof free === 'number' ? [free, 1] : free;
  const runs = pairs(paid).map(([pack, n]): PackRun => {
    const id = entry(data.packs, Number(pack));
    return typeof n === 'number' ? [id, n] : [id, ...(n as readonly [number, number])];
  });
  return { measure, weight, free: units, runs };
};

const isPair = (what: Calls | LineDetail): what is readonly [number, number] => Array.isArray(what);

/** Consecutive pairs of a list; a last one without a partner is left out. */
const pairs = <Item>(list: readonly Item[]): [Item, Item][] => {
  const all: [Item, Item][] = [];
  for (let i = 0; i + 1 < list.length; i += 2) all.push([list[i] as Item, list[i + 1] as Item]);
  return all;
};

const entry = (dictionary: readonly string[], index: number): string => {
  const value = dictionary[index];
  if (value === undefined)
    throw new RangeError(`a record names entry ${index} of a dictionary of ${dictionary.length}`);
  return value;
};
