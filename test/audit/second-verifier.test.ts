/**
 * The second verifier (examples/verify-bundle.mjs, written from docs/audit-bundle.md alone) against the project's: the
 * same verdict on every bundle and on tampered ones. Where a forger signs everything again with a key of their own, the
 * second, which knows no rules of who pays, finds nothing that the first does not. (Headers of editions that are there by
 * `payload` alone are left as they are: only the second looks at them.)
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { writeBundle } from '../../src/audit/bundle/write.ts';
import { openCheckpointSigner } from '../../src/checkpoint/checkpoint-queue.ts';
import { parseVerifierKey } from '../../src/checkpoint/note.ts';
import { issuedBill } from '../../src/ledger/queries/bills.ts';
import { temporaryFolder } from '../support/folder.ts';
import { ACCOUNT, givenLedger } from '../support/given.ts';
import { runs } from '../support/proof.ts';
import { SERVER_KEY, verified } from '../support/sealed.ts';
import { alteredLine, joined, linesOf, second, signedAgain } from './signed-again.ts';

let file = '';
beforeEach(() => {
  file = join(temporaryFolder(), 'bundle');
});
const both = async (bundle: string | Uint8Array, keys: readonly string[] = []) => {
  writeFileSync(file, bundle);
  const mine = await second.verify(file, keys);
  const held = keys.flatMap((text) => parseVerifierKey(text) ?? []);
  const theirs = await verified(bundle, held);
  return { mine, theirs, isTheirs: theirs.ok && theirs.isKeyHeld !== false };
};

/** Three months of an account with packs, vouchers, a contract, freezes, late usage and corrections. */
const livedLedger = async (random: number) => {
  const given = await givenLedger(['face-recognition', 'ocr', 'image-analysis']);
  const { store } = given.ledger;
  const now = () => Date.UTC(2026, 0, 1);
  const sealer = openCheckpointSigner({ store, path: ':memory:', serverKey: SERVER_KEY, now, file: null });
  const month = async (name: string, next: string, calls: number) => {
    const at = `${name}-05T08:00:00+08:00`;
    await given.meters(at, 'face-recognition/search', calls + random);
    await given.meters(at, 'face-recognition/search', calls, { id: `${name}-known` });
    await given.meters(at, 'face-recognition/detect', 2 * calls);
    await given.meters(at, 'ocr/id-card', calls);
    await given.meters(at, 'ocr/general-print-api-2017', 500, { submitted: 600 });
    await given.meters(at, 'image-analysis/content-moderation', 77);
    await given.meters(`${next}-01T01:00:00+08:00`, 'face-recognition/search', 90);
    await given.closes(name, `${next}-01T04:00:00+08:00`);
  };
  const has = (at: string, name: Parameters<typeof given.has>[1], body: object) => given.has(at, name, body);
  await has('2019-01-02T00:00:00+08:00', 'deposit', { amount: '90000', reference: 'wire 1' });
  await has('2019-01-03T00:00:00+08:00', 'buy-packs', { pool: 'face-recognition/compare', size: 1_000_000 });
  await month('2019-01', '2019-02', 11_000);
  const late = { time: '2019-01-20T08:00:00+08:00' };
  await given.meters('2019-02-03T08:00:00+08:00', 'face-recognition/search', 300, late);
  await given.meters('2019-02-03T08:00:00+08:00', 'ocr/id-card', 300, late);
  const tiers = [{ above: 0, upTo: null, unitPrice: '0.00025' }];
  const ladder = { mode: 'volume', tierBy: 'post_paid', bounds: 'upper', per: 1, tiers };
  const price = { meter: 'face-recognition/detect', from: '2019-02', until: '2019-03', ladder };
  await has('2019-02-04T00:00:00+08:00', 'agree-price', price);
  await month('2019-02', '2019-03', 12_000);
  const counted = { source: '/gateway/1', record: '2019-02-known', calls: 5, reason: 'counted twice' };
  await has('2019-03-02T00:00:00+08:00', 'correct-usage', counted);
  await has('2019-03-03T00:00:00+08:00', 'credit', { amount: '5', reference: 'c', reason: 'a gift' });
  await month('2019-03', '2019-04', 9_000);
  await sealer.sign();
  const bundles: string[] = [];
  for (const name of ['2019-01', '2019-02', '2019-03']) {
    const issued = await issuedBill(store, ACCOUNT, name);
    if (!issued) throw new Error(`no bill of ${name}`);
    let text = '';
    const of = { store, tree: sealer.tree, serverKey: SERVER_KEY, zone: 'Asia/Shanghai' };
    for await (const piece of writeBundle(of, issued, { withHolder: name === '2019-02' })) text += piece;
    bundles.push(text);
  }
  return { bundles, key: sealer.tree.last()?.key ?? '' };
};

let here: Awaited<ReturnType<typeof livedLedger>>;
let other: Awaited<ReturnType<typeof livedLedger>>;
beforeAll(async () => {
  here = await livedLedger(0);
  other = await livedLedger(1);
});

