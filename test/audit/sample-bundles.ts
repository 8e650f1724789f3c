/** A bundle of a small ledger, and what others would make of it. */
import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { writeBundle } from '../../src/audit/bundle/write.ts';
import { openCheckpointSigner } from '../../src/checkpoint/checkpoint-queue.ts';
import { signingKeys } from '../../src/checkpoint/signing-keys.ts';
import { randomFrom } from '../../src/demo/random.ts';
import { issuedBill } from '../../src/ledger/queries/bills.ts';
import { ACCOUNT, givenLedger } from '../support/given.ts';

export interface Sample {
  readonly bytes: Buffer;
  /** The verifier key that signed it. */
  readonly key: string;
}

/** The bundle of February, with a deposit, packs and so many records; January is the month before it. */
export const sampleBundle = async (records: number): Promise<Sample> => {
  const given = await givenLedger(['face-recognition']);
  const { store } = given.ledger;
  await given.has('2019-01-02T00:00:00+08:00', 'deposit', { amount: '50000', reference: '电汇-1' });
  await given.closes('2019-01', '2019-02-01T04:00:00+08:00');
  await given.has('2019-02-03T00:00:00+08:00', 'buy-packs', {
    pool: 'face-recognition/compare',
    size: 1_000_000,
    quantity: 1,
  });
  const received = Date.parse('2019-02-06T00:00:00Z');
  for (let at = 0; at < records; at += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, records - at) }, (_, k) => ({
      source: '/gateway/1',
      id: `record-${at + k}`,
      interface: `face-recognition/${k % 3 === 0 ? 'search' : 'compare'}`,
      time: Date.parse('2019-02-05T00:00:00Z') + k * 60_000,
      calls: 1 + (k % 40),
      submitted: null,
    }));
    await given.ledger.meter(ACCOUNT, batch, received);
  }
  await given.closes('2019-02', '2019-03-01T04:00:00+08:00');
  const serverKey = randomBytes(32);
  const sealer = openCheckpointSigner({ store, path: ':memory:', serverKey, now: Date.now, file: null });
  await sealer.sign();
  const issued = await issuedBill(store, ACCOUNT, '2019-02');
  if (!issued) throw new Error('there is no bill');
  const of = { store, tree: sealer.tree, serverKey, zone: 'Asia/Shanghai' };
  const pieces: string[] = [];
  for await (const piece of writeBundle(of, issued)) pieces.push(piece);
  const [signing] = await signingKeys(store);
  await sealer.close();
  await given.ledger.close();
  return { bytes: Buffer.from(pieces.join('')), key: signing?.key ?? '' };
};

const BATCH = 50;

/** Bundles that are not what was signed, by what was done to them; `flips` of them have a random bit flipped. */
export const tampered = ({ bytes }: Sample, flips: number): ReadonlyMap<string, Buffer> => {
  const lines = bytes.toString().slice(0, -1).split('\n');
  const at = (part: string): number => lines.findIndex((line) => line.includes(part));
  const edited = (edit: (copy: string[]) => unknown): Buffer => {
    const copy = [...lines];
    edit(copy);
    return Buffer.from(`${copy.join('\n')}\n`);
  };
  const changed = (part: string, what: string, by: string): Buffer =>
    edited((copy) => {
      const line = copy[at(part)] ?? '';
      if (!line.includes(what)) throw new Error(`${what} is not in ${line}`);
      copy[at(part)] = line.replace(what, by);
    });
  const record = at('"record-0"');
  const [one = '', two = ''] = lines.slice(record);
  const made = new Map([
    ['another amount due', changed('"part":"bill"', '"due":"0.00"', '"due":"1.00"')],
    ['more calls', changed('"record-1"', '2,2]', '2,9]')],
    ['another time signed', changed('"part":"checkpoint"', '\\ntime 2', '\\ntime 3')],
    ['another signature', changed('"part":"manifest"', '"sig":"', '"sig":"AAAA')],
    ['a record gone', edited((copy) => copy.splice(record, 1))],
    ['a record twice', edited((copy) => copy.splice(record, 0, one))],
    ['records swapped', edited((copy) => copy.splice(record, 2, two, one))],
    ['no manifest', edited((copy) => copy.pop())],
    ['another line behind it', edited((copy) => copy.push('{"part":"about"}'))],
    ['cut', bytes.subarray(0, -10)],
    ['no UTF-8', Buffer.concat([bytes.subarray(0, 100), Buffer.of(0xff), bytes.subarray(101)])],
    ['a byte order mark', Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), bytes])],
    ['nothing', Buffer.alloc(0)],
  ]);
  const random = randomFrom(17);
  for (let i = 0; i < flips; i++) {
    const copy = Buffer.from(bytes);
    const place = random.between(0, copy.length - 1);
    copy[place] = (copy[place] ?? 0) ^ (1 << random.between(0, 7));
    made.set(`byte ${place} flipped, ${i}`, copy);
  }
  return made;
};
