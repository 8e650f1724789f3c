/** The audit bundle: what is in it, that it verifies alone, and what a forger with the key cannot do. */
import { expect, test } from 'vitest';
import { NotCovered, writeBundle } from '../../src/audit/bundle/write.ts';
import { issuedBill } from '../../src/ledger/queries/bills.ts';
import { forged } from '../support/forged.ts';
import { sealedLedger, verified } from '../support/sealed.ts';

const linesOf = (text: string): string[] => text.trimEnd().split('\n');
const partsOf = (text: string): string[] =>
  linesOf(text).flatMap((line) => {
    const value = JSON.parse(line);
    return Array.isArray(value) ? [] : [value.part as string];
  });

test('the parts come in their order; the same bill gives the same bytes, also after more has happened', async () => {
  const ledger = await sealedLedger();
  const text = await ledger.bundle('2019-02');
  expect([...new Set(partsOf(text))]).toEqual([
    'about',
    'ledger',
    'bill',
    'edition',
    'event',
    'link',
    'keys',
    'checkpoint',
    'manifest',
  ]);
  await ledger.given.closes('2019-03', '2019-04-01T04:00:00+08:00');
  await ledger.sealer.sign();
  expect(await ledger.bundle('2019-02')).toBe(text);
});

test.each(['2019-01', '2019-02'])(
  'the bundle of %s verifies from its bytes alone, whatever pieces they come in',
  async (month) => {
    const ledger = await sealedLedger();
    const text = await ledger.bundle(month);
    const issued = await issuedBill(ledger.store, 'acme', month);
    for (const piece of [1, 7, 64, 1_000_000]) {
      const verdict = await verified(text, [ledger.key()], piece);
      expect(verdict.findings).toEqual([]);
      expect(verdict).toMatchObject({
        ok: true,
        account: 'acme',
        month,
        isKeyHeld: true,
        bill: { digest: issued?.bill.digest },
        records: month === '2019-01' ? 30 : 20,
      });
    }
  },
);

test('whose key it is, is told and not assumed; what it does not prove is said', async () => {
  const ledger = await sealedLedger();
  const verdict = await verified(await ledger.bundle('2019-01'));
  expect([verdict.ok, verdict.isKeyHeld, verdict.signedBy]).toEqual([true, null, ledger.key().text]);
  expect(verdict.doesNotProve).toContainEqual(expect.stringContaining('metered in an earlier month'));
});

test('names stay out unless they are asked for', async () => {
  const ledger = await sealedLedger();
  const named = await ledger.bundle('2019-01', { withHolder: true });
  expect(partsOf(named)[1]).toBe('holder');
  expect(partsOf(await ledger.bundle('2019-01'))).not.toContain('holder');
  expect(await verified(named)).toMatchObject({ ok: true });
});

test('a bill that no checkpoint covers yet has no bundle', async () => {
  const ledger = await sealedLedger();
  await ledger.given.closes('2019-03', '2019-04-01T04:00:00+08:00');
  await expect(ledger.bundle('2019-03')).rejects.toThrow(NotCovered);
  const issued = await issuedBill(ledger.store, 'acme', '2019-01');
  if (!issued) throw new Error('no bill');
  for await (const piece of writeBundle(ledger.of, issued)) expect(piece.endsWith('\n')).toBe(true);
});

test('every book published by then is in it: none in force can be left out', async () => {
  const ledger = await sealedLedger();
  const editions = linesOf(await ledger.bundle('2019-01'))
    .map((line) => JSON.parse(line))
    .filter(({ part }) => part === 'edition');
  expect(editions.map(({ data }) => JSON.parse(data).book.product).sort()).toEqual([
    'body-analysis',
    'face-recognition',
    'image-analysis',
    'ocr',
    'ocr',
  ]);
});

test('the zone and the name of the ledger are those of its first event, whoever signs', async () => {
  const ledger = await sealedLedger();
  const text = await ledger.bundle('2019-02');
  for (const [what, change] of [
    ['zone', (about: Record<string, unknown>) => ({ ...about, zone: 'Europe/Berlin' })],
    [
      'name of the ledger',
      (about: Record<string, unknown>) => ({ ...about, ledger: `suanpan/${'0'.repeat(32)}` }),
    ],
  ] as const) {
    const [first = '', ...rest] = linesOf(text);
    const changed = [JSON.stringify(change(JSON.parse(first))), ...rest].join('\n');
    const { findings } = await verified(forged(`${changed}\n`, () => undefined));
    expect(findings).toContainEqual(expect.objectContaining({ stream: 'ledger', revision: 0, what }));
  }
});

test('what is no bundle is told so, and never thrown', async () => {
  const files = [
    '',
    '\n',
    'hello\n',
    '{}\n',
    '[]\n',
    'null\n',
    '{"part":"about"}\n',
    '{"part":"event"}\n',
    '\u0000\n',
  ];
  for (const file of files) expect((await verified(file)).ok, JSON.stringify(file)).toBe(false);
  const text = await (await sealedLedger()).bundle('2019-01');
  for (const more of ['\n', 'x', '{}\n', `${linesOf(text).at(-1)}\n`])
    expect((await verified(text + more)).findings.length, JSON.stringify(more)).toBeGreaterThan(0);
  const bytes = new TextEncoder().encode(text);
  bytes[Math.floor(bytes.length / 2)] = 0xff;
  expect((await verified(bytes)).findings[0]).toMatchObject({ part: 'file', what: 'bytes' });
});

test('an operator who forges a bill and signs everything again is found by the replay', async () => {
  const ledger = await sealedLedger();
  const text = forged(await ledger.bundle('2019-02'), (data) => {
    if (!data.bill) return;
    const [line] = data.bill.lines;
    line.amount = '1.00';
  });
  const verdict = await verified(text);
  expect(verdict.findings.length).toBeGreaterThan(0);
  expect(
    verdict.findings.every(({ what }) => what.startsWith('replay') || what.startsWith('bill of the close')),
  ).toBe(true);
  expect(verdict.findings[0]).toMatchObject({ stream: 'account-acme', revision: expect.any(Number) });
});
