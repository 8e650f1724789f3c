/**
 * Several quantities in one record, classes that it chooses, weights, prices per any number of units and what is waived:
 * billed, bundled, and verified by both verifiers; and what a forger who signs everything again cannot hide from the
 * second, which is written from docs/audit-bundle.md alone.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { writeBundle } from '../../src/audit/bundle/write.ts';
import { openCheckpointSigner } from '../../src/checkpoint/checkpoint-queue.ts';
import type { PriceBook } from '../../src/domain/price-book.ts';
import { bookProblems } from '../../src/domain/price-book-problems.ts';
import type { LedgerCommand } from '../../src/input/commands.ts';
import { issuedBill } from '../../src/ledger/queries/bills.ts';
import { chat, ladder } from '../domain/books.ts';
import { named, soundBook } from '../price-books/sound-book.ts';
import { temporaryFolder } from '../support/folder.ts';
import { ACCOUNT, givenLedger, instant } from '../support/given.ts';
import { SERVER_KEY, verified } from '../support/sealed.ts';
import { linesOf, second, signedAgain } from './signed-again.ts';

/** Seconds: at prices that do not end as decimals, some free each day, and nothing post-paid to begin with. */
const talk: PriceBook = {
  ...soundBook,
  product: 'talk',
  interfaces: [
    {
      ...named('talk/short'),
      unit: { zh: '秒', en: 'second' },
      ...{ pool: 'talk/short', meter: 'talk/short', counts: 'calls' },
    },
    { ...named('talk/long'), pool: null, meter: 'talk/long', counts: 'calls' },
  ],
  pools: [
    {
      ...named('talk/short'),
      ...{ meter: 'talk/short', packs: [{ size: 50, price: '1.00' }] },
      allowance: { calls: 10, every: 'day' },
    },
  ],
  meters: [
    { ...named('talk/short'), ladder: ladder([], ['1'], { per: 7, tierBy: 'metered' }) },
    {
      ...named('talk/long'),
      ladder: ladder([10, 30], ['0.001', '0.004', '0.010'], { mode: 'graduated', per: 3 }),
    },
  ],
  freeze: { rate: '1.2', of: 'bill', onFailure: 'notify' },
  postPaid: 'off',
};

