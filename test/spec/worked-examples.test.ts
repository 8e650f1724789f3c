/** Every worked example of the five price pages, through command → events → bill, to the fen. */
import { describe, expect, test } from 'vitest';
import { jan } from '../support/days.ts';
import { givenLedger } from '../support/given.ts';

interface Example {
  readonly name: string;
  readonly product: string;
  readonly interface: string;
  readonly calls: number;
  readonly packs?: { readonly pool: string; readonly size: number; readonly quantity: number };
  /** Line amount. */
  readonly amount: string;
  readonly formula?: string;
  /** With packs bought, where the page adds them. */
  readonly total?: string;
  readonly month?: string;
}

const image = { product: 'image-analysis', interface: 'image-analysis/image-tag-legacy', month: '2019-02' };
const face = (name: string) => ({ product: 'face-recognition', interface: `face-recognition/${name}` });
const ocr = (name: string, month = '2019-03') => ({ product: 'ocr', interface: `ocr/${name}`, month });

const examples: Example[] = [
  {
    name: 'image, pre-paid 1',
    ...image,
    calls: 0,
    packs: { pool: 'image-analysis/image-analysis', size: 10_000_000, quantity: 3 },
    amount: '',
    total: '27600.00',
  },
  {
    name: 'image, pre-paid 2',
    ...image,
    calls: 11_000_000,
    packs: { pool: 'image-analysis/image-analysis', size: 10_000_000, quantity: 1 },
    amount: '1089.00',
    formula: '(11000000 − 10000000 − 10000) × 0.0011 = 1089',
    total: '10289.00',
  },
  {
    name: 'image, post-paid 1',
    ...image,
    calls: 1_000_000,
    amount: '1089.00',
    formula: '(1000000 − 10000) × 0.0011 = 1089',
  },
  { name: 'image, post-paid 2', ...image, calls: 5_000_000, amount: '4491.00' },
  { name: 'image, post-paid 3', ...image, calls: 16_000_000, amount: '11193.00' },
  {
    name: 'face, pre-paid 1',
    ...face('compare'),
    calls: 0,
    packs: { pool: 'face-recognition/compare', size: 10_000_000, quantity: 3 },
    amount: '',
    total: '91200.00',
  },
  {
    name: 'face, pre-paid 2',
    ...face('search'),
    calls: 52_000_000,
    packs: { pool: 'face-recognition/search', size: 50_000_000, quantity: 1 },
    amount: '6368.00',
    formula: '(52000000 − 50000000 − 10000) × 0.0032 = 6368',
    total: '148868.00',
  },
  {
    name: 'face, post-paid 1',
    ...face('landmarks'),
    calls: 1_000_000,
    amount: '1980.00',
    formula: '(1000000 − 10000) × 0.002 = 1980',
  },
  { name: 'face, post-paid 2', ...face('compare'), calls: 3_500_000, amount: '10470.00' },
  { name: 'face, post-paid 3', ...face('liveness'), calls: 5_000_000, amount: '8483.00' },
  { name: 'ocr 2019, 1', ...ocr('id-card'), calls: 900, amount: '0.00' },
  {
    name: 'ocr 2019, 2',
    ...ocr('driver-license'),
    calls: 9_000,
    amount: '1200.00',
    formula: '9000 × 0.15 − 1000 × 0.15 = 1200',
  },
  { name: 'ocr 2019, 3', ...ocr('general-print'), calls: 90_000, amount: '8900.00' },
  { name: 'ocr 2019, 4', ...ocr('bank-card'), calls: 900_000, amount: '53940.00' },
  {
    name: 'ocr 2019, 5',
    ...ocr('id-card'),
    calls: 0,
    packs: { pool: 'ocr/id-card', size: 1_000, quantity: 3 },
    amount: '',
    total: '360.00',
  },
  {
    name: 'ocr 2019, 6a',
    ...ocr('id-card'),
    calls: 0,
    packs: { pool: 'ocr/id-card', size: 1_000, quantity: 7 },
    amount: '',
    total: '840.00',
  },
  {
    name: 'ocr 2019, 6b',
    ...ocr('id-card'),
    calls: 0,
    packs: { pool: 'ocr/id-card', size: 10_000, quantity: 1 },
    amount: '',
    total: '800.00',
  },
  {
    name: 'ocr 2019, 7',
    ...ocr('bank-card'),
    calls: 2_500,
    packs: { pool: 'ocr/bank-card', size: 1_000, quantity: 1 },
    amount: '75.00',
    total: '195.00',
  },
  {
    name: 'ocr 2020, pre-paid 1',
    ...ocr('id-card', '2020-03'),
    calls: 0,
    packs: { pool: 'ocr/id-card', size: 100_000, quantity: 3 },
    amount: '',
    total: '15000.00',
  },
  {
    name: 'ocr 2020, pre-paid 2',
    ...ocr('bank-card', '2020-03'),
    calls: 2_500,
    packs: { pool: 'ocr/bank-card', size: 1_000, quantity: 1 },
    amount: '75.00',
    formula: '(2500 − 1000 − 1000) × 0.15 = 75',
    total: '195.00',
  },
  { name: 'ocr 2020, post-paid 1', ...ocr('id-card', '2020-03'), calls: 900, amount: '0.00' },
  {
    name: 'ocr 2020, post-paid 2',
    ...ocr('driver-license', '2020-03'),
    calls: 9_000,
    amount: '1200.00',
    formula: '(9000 − 1000) × 0.15 = 1200',
  },
  { name: 'ocr 2020, post-paid 3', ...ocr('general-print', '2020-03'), calls: 90_000, amount: '8900.00' },
  { name: 'ocr 2020, post-paid 4', ...ocr('bank-card', '2020-03'), calls: 900_000, amount: '53940.00' },
];

describe('the worked examples of the price pages', () => {
  test.each(examples)(
    '$name',
    async ({ product, interface: id, calls, packs, amount, formula, total, month = '2019-03' }) => {
      // The image page's example begins in a month whose free calls are not granted.
      const isImage = product === 'image-analysis';
      const opened = isImage ? jan(15) : `${month}-01T00:00:00+08:00`;
      const given = await givenLedger([product], { opened });
      if (isImage) await given.closes('2019-01');
      await given.deposits(`${month}-02T00:00:00+08:00`, '400000');
      if (packs) await given.buys(`${month}-02T00:00:00+08:00`, packs.pool, packs.size, packs.quantity);
      if (calls > 0) await given.meters(`${month}-10T12:00:00+08:00`, id, calls);
      const bill = await given.closes(month);
      expect(bill.lines.map((line) => line.amount)).toEqual(amount === '' ? [] : [amount]);
      if (formula) expect(bill.lines[0]?.formula).toBe(formula);
      if (total) expect(bill.total).toBe(total);
    },
  );

  test('a voucher takes the free calls of the first OCR edition off again', async () => {
    const given = await givenLedger(['ocr']);
    await given.meters(jan(10), 'ocr/driver-license', 9_000);
    const { lines } = await given.closes('2019-01');
    expect(lines[0]).toMatchObject({
      free: 1_000,
      postPaid: 8_000,
      voucher: '150.00',
      amount: '1200.00',
      tier: { above: 1_000, upTo: 10_000 },
    });
  });
});
