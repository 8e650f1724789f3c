/**
 * The log of refused usage: nothing that was reported is lost without trace, and the same refusal of the same content
 * is logged once (rules.md, section 10). One stream an account; reports of no known account share one.
 */
import type { Instant } from '../domain/calendar.ts';
import { canonicalJson } from '../domain/canonical.ts';
import type { UsageRefusal } from '../domain/refusals.ts';
import type { EventStore } from '../store/event-store.ts';
import { appendSide, type RefusedRecord, readSide } from './side-streams.ts';
import { sha256 } from './surroundings.ts';

export interface Refused {
  /** Null where the report names no account that exists. */
  readonly account: string | null;
  readonly code: UsageRefusal;
  readonly detail: string;
  /** The report as it came. */
  readonly report: unknown;
}

const PART = 500;

const streamOf = (account: string | null): string => (account === null ? 'refused' : `refused-${account}`);

/** Logs refusals; durable when it resolves. */
export const logRefused = async (
  store: EventStore,
  refused: readonly Refused[],
  at: Instant,
  recordedAt: string,
): Promise<void> => {
  const byStream = new Map<string, RefusedRecord[]>();
  for (const { account, code, detail, report } of refused) {
    const stream = streamOf(account);
    const record = JSON.parse(JSON.stringify(report ?? null)) as RefusedRecord['record'];
    const entry = { mark: sha256(`${code}\n${canonicalJson(record)}`), code, detail, record };
    byStream.set(stream, [...(byStream.get(stream) ?? []), entry]);
  }
  for (const [stream, records] of byStream) {
    await appendSide(store, stream, 'UsageRefused', at, recordedAt, (earlier) => {
      const known = new Set(
        earlier.flatMap((e) => (e.type === 'UsageRefused' ? e.data.records.map((r) => r.mark) : [])),
      );
      const fresh = records.filter(({ mark }) => !known.has(mark) && known.add(mark));
      const parts: { records: RefusedRecord[] }[] = [];
      for (let i = 0; i < fresh.length; i += PART) parts.push({ records: fresh.slice(i, i + PART) });
      return parts;
    });
  }
};

/** Refused usage of an account (null: of no known account), oldest first. */
export const readRefused = async (
  store: EventStore,
  account: string | null,
): Promise<(RefusedRecord & { at: string })[]> =>
  (await readSide(store, streamOf(account))).flatMap((event) =>
    event.type === 'UsageRefused' ? event.data.records.map((record) => ({ ...record, at: event.at })) : [],
  );