const livedLedger = async () => {
  const given = await givenLedger(['chat', 'talk'], { books: [chat, talk] });
  const { store } = given.ledger;
  const now = () => Date.UTC(2026, 0, 1);
  const sealer = openCheckpointSigner({ store, path: ':memory:', serverKey: SERVER_KEY, now, file: null });
  let count = 0;
  const says = async (at: string, quantities: Record<string, number>, more: object = {}) => {
    count += 1;
    const said = { source: '/gateway/1', id: `chat-${count}`, interface: 'chat/complete', time: instant(at) };
    const record = { ...said, calls: 0, submitted: null, quantities, ...more };
    const outcomes = await given.ledger.meter(ACCOUNT, [record], instant(at));
    expect(outcomes).toEqual([{ outcome: 'accepted' }]);
  };
  const does = async (at: string, command: { name: string; body: object }) => {
    expect(
      await given.ledger.execute(ACCOUNT, command as LedgerCommand, instant(at), null),
    ).not.toHaveProperty('refusal');
  };
  const corrects = async (at: string, record: string, body: object) => {
    const about = { source: '/gateway/1', record, reason: 'counted again' };
    await does(at, { name: 'correct-usage', body: { ...about, ...body } });
  };
  await given.deposits('2019-01-02T00:00:00+08:00', '90000');
  await given.buys('2019-01-03T00:00:00+08:00', 'chat/points', 1_000, 2);
  await given.buys('2019-01-03T00:00:00+08:00', 'talk/short', 50);
  const night = { attributes: { speed: 'slow' }, tags: { team: 'a' } };
  for (const [month, next] of [
    ['2019-01', '2019-02'],
    ['2019-02', '2019-03'],
    ['2019-03', '2019-04'],
  ] as const) {
    const first = count;
    await says(`${month}-05T08:00:00+08:00`, { input: 60, cache_read: 20, output: 7 });
    await says(
      `${month}-06T08:00:00+08:00`,
      { input: 600, output: 130, context: 600 },
      { tags: { team: 'b' } },
    );
    await says(`${month}-07T08:00:00+08:00`, { input: 128_001, output: 130_000 });
    // The second Fridays: 11 January, 8 February and 8 March.
    const friday = month === '2019-01' ? '11' : '08';
    await says(`${month}-${friday}T23:30:00+08:00`, { input: 5_000, output: 31 }, night);
    await says(`${month}-13T08:00:00+08:00`, { input: 0 });
    await says(`${month}-13T09:00:00+08:00`, { output: 3_000 }, { attributes: { speed: 'any' } });
    for (const day of ['14', '15', '16'])
      await given.meters(`${month}-${day}T08:00:00+08:00`, 'talk/short', 25, { id: `${month}-short-${day}` });
    await given.meters(`${month}-14T09:00:00+08:00`, 'talk/long', 31);
    if (month === '2019-02')
      await does('2019-02-16T12:00:00+08:00', {
        name: 'set-limits',
        body: { spend: '1', notifyAt: ['0.5', '1'], lowBalance: '90000.00' },
      });
    if (month === '2019-03')
      for (const [meter, discount] of [
        ['talk/long', '0.85'],
        ['chat/input', '0.333'],
      ])
        await does('2019-03-17T00:00:00+08:00', {
          name: 'agree-price',
          body: { meter, from: month, discount },
        });
    if (month === '2019-02')
      await does('2019-02-17T00:00:00+08:00', {
        name: 'switch-post-paid',
        body: { product: 'talk', postPaid: 'on' },
      });
    await given.meters(`${month}-18T08:00:00+08:00`, 'talk/short', 25);
    await given.meters(`${month}-18T09:00:00+08:00`, 'talk/long', 31);
    // One measure more and one less; another class, and back; less of what was waived.
    await corrects(`${month}-20T00:00:00+08:00`, `chat-${first + 1}`, {
      quantities: { input: 40, output: 9 },
    });
    await corrects(`${month}-20T01:00:00+08:00`, `chat-${first + 2}`, { quantities: { input: 200_000 } });
    await corrects(`${month}-20T02:00:00+08:00`, `chat-${first + 2}`, {
      quantities: { input: 9, output: 9 },
    });
    await corrects(`${month}-20T03:00:00+08:00`, `${month}-short-16`, { calls: 2 });
    await given.closes(month, `${next}-01T04:00:00+08:00`);
    // Of the month that is closed: late, and into another class.
    const late = { time: instant(`${month}-20T08:00:00+08:00`) };
    await says(`${next}-02T08:00:00+08:00`, { input: 7, output: 3 }, late);
    await given.meters(`${next}-02T08:00:00+08:00`, 'talk/short', 30, late);
    await corrects(`${next}-02T09:00:00+08:00`, `chat-${first + 1}`, { quantities: { input: 500_000 } });
  }
  await sealer.sign();
  const bundles: string[] = [];
  for (const month of ['2019-01', '2019-02', '2019-03']) {
    const issued = await issuedBill(store, ACCOUNT, month);
    if (!issued) throw new Error(`no bill of ${month}`);
    const of = { store, tree: sealer.tree, serverKey: SERVER_KEY, zone: 'Asia/Shanghai' };
    let text = '';
    for await (const piece of writeBundle(of, issued)) text += piece;
    bundles.push(text);
  }
  await sealer.close();
  return bundles;
};

let bundles: readonly string[] = [];
beforeAll(async () => {
  bundles = await livedLedger();
}, 60_000);

const failuresOf = async (bundle: string) => {
  const file = join(temporaryFolder(), 'bundle');
  writeFileSync(file, bundle);
  return (await second.verify(file)).failures;
};

test('the books are sound', () => {
  expect([chat, talk].map(bookProblems)).toEqual([[], []]);
});

test('both verifiers agree', async () => {
  for (const bundle of bundles) {
    expect(await failuresOf(bundle)).toEqual([]);
    expect((await verified(bundle, [])).findings).toEqual([]);
    expect(await failuresOf(signedAgain(linesOf(bundle)))).toEqual([]);
  }
});

/** A bundle in which the first text of a kind that has `what` has `by` instead, everything signed again. */
const forged = (bundle: string, of: 'record' | 'data' | 'bill', what: string, by: string): string => {
  const replaced = (text: string) => text.replace(what, by);
  let isDone = false;
  const lines = linesOf(bundle).map((line) => {
    if (isDone || line.startsWith('[') !== (of === 'record')) return line;
    const parsed = of === 'record' ? null : JSON.parse(line);
    if (of === 'bill' && parsed.part !== 'bill') return line;
    if (of === 'data' && (parsed.part !== 'event' || parsed.data.includes('"MonthClosed"'))) return line;
    const text = of === 'data' ? parsed.data : line;
    if (!text.includes(what)) return line;
    isDone = true;
    return of === 'data' ? second.canonical({ ...parsed, data: replaced(text) }) : replaced(line);
  });
  if (!isDone) throw new Error(`no ${of} has ${what}`);
  return signedAgain(lines);
};

