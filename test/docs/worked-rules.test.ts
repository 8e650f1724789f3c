/** The worked examples of docs/rules.md: each is lived through by the domain, and its numbers stand in the document. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { rounded, exact as yuan } from '../../src/domain/money.ts';
import type { Ladder, PriceBook } from '../../src/domain/price-book.ts';
import { cliffs } from '../../src/domain/price-cliffs.ts';
import { shippedPriceBooks } from '../../src/ledger/system/shipped-price-books.ts';
import { type Simulation, simulateAccount } from '../../src/package/domain.ts';
import { ROOT } from './shell-blocks.ts';

const rules = readFileSync(join(ROOT, 'docs/rules.md'), 'utf8').replace(/\s+/g, ' ');
/** The words of one section, however its lines are broken. */
const section = (number: number): string =>
  rules.slice(rules.indexOf(` ## ${number}. `), rules.indexOf(` ## ${number + 1}. `));
const says = (number: number, ...texts: readonly string[]): void => {
  for (const text of texts) expect(section(number)).toContain(text);
};
const grouped = (count: number): string => count.toLocaleString('en-US');
const amount = (money: string | null | undefined): string => {
  const [whole = '', fen] = String(money).replace('-', '−').split('.');
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${fen}`;
};

const bookOf = (product: string, edition: string): PriceBook => {
  const book = shippedPriceBooks().find((one) => one.product === product && one.edition === edition);
  if (!book) throw new Error(`no book ${product} ${edition}`);
  return book;
};
const face = bookOf('face-recognition', '2019-01');
const ocr = bookOf('ocr', '2019-01');
const at = (local: string): string => `${local}+08:00`;

/** An account of one product, opened and activated when January 2019 begins. */
const given = (book: PriceBook, deposit: string): Simulation => {
  const begun = at('2019-01-01T00:00:00');
  const life = simulateAccount({ books: [book], at: begun });
  life.activate(book.product, begun);
  life.deposit(deposit, begun);
  return life;
};
const DAY = at('2019-01-10T08:00:00');
const CLOSE = at('2019-02-01T04:00:00');

/** January's only line, and its bill. */
const january = (book: PriceBook, name: string, calls: number, deposit = '1000000') => {
  const life = given(book, deposit);
  life.meter({ interface: `${book.product}/${name}`, calls }, DAY);
  const bill = life.closeMonth('2019-01', CLOSE);
  const [line] = bill.lines;
  if (!line) throw new Error('a bill without a line');
  return { life, bill, line };
};

/** The customer of sections 3 and 7: a pack of 50,000,000 and this many calls of face search. */
const searching = (calls: number) => {
  const life = given(face, '200000');
  const pack = { pool: 'face-recognition/search', size: 50_000_000, quantity: 1 };
  life.buyPacks(pack, at('2019-01-01T00:00:00'));
  life.meter({ interface: 'face-recognition/search', calls }, DAY);
  return { life, bill: life.closeMonth('2019-01', CLOSE) };
};

describe('docs/rules.md', () => {
  test('2: a volume and a graduated ladder', () => {
    const ladders = (mode: Ladder['mode']): PriceBook => ({
      ...face,
      allowance: { ...face.allowance, calls: 0 },
      meters: face.meters.map((meter) => ({ ...meter, ladder: { ...meter.ladder, mode } })),
    });
    for (const mode of ['volume', 'graduated'] as const) {
      const { line } = january(ladders(mode), 'compare', 3_500_000);
      says(2, `| \`${mode}\` | ${amount(line.amount)} | \`${line.formula}\` |`);
    }
  });

  test('2: a price for a thousand units', () => {
    const perThousand: Ladder = {
      ...{ mode: 'volume', tierBy: 'post_paid', bounds: 'upper', per: 1_000 },
      tiers: [{ above: 0, upTo: null, unitPrice: '2.2' }],
    };
    const book = {
      ...face,
      allowance: { ...face.allowance, calls: 0 },
      meters: face.meters.map((meter) => ({ ...meter, ladder: perThousand })),
    };
    const { line } = january(book, 'compare', 1_500);
    says(2, `1,500 calls cost ${line.amount}: \`${line.formula}\``);
  });

  test('2: a cliff', () => {
    const cliff = cliffs(ocr).find(({ meter, at: bound }) => meter === 'ocr/id-card' && bound === 10_000);
    const [costs, next] = [cliff?.costs, cliff?.next].map((text) => amount(rounded(yuan(text ?? '0'))));
    says(2, `10,000 calls cost ${costs}, and 10,001 cost ${next}`);
  });

  test('3 and 7: free calls, a pack, post-paid, and the money of the close', () => {
    const { life, bill } = searching(52_000_000);
    const [line] = bill.lines;
    says(
      3,
      `| free allowance | ${grouped(line?.free ?? 0)} | 0.00 |`,
      `| pack | ${grouped(line?.packs ?? 0)} | ${amount(bill.packsTotal)}, paid when it was bought |`,
      `| post-paid | ${grouped(line?.postPaid ?? 0)} | ${amount(line?.amount)} |`,
      `\`${line?.formula}\``,
    );
    const { total, frozen } = life.account();
    says(
      7,
      `| due | ${amount(bill.due)} |`,
      `| packs bought | ${amount(bill.packsTotal)} |`,
      `| total | ${amount(bill.total)} |`,
      `| balance after settlement | ${amount(total)} |`,
      `| frozen for February | ${amount(frozen)} |`,
      `| available | ${amount(rounded(yuan(total).minus(frozen)))} |`,
    );
    says(8, `\`${bill.frozen.byProduct[0]?.basis}\``);
  });

  test('4 and 8: a voucher, and what is frozen of such a bill', () => {
    const { bill, line } = january(ocr, 'driver-license', 9_000);
    const split = `free ${grouped(line.free)}, post-paid ${grouped(line.postPaid)}, voucher ${line.voucher}`;
    says(4, `${split}, amount ${amount(line.amount)}, \`${line.formula}\``);
    const none = january(ocr, 'driver-license', 1_000).line;
    expect([none.tier, none.unitPrice, none.voucher, none.amount]).toEqual([null, null, '0.00', '0.00']);
    says(8, `\`${bill.frozen.byProduct[0]?.basis}\``);
  });

  test('5: a pack of 29 February', () => {
    const life = simulateAccount({ books: [bookOf('ocr', '2020-01')], at: at('2020-02-01T00:00:00') });
    life.activate('ocr', at('2020-02-01T00:00:00'));
    life.deposit('1000', at('2020-02-01T00:00:00'));
    life.buyPacks({ pool: 'ocr/id-card', size: 1_000, quantity: 1 }, at('2020-02-29T10:00:00'));
    const expiry = life.account().packs[0]?.expiresAt ?? 0;
    const local = new Date(expiry + 8 * 3_600_000).toISOString().replace('.000Z', '+08:00');
    says(5, `bought at 2020-02-29T10:00:00+08:00 expires at ${local}`);
  });

  test('6: the tier reached, at its bound and beyond', () => {
    for (const calls of [3_010_000, 3_010_001, 3_500_000]) {
      const { line } = january(face, 'compare', calls);
      const counts = `| ${grouped(calls)} | ${grouped(line.postPaid)} |`;
      says(6, `${counts} \`${line.formula}\` | ${amount(line.amount)} |`);
    }
  });

  test('9: arrears and a failed freeze, and how they end', () => {
    const { life, bill } = january(face, 'compare', 3_500_000, '5000');
    const open = () => life.account().suspensions.flatMap((one) => (one.until === null ? [one.reason] : []));
    says(9, `The close takes ${amount(bill.due)}: the balance is ${amount(life.account().total)}`);
    says(9, `\`${bill.frozen.byProduct[0]?.basis}\` fails`);
    expect(open()).toEqual(['arrears', 'freeze_failed']);
    says(
      9,
      'A deposit of 5,470.00 lifts `arrears`; one of 12,564.00 more freezes, and lifts `freeze_failed`',
    );
    life.deposit('5470', at('2019-02-02T00:00:00'));
    expect(open()).toEqual(['freeze_failed']);
    life.deposit('12564', at('2019-02-03T00:00:00'));
    expect(open()).toEqual([]);
    expect(life.account().total).toBe(life.account().frozen);
  });

  test('10: fewer calls, and one more, for a closed month', () => {
    const [more, less] = [searching(52_000_000).bill, searching(51_000_000).bill].map(
      ({ lines }) => lines[0],
    );
    const calls = grouped((more?.metered ?? 0) - (less?.metered ?? 0));
    says(10, `−${calls} calls, −${amount(rounded(yuan(more?.amount ?? 0).minus(less?.amount ?? 0)))}`);

    const { life, line } = january(face, 'compare', 3_010_000);
    says(10, `cost ${amount(line.amount)}`);
    const late = { interface: 'face-recognition/compare', calls: 1, time: at('2019-01-20T00:00:00') };
    life.meter(late, at('2019-02-05T00:00:00'));
    const [correction] = life.closeMonth('2019-02', at('2019-03-01T04:00:00')).corrections;
    says(10, `+${correction?.calls} call, ${amount(correction?.amount)}`);
  });

  test('11: the call that raises the low notice', () => {
    const life = given(ocr, '2000');
    life.buyPacks({ pool: 'ocr/id-card', size: 10_000, quantity: 2 }, at('2019-01-02T00:00:00'));
    const told = () =>
      life.events().flatMap(({ type, data }) => (type === 'NoticesRaised' ? data.notices : []));
    // The month's 1,000 free calls go first.
    life.meter({ interface: 'ocr/id-card', calls: 18_000 }, DAY);
    expect(told()).toEqual([]);
    life.meter({ interface: 'ocr/id-card', calls: 1 }, DAY);
    expect(told().map(({ kind, about }) => [kind, about['left']])).toEqual([['pack_low', 2_999]]);
    says(11, 'the call that leaves 2,999');
  });
});