const KINDS = ['bit', 'drop', 'swap', 'double', 'field', 'field', 'cut', 'part', 'bill', 'again'] as const;
const tampering = fc.record({
  kind: fc.constantFrom(...KINDS),
  month: fc.nat(2),
  from: fc.nat(2),
  a: fc.nat(),
  b: fc.nat(),
  how: fc.nat(7),
  part: fc.constantFrom('about', 'bill', 'edition', 'event', 'keys', 'checkpoint', 'manifest'),
  isOther: fc.boolean(),
});
type Tampering = typeof tampering extends fc.Arbitrary<infer T> ? T : never;

const tampered = ({ kind, month, from, a, b, how, part, isOther }: Tampering): string | Uint8Array => {
  const text = here.bundles[month] ?? '';
  const lines = linesOf(text);
  const [i, j] = [a % lines.length, b % lines.length];
  const [first = '', last = ''] = [lines[i], lines[j]];
  if (kind === 'bit') {
    const bytes = new TextEncoder().encode(text);
    bytes[a % bytes.length] = (bytes[a % bytes.length] ?? 0) ^ (1 << how);
    return bytes;
  }
  if (kind === 'cut') return new TextEncoder().encode(text).slice(0, -1 - (a % text.length));
  if (kind === 'drop') return joined(lines.toSpliced(i, 1 + (how % 3)));
  if (kind === 'swap') return joined(lines.with(i, last).with(j, first));
  if (kind === 'double') return joined(lines.toSpliced(j, 0, first));
  if (kind === 'field') return joined(lines.with(i, alteredLine(first, b, how)));
  if (kind === 'again') return joined(lines.with(i, JSON.stringify(JSON.parse(first), null, how % 2)));
  const of = (line: string) => line.includes(`"part":"${part}"`);
  if (kind === 'bill') {
    const amount = (line: string) => (of(line) ? line.replace(/"(due|amount|total)":"\d/, '"$1":"7') : line);
    return joined(lines.map(part === 'event' ? amount : (line) => line.replace('"due":"', '"due":"9')));
  }
  const source = linesOf((isOther ? other : here).bundles[from] ?? '');
  return joined(lines.filter((line) => !of(line)).toSpliced(lines.findIndex(of), 0, ...source.filter(of)));
};

describe('the second verifier', () => {
  test('verifies what the project writes, and knows whose key it is', async () => {
    for (const bundle of here.bundles) {
      const { mine, theirs } = await both(bundle, [here.key]);
      expect([mine.failures, theirs.findings]).toEqual([[], []]);
      const stranger = await both(bundle, [other.key]);
      expect([stranger.mine.verified, stranger.isTheirs]).toEqual([
        here.key === other.key,
        here.key === other.key,
      ]);
      const again = await both(signedAgain(linesOf(bundle)));
      expect([again.mine.failures, again.theirs.findings]).toEqual([[], []]);
    }
  });

  test('and the project’s give the same verdict of tampered bundles', async () => {
    const numRuns = runs('tampered bundles, two verifiers', 25, 1_000);
    await fc.assert(
      fc.asyncProperty(tampering, async (what) => {
        const bundle = tampered(what);
        const { mine, isTheirs } = await both(bundle, [here.key]);
        const isSame = Buffer.from(bundle).equals(Buffer.from(here.bundles[what.month] ?? ''));
        expect([mine.verified, isTheirs], mine.failures.join('\n')).toEqual([isSame, isSame]);
      }),
      { numRuns, seed: 2019 },
    );
  }, 3_600_000);

  test('finds nothing in forgeries signed again that the project’s does not', async () => {
    const numRuns = runs('bundles forged and signed again, two verifiers', 25, 1_000);
    const places = fc.record({
      month: fc.nat(2),
      a: fc.nat(),
      b: fc.nat(),
      how: fc.nat(7),
      isLast: fc.boolean(),
    });
    let found = 0;
    await fc.assert(
      fc.asyncProperty(places, async ({ month, a, b, how, isLast }) => {
        const lines = linesOf(here.bundles[month] ?? '');
        const open = lines.flatMap((line, at) =>
          /^{"data".*"part":"(edition|event)"|"part":"bill"|^\[/.test(line) ? [at] : [],
        );
        const bill = lines.findIndex((line) => line.includes('"part":"bill"'));
        const at = isLast ? bill : (open[a % open.length] ?? 0);
        let forged = '';
        try {
          forged = signedAgain(lines.with(at, alteredLine(lines[at] ?? '', b, how)));
        } catch {
          fc.pre(false); // nothing that a forger could sign
        }
        const { mine, theirs } = await both(forged);
        if (!mine.verified) found += 1;
        if (theirs.ok) expect(mine.failures).toEqual([]);
      }),
      { numRuns, seed: 2020 },
    );
    expect(found).toBeGreaterThan(numRuns / 3);
  }, 3_600_000);
});
