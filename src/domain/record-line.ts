/**
 * A recorded report as one line of JSON: `[source, id, interface, time, calls, free, pack, calls, pack, calls, …]`.
 * Source, interface and packs are indexes into the event's dictionaries, time counts milliseconds from its base, calls
 * is `[submitted, recognised]` for interfaces that count recognised images. Trailing zeros are left out: a line that
 * ends after its calls was post-paid or not charged. A line is a leaf of the event's Merkle tree.
 */

import type { PackRun } from './account.ts';
import type { CallsMetered } from './events.ts';
import type { Payment, UsageRecord } from './usage.ts';

export type RecordLine = readonly [
  source: number,
  id: string,
  iface: number,
  time: number,
  calls: number | readonly [submitted: number, recognised: number],
  ...payment: number[],
];

/** The line of a record, relative to the event's dictionaries and base. */
export const lineOf = (
  record: UsageRecord,
  source: number,
  iface: number,
  base: number,
  payment: Payment,
  packIndex: (pack: string) => number,
): string => {
  const calls = record.submitted === null ? record.calls : `[${record.submitted},${record.calls}]`;
  const head = `[${source},${JSON.stringify(record.id)},${iface},${record.time - base},${calls}`;
  if (payment.runs.length === 0) return payment.free === 0 ? `${head}]` : `${head},${payment.free}]`;
  let tail = `,${payment.free}`;
  for (const [pack, count] of payment.runs) tail += `,${packIndex(pack)},${count}`;
  return `${head}${tail}]`;
};

/** The report in a line of an event. */
export const recordOf = (data: CallsMetered, base: number, line: RecordLine): UsageRecord => {
  const [source, id, iface, time, calls] = line;
  return {
    source: entry(data.sources, source),
    id,
    interface: entry(data.interfaces, iface),
    time: base + time,
    calls: typeof calls === 'number' ? calls : calls[1],
    submitted: typeof calls === 'number' ? null : calls[0],
  };
};

/** The payment in a line of an event. */
export const paymentOf = (data: CallsMetered, line: RecordLine): Payment => {
  const runs: PackRun[] = [];
  for (let i = 6; i + 1 < line.length; i += 2) {
    runs.push([entry(data.packs, line[i] as number), line[i + 1] as number]);
  }
  return { free: (line[5] as number | undefined) ?? 0, runs };
};

const entry = (dictionary: readonly string[], index: number): string => {
  const value = dictionary[index];
  if (value === undefined)
    throw new RangeError(`a record names entry ${index} of a dictionary of ${dictionary.length}`);
  return value;
};
