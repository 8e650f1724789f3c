/** Whatever is changed behind an engine's back is found when its ledger is verified, and named by its place. */
import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Finding } from '../../../src/audit/verify/finding.ts';
import { verifyStore } from '../../../src/audit/verify/verify-store.ts';
import { randomFrom } from '../../../src/demo/random.ts';
import { calendarOf } from '../../../src/domain/calendar.ts';
import { LedgerDamaged } from '../../../src/eventstore/event-store.ts';
import { openForReading } from '../../../src/ledger/open.ts';
import { runs } from '../../support/proof.ts';
import { sealedLedger } from '../../support/sealed.ts';
import { type EsdbDouble, openDouble } from '../double/esdb-double.ts';
import type { LogRecord } from '../double/transaction-log.ts';
import { engineStore, inLedger } from '../engines.ts';

type Change = (records: readonly LogRecord[]) => readonly LogRecord[];

describe('a ledger changed behind its engine’s back', () => {
  let double: EsdbDouble;
  let address: string;
  /** The ledger's own events, as its writer left them. */
  let own: readonly LogRecord[];
  beforeAll(async () => {
    double = await openDouble();
    address = inLedger(double.connectionString);
    const { given, sealer } = await sealedLedger(engineStore(address));
    await sealer.close();
    await given.ledger.close();
    own = double.events().filter(({ stream }) => !stream.startsWith('$'));
  });
  afterAll(() => double.stop());

  /** What verifying finds: findings, or that the ledger cannot be read. */
  const verified = async (): Promise<readonly Finding[] | string> => {
    const store = await openForReading(address);
    try {
      return (await verifyStore(store, calendarOf('Asia/Shanghai'), () => undefined)).findings;
    } catch (error) {
      if (error instanceof LedgerDamaged) return error.message;
      throw error;
    } finally {
      await store.close();
    }
  };

  /** Verifies the ledger as a change leaves it, and puts it back as it was. */
  const verifiedAfter = async (change: Change): Promise<readonly Finding[] | string> => {
    const before = [...double.events()];
    double.rewrite(change);
    try {
      return await verified();
    } finally {
      double.rewrite(() => before);
    }
  };

  /** Changes one event. */
  const changing =
    (event: LogRecord, changed: Partial<LogRecord>): Change =>
    (records) =>
      records.map((record) => (record === event ? { ...record, ...changed } : record));

  const nameOf = ({ stream }: LogRecord): string => stream.slice(stream.indexOf('.') + 1);
  const theFirst = (type: string): LogRecord => {
    const found = own.find((record) => record.type === type);
    if (!found) throw new Error(`no ${type}`);
    return found;
  };
  /** The place of a text of ASCII in what an event holds. */
  const placeOf = ({ data }: LogRecord, text: string): number => {
    const place = Buffer.from(data).indexOf(text);
    if (place < 0) throw new Error(`no ${text}`);
    return place;
  };
  const withByte = ({ data }: LogRecord, place: number, change: (byte: number) => number): Uint8Array => {
    const bytes = Uint8Array.from(data);
    bytes[place] = change(bytes[place] ?? 0);
    return bytes;
  };
  const places = (found: readonly Finding[] | string): readonly string[] =>
    typeof found === 'string'
      ? [found]
      : found.map(({ stream, revision, what }) => `${stream} ${revision}: ${what}`);

  test('an untouched one has no findings', async () => {
    expect(await verified()).toEqual([]);
  });

  test('an amount in the data, an instant in the header, a byte of the records', async () => {
    const deposit = theFirst('FundsDeposited');
    const amount = withByte(deposit, placeOf(deposit, '"90000') + 1, () => 0x38);
    expect(places(await verifiedAfter(changing(deposit, { data: amount })))[0]).toBe(
      `${nameOf(deposit)} ${deposit.revision}: hash`,
    );
    const instant = withByte(deposit, placeOf(deposit, '"recordedAt":"20') + 15, (byte) => byte + 1);
    expect(places(await verifiedAfter(changing(deposit, { data: instant })))[0]).toBe(
      `${nameOf(deposit)} ${deposit.revision}: hash`,
    );
    const metered = theFirst('CallsMetered');
    const records = withByte(metered, metered.data.length - 9, (byte) => byte ^ 1);
    expect(places(await verifiedAfter(changing(metered, { data: records })))[0]).toMatch(
      new RegExp(`^${nameOf(metered)} ${metered.revision}: (records|hash)`),
    );
  });

  test('two events that changed places', async () => {
    const metered = own.filter(({ type }) => type === 'CallsMetered');
    const [one, two] = metered;
    if (!one || !two) throw new Error('two events');
    const found = await verifiedAfter((records) =>
      records.map((record) => {
        if (record === one) return { ...record, id: two.id, data: two.data };
        return record === two ? { ...record, id: one.id, data: one.data } : record;
      }),
    );
    expect(places(found)[0]).toBe(`${nameOf(one)} ${one.revision}: hash`);
  });

  test('an event that was taken out, with a gap and without one', async () => {
    const metered = own.filter(({ type }) => type === 'CallsMetered')[2];
    if (!metered) throw new Error('an event');
    const { stream, revision } = metered;
    const taken: Change = (records) => records.filter((record) => record !== metered);
    expect(places(await verifiedAfter(taken))).toContain(`${nameOf(metered)} ${revision + 1}: revision`);
    const closed: Change = (records) =>
      taken(records).map((record) =>
        record.stream === stream && record.revision > revision
          ? { ...record, revision: record.revision - 1 }
          : record,
      );
    expect(places(await verifiedAfter(closed))[0]).toBe(`${nameOf(metered)} ${revision}: hash`);
  });

  test('the end of a stream that was cut off, and a whole stream, by the log of checkpoints', async () => {
    const stream = theFirst('FundsDeposited').stream;
    const last = own.findLast((record) => record.stream === stream);
    const cut = places(await verifiedAfter((records) => records.filter((record) => record !== last)));
    expect(cut).toContain(`account-acme ${last?.revision}: hash in the log of checkpoints`);
    const gone = places(
      await verifiedAfter((records) => records.filter((record) => record.stream !== stream)),
    );
    expect(gone).toContain(`account-acme ${last?.revision}: hash in the log of checkpoints`);
  });

  test('an event of somebody else in a stream, in an envelope of a ledger or in none', async () => {
    const stream = theFirst('FundsDeposited').stream;
    const length = double.events(stream).length;
    const foreign = await verifiedAfter((records) => {
      double.write(stream, 'Forged', { amount: '1' });
      return double.events().slice(0, records.length + 1);
    });
    expect(foreign).toBe(`event ${length} of account-acme was not written by a ledger`);
    const copied = await verifiedAfter((records) => {
      const { position, end } = double.write('other', 'Other', {});
      const place = { id: randomUUID(), revision: length, position, end };
      return [...records, { ...theFirst('FundsDeposited'), ...place }];
    });
    expect(places(copied)[0]).toBe(`account-acme ${length}: hash`);
  });

  test('any byte of any event', { timeout: 3_600_000 }, async () => {
    const random = randomFrom(17);
    const count = runs('tampered events of an engine', 20, 2_000);
    for (let i = 0; i < count; i++) {
      const event = random.pick([own[0] ?? theFirst('FundsDeposited'), ...own]);
      const place = random.between(0, event.data.length - 1);
      const data = withByte(event, place, (byte) => byte ^ (1 << random.between(0, 7)));
      const found = await verifiedAfter(changing(event, { data }));
      const [first] = places(found);
      const named = `${nameOf(event)} ${event.revision}:`;
      const unread = `event ${event.revision} of ${nameOf(event)} was not written by a ledger`;
      expect(first?.startsWith(named) || first === unread, `${named} byte ${place}: ${first}`).toBe(true);
    }
  });
});
