// biome-ignore-all lint/suspicious/noAssignInExpressions: a forgery is one assignment, said in one line.
/**
 * Bundles forged by someone with a key of their own, everything hashed and signed again: each kind is found by the one
 * check that is there for it. Taking a check away lets its forgery through.
 */
import { expect, test } from 'vitest';
import { canonicalJson } from '../../src/domain/canonical.ts';
import { sha256 } from '../../src/integrity/sha256.ts';
import { digested, type Forgery, resigned } from '../support/forged.ts';
import { sealedLedger, verified } from '../support/sealed.ts';

// biome-ignore lint/suspicious/noExplicitAny: a forger does not ask for types.
type Any = any;
const onData =
  (type: string, change: (data: Any) => void): NonNullable<Forgery['event']> =>
  (line) => {
    if (!line.header.includes(`"type":"${type}"`)) return;
    const data = JSON.parse(line.data);
    change(data);
    line.data = JSON.stringify(data);
  };
const onPart =
  (part: string, change: (line: Any) => void): NonNullable<Forgery['line']> =>
  (line) => {
    if (line.part === part) change(line);
  };
let seen = 0;

/** What is forged in the bundle of February, and what finds it: the finding's `what`. */
const FORGERIES: Readonly<Record<string, readonly [Forgery, string | RegExp]>> = {
  'the bill beside its close': [
    { line: onPart('bill', (line) => (line.bill = digested({ ...line.bill, total: '1.00' }))) },
    'bill of the close: total',
  ],
  'the digest of the bill': [
    { line: onPart('bill', (line) => (line.bill = { ...line.bill, digest: '0'.repeat(64) })) },
    'digest',
  ],
  'the account of the bill': [
    { line: onPart('bill', (line) => (line.bill = digested({ ...line.bill, account: 'other' }))) },
    'account and month',
  ],
  'a member more in the bill': [
    { line: onPart('bill', (line) => (line.bill = digested({ ...line.bill, surcharge: '9.00' }))) },
    /^line \d+$/,
  ],
  'a price in a book, with its digest': [
    {
      line: onPart('edition', (line) => {
        const data = JSON.parse(line.data);
        if (data.book.product !== 'face-recognition') return;
        data.book.meters[0].ladder.tiers[0].unitPrice = '0.0001';
        line.data = JSON.stringify({ ...data, digest: sha256(canonicalJson(data.book)) });
      }),
    },
    'hash',
  ],
  'a record once more, under the same identity': [
    {
      event: (line, records) => {
        if (!records || line.revision < 12) return;
        records.push(records[0] ?? '');
        line.records = records.length;
      },
    },
    /^replay: records\.\d+$/,
  ],
  'what a corrected record was before': [
    { event: onData('UsageCorrected', (data) => (data.from = 5_000_000)) },
    /^replay: data/,
  ],
  'the account of the close before': [
    {
      event: onData(
        'MonthClosed',
        (data) => data.bill.month === '2019-01' && (data.bill = digested({ ...data.bill, account: 'x' })),
      ),
    },
    'account of the close before',
  ],
  'the month of the close before': [
    {
      event: onData(
        'MonthClosed',
        (data) => data.bill.month === '2019-01' && (data.bill = digested({ ...data.bill, month: '2018-05' })),
      ),
    },
    'month after the close before',
  ],
  'the digest of the bill before': [
    { event: onData('MonthClosed', (data) => data.bill.month === '2019-01' && (data.bill.total = '1.00')) },
    'digest of the bill before',
  ],
  'a member more in an event': [
    { event: onData('UsageCorrected', (data) => (data.note = 'pay more')) },
    'data',
  ],
  'a member more in a header': [
    {
      event: (line) =>
        (line.header = line.header.replace('{"type":"UsageCorrected"', '{"x":1,"type":"UsageCorrected"')),
    },
    'header',
  ],
  'when an event was recorded': [
    { event: (line) => (line.header = line.header.replace(/"recordedAt":"[^"]+"/, '"recordedAt":"never"')) },
    'recordedAt',
  ],
  'how many books were published': [{ line: onPart('about', (line) => (line.catalogue = 4)) }, 'catalogue'],
  'where the events end': [{ line: onPart('about', (line) => (line.to += 1)) }, 'last event'],
  'whose stream it is': [{ line: onPart('about', (line) => (line.account = 'other')) }, 'stream'],
  'what it claims to prove': [
    { line: onPart('about', (line) => (line.proves = ['everything'])) },
    /^line \d+$/,
  ],
  'the head of a leaf': [{ leaves: ([leaf]) => (leaf.head = '1'.repeat(64)) }, 'head of the stream'],
  'the revision of a leaf': [{ leaves: ([leaf]) => (leaf.revision += 1) }, 'revision of the leaf'],
  'the stream of a leaf': [{ leaves: ([, leaf]) => (leaf.stream = 'other') }, 'leaf'],
  'the path of a leaf': [
    {
      line: onPart('checkpoint', () => undefined),
      manifest: () => undefined,
      note: (note) => note.replace(/\n[^\n]+\ntime/, `\n${Buffer.alloc(32).toString('base64')}\ntime`),
    },
    'inclusion',
  ],
  'the text under the signature of the checkpoint': [
    { note: (note) => note.replace('time 2026', 'time 2025') },
    'signature',
  ],
  'the origin of the checkpoint': [{ note: (note) => note.replace(/^suanpan\/\w/, 'suanpan/x') }, 'origin'],
  'a digest in the manifest': [
    { manifest: (manifest) => (manifest.parts[1].sha256 = '2'.repeat(64)) },
    /^part /,
  ],
  'the number of records in the manifest': [
    { manifest: (manifest) => (manifest.events.records += 1) },
    'events.records',
  ],
};

test.each(Object.entries(FORGERIES))('%s', async (_, [forgery, what]) => {
  const ledger = await sealedLedger();
  const { ok, findings } = await verified(resigned(await ledger.bundle('2019-02'), forgery));
  expect(ok).toBe(false);
  const found = findings.map((finding) => finding.what);
  expect(
    found.some((one) => (typeof what === 'string' ? one === what : what.test(one))),
    found.join('; '),
  ).toBe(true);
  seen += 1;
});

test('a bundle that is only signed again holds, but for whose key it is', async () => {
  const ledger = await sealedLedger();
  const again = resigned(await ledger.bundle('2019-02'), {});
  expect(await verified(again)).toMatchObject({ ok: true, isKeyHeld: null });
  expect((await verified(again, [ledger.key()])).findings).toMatchObject([{ part: 'keys', what: 'key' }]);
  expect(seen).toBe(Object.keys(FORGERIES).length);
});

test('an edition that was published before the close is not passed off as a later one', async () => {
  const ledger = await sealedLedger();
  const text = await ledger.bundle('2019-02');
  const lines = text.trimEnd().split('\n');
  const last = lines.findLastIndex((line) => line.includes('"part":"edition"'));
  const edition = JSON.parse(lines[last] ?? '');
  const { header, hash, revision } = edition;
  const payload = sha256(edition.data);
  const link = canonicalJson({ part: 'link', stream: 'catalogue', revision, header, payload, hash });
  const place = lines.findIndex((line) => line.includes('"part":"keys"'));
  const hidden = lines.toSpliced(place, 0, link).toSpliced(last, 1).join('\n');
  const old = header.replace(/"recordedAt":"[^"]+"/, '"recordedAt":"2019-01-01T00:00:00.000Z"');
  const { findings } = await verified(
    resigned(`${hidden.replaceAll(JSON.stringify(header), JSON.stringify(old))}\n`, {}),
  );
  expect(findings.map(({ what }) => what)).toContain('recordedAt');
});

test('a key that is held of another ledger vouches for nothing here', async () => {
  const ledger = await sealedLedger();
  const text = resigned(await ledger.bundle('2019-02'), {
    line: (line) => line.part === 'about' && (line.ledger = 'suanpan/other'),
  });
  const key = JSON.parse(text.split('\n').find((line) => line.includes('"part":"keys"')) ?? '').keys[0].key;
  const { parseVerifierKey } = await import('../../src/checkpoint/note.ts');
  const held = parseVerifierKey(key);
  if (!held) throw new Error('no key');
  const verdict = await verified(await ledger.bundle('2019-02'), [held]);
  expect(verdict).toMatchObject({ ok: false, isKeyHeld: false });
});

test('two spellings of one line, and texts that are no Unicode, are findings', async () => {
  const ledger = await sealedLedger();
  const text = await ledger.bundle('2019-02');
  const twice = text.replace('{"bill":{', '{"bill":{"due":"99999.00"},"bill":{');
  expect((await verified(twice)).findings[0]).toMatchObject({ what: expect.stringMatching(/^line/) });
  const lone = text.replace('"account":"acme","corrections"', '"account":"\\ud800","corrections"');
  expect((await verified(lone)).ok).toBe(false);
});