test.each([
  ['an attribute that leads to another class', 'record', '"speed":"slow"', '"speed":"fast"', 'sums'],
  ['a context at the bound of a class', 'record', '"input",128001', '"input",128000', 'sums'],
  ['units of another measure', 'record', '"cache_read",20', '"output_read",20', 'no measure'],
  ['a measure twice', 'record', '"cache_read",20', '"input",20', 'a measure twice'],
  ['free units of another weight', 'record', '[[5,4],0,[2,4]]', '[[5,3],0,[2,4]]', 'another weight'],
  ['units of a pack at another weight', 'record', '[[5,4],0,[2,4]]', '[[5,4],0,[2,5]]', 'tallies'],
  [
    'what is post-paid as waived',
    'record',
    '"record-13",0,0,31]',
    '"record-13",0,0,{"n":31,"w":1}]',
    'waived',
  ],
  [
    'what is waived as post-paid',
    'record',
    '"2019-02-short-15",0,0,{"n":25,"w":1}',
    '"2019-02-short-15",0,0,25',
    'waived',
  ],
  ['a record that says more', 'record', '{"n":25,"w":1}', '{"n":25,"w":1,"x":1}', 'names'],
  ['a sum of another class', 'data', '"class":"night"', '"class":"standard"', 'sums'],
  ['a sum of another measure', 'data', '"measure":"output"', '"measure":"input"', 'sums'],
  ['fewer points', 'data', '"points":12000', '"points":11999', 'tallies'],
  ['free units by weight that are others', 'data', '"freeRuns":[[5,4]]', '"freeRuns":[[4,4]]', 'by weight'],
  [
    'an allowance of another day',
    'data',
    '"day":"2019-02-14","free":10',
    '"day":"2019-02-15","free":10',
    'tallies',
  ],
  ['a pool that is not shared', 'data', '"shared":true,"free":80', '"free":80', 'tallies'],
  ['a service that was never switched on', 'data', '"postPaid":"on"', '"postPaid":"off"', 'waived'],
  [
    'a correction of other quantities',
    'data',
    '"to":{"input":40,"output":9}',
    '"to":{"input":9,"output":40}',
    'changes',
  ],
  ['a correction into another class', 'data', '"to":{"input":200000}', '"to":{"output":200000}', 'changes'],
  ['a correction of points', 'data', '"points":-520', '"points":-519', 'changes'],
  [
    'a correction with counts that are not its sum',
    'data',
    '"from":730,"to":200000',
    '"from":731,"to":200001',
    'from',
  ],
  ['a line without its unit', 'bill', '"unit":{"en":"second","zh":"秒"},', '', 'unit'],
  ['a line that waives less', 'bill', '"waived":31', '"waived":30', 'waived'],
  ['a line without what it waived', 'bill', ',"waived":31', '', 'waived'],
  [
    'a cost rounded otherwise',
    'bill',
    '"exact":"0.03333333333333333333"',
    '"exact":"0.03333333333333333334"',
    'exact',
  ],
  [
    'a band rounded otherwise',
    'bill',
    '"amount":"0.02666666666666666667"',
    '"amount":"0.02666666666666666666"',
    'bands',
  ],
  ['a freeze of the exact amounts', 'bill', '"amount":"2.60"', '"amount":"2.61"', 'frozen for'],
  ['the rules of another rating', 'bill', '"ratingVersion":"2"', '"ratingVersion":"1"', 'rating version'],
  ['a rating that nobody knows', 'bill', '"ratingVersion":"2"', '"ratingVersion":"3"', 'rating version'],
] as const)('%s is found', async (_, of, what, by, found) => {
  const failures = await failuresOf(forged(bundles[1] ?? '', of, what, by));
  expect(failures.join('\n')).toContain(found);
});

test.each([
  ['a line at another discount', 'bill', '"discount":"0.85"', '"discount":"0.86"', 'discount'],
  ['a line without its discount', 'bill', '"discount":"0.333",', '', 'discount'],
  ['a discount that was not agreed', 'data', '"discount":"0.85"', '"discount":"0.95"', 'exact amount'],
  ['a factor above one', 'data', '"discount":"0.85"', '"discount":"1.85"', 'a discount of 1.85'],
] as const)('%s is found', async (_, of, what, by, found) => {
  const failures = await failuresOf(forged(bundles[2] ?? '', of, what, by));
  expect(failures.join('\n')).toContain(found);
});
