/** A record is known by the pair of its source and id, wherever two are compared; never by the two texts as one. */
import { describe, expect, test } from 'vitest';
import { replayStream } from '../../src/audit/replay/replay.ts';
import { verifyStore } from '../../src/audit/verify/verify-store.ts';
import { importLines } from '../../src/import/import.ts';
import { commandSchemas } from '../../src/input/commands.ts';
import { type Given, givenLedger, instant } from '../support/given.ts';

const AT = '2019-01-05T08:00:00+08:00';
const SEPARATORS = [' ', ':', '/', '|', ',', '\n', '\t', '\u0000', '","', '\u001f', '  ', '-', '.', 'é'];

/** Two identities that are one text as soon as their parts are joined. */
const pairs = SEPARATORS.map((between) => [
  { source: `a${between}b`, id: 'c' },
  { source: 'a', id: `b${between}c` },
]);

const record = ({ source, id }: { source: string; id: string }, calls: number) => ({
  ...{ source, id, interface: 'face-recognition/compare', time: instant(AT), calls, submitted: null },
});

const outcomes = async (given: Given, records: Parameters<Given['ledger']['meter']>[1]) =>
  (await given.ledger.meter('acme', records, instant(AT)))?.map(({ outcome }) => outcome);

describe.each(pairs.map((pair, i) => [JSON.stringify(SEPARATORS[i]), pair] as const))(
  'joined by %s',
  (_, pair) => {
    const [first, second] = pair;
    if (!first || !second) throw new Error('a pair has two');

    test('two records are metered, corrected, disputed and replayed as two', async () => {
      const given = await givenLedger(['face-recognition']);
      const { store, calendar, catalogue } = given.ledger;
      expect(await outcomes(given, [record(first, 3), record(second, 5)])).toEqual(['accepted', 'accepted']);
      expect(await outcomes(given, [record(second, 5)])).toEqual(['duplicate']);
      expect(await outcomes(given, [record(first, 3)])).toEqual(['duplicate']);
      const correct = ({ source, id }: typeof first, calls: number) =>
        given.has(AT, 'correct-usage', { source, record: id, calls, reason: 'a test' });
      expect(await correct(first, 2)).toMatchObject([{ data: { from: 3, to: 2 } }]);
      expect(await correct(second, 4)).toMatchObject([{ data: { from: 5, to: 4 } }]);
      await given.closes('2019-01', '2019-02-01T04:00:00+08:00');
      const later = '2019-02-02T00:00:00+08:00';
      await given.has(later, 'open-dispute', { month: '2019-01', reason: 'a test' });
      const corrections = [
        { ...first, calls: 0 },
        { ...second, calls: 1 },
      ];
      const resolution = { dispute: 'acme:1', outcome: 'adjusted', note: 'a test', corrections };
      const facts = await given.has(later, 'resolve-dispute', resolution);
      expect(facts.filter(({ type }) => type === 'UsageCorrected')).toMatchObject([
        { data: { ...first, from: 2, to: 0 } },
        { data: { ...second, from: 4, to: 1 } },
      ]);
      await given.closes('2019-02', '2019-03-01T04:00:00+08:00');
      for await (const { match, differences } of replayStream(
        { store, calendar, catalogue: catalogue() },
        'account-acme',
      ))
        expect([match, differences]).toEqual([true, []]);
      const { findings } = await verifyStore(store, calendar, () => undefined);
      expect(findings).toEqual([]);
    });

    test('one record twice is still seen', () => {
      const twice = {
        dispute: 'acme:1',
        outcome: 'adjusted',
        note: 'n',
        corrections: [first, first].map((one) => ({ ...one, calls: 1 })),
      };
      expect(commandSchemas['resolve-dispute'].safeParse(twice).success).toBe(false);
    });
  },
);

test('a deposit and a credit of one reference are two', async () => {
  const given = await givenLedger();
  await given.has(AT, 'deposit', { amount: '1', reference: 'credit r' });
  await given.has(AT, 'credit', { amount: '2', reference: 'r', reason: 'a test' });
  await given.has(AT, 'deposit', { amount: '3', reference: 'r' });
  expect((await given.account()).total).toBe('6.00');
});

test('an id of an import that looks like what stands for a line without one is no other line', async () => {
  const given = await givenLedger();
  const line = { at: AT, command: 'deposit', account: 'acme', amount: '1', reference: 'first' };
  const imported = async (text: string) =>
    importLines(
      given.ledger,
      (async function* () {
        yield Buffer.from(`${text}\n`);
      })(),
      { stopOnError: false, problemsMax: 10, onProgress: () => undefined },
    );
  await imported(JSON.stringify(line));
  const { store } = given.ledger;
  const [, paid] = await store.read('account-acme', {
    from: 0,
    limit: 2,
    direction: 'forwards',
    records: false,
  });
  const key: string = JSON.parse(paid?.header ?? '{}').command.key;
  const id = key.slice('import acme '.length);
  const result = await imported(JSON.stringify({ ...line, id, amount: '2', reference: 'second' }));
  expect(result.commands).toMatchObject({ done: 1, refused: 0 });
});
