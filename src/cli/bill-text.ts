/** A bill for people: aligned, with Chinese and English names. */
import type { Bill, BillLine } from '../domain/bill.ts';
import type { Calendar } from '../domain/calendar.ts';
import { negated } from '../domain/money.ts';
import { styled } from './style.ts';
import { counted, table } from './table.ts';
import { zoned } from './zoned.ts';

/** The lines of a bill's text. */
export const billText = (bill: Bill, calendar: Calendar): string[] => {
  const yuan = (amount: string | null) => (amount === null ? 'no price' : amount);
  const lines = bill.lines.map((line) => [
    `${line.name.zh} ${line.name.en}`,
    counted(line.metered),
    counted(line.free),
    counted(line.packs),
    counted(line.postPaid),
    line.discount === undefined ? (line.unitPrice ?? '-') : `${line.unitPrice ?? '-'} × ${line.discount}`,
    yuan(line.amount),
  ]);
  const head = ['计费项 meter', 'metered', 'free', 'packs', 'post-paid', 'unit price', 'yuan'];
  return [
    styled(
      'bold',
      `账单 bill  ${bill.account}  ${bill.month}  ${bill.status}  ${zoned(calendar, bill.issuedAt)}`,
    ),
    '',
    ...table([head, ...lines], [1, 2, 3, 4, 5, 6]),
    '',
    ...bill.lines.map((line) => `  ${line.name.zh}: ${line.formula}${unitSaid(line)}`),
    ...section(
      'packs bought 资源包',
      bill.packPurchases.map((p) => [p.pack, p.pool, counted(p.size), p.price]),
    ),
    ...section(
      'packs returned 退回资源包',
      (bill.packReturns ?? []).map((p) => [p.pack, p.pool, counted(p.size), negated(p.price)]),
    ),
    ...section(
      'corrections 更正',
      bill.corrections.map((c) => [c.month, c.meter, counted(c.calls), yuan(c.amount), c.reason]),
    ),
    ...section(
      'credits (already paid) 补偿',
      bill.credits.map((c) => [c.amount, c.reason]),
    ),
    ...section(
      'disputes 争议',
      (bill.disputes ?? []).map((d) => [
        d.dispute,
        d.month,
        d.meter ?? 'whole bill',
        d.state,
        d.note ?? d.reason,
      ]),
    ),
    '',
    ...table(
      [
        ['due 应扣', yuan(bill.due)],
        ['packs bought 资源包', bill.packsTotal],
        ['total 合计', yuan(bill.total)],
        ['unfrozen 解冻', bill.unfrozen],
        ['to be frozen 冻结', yuan(bill.frozen.total)],
      ],
      [1],
    ),
    ...bill.frozen.byProduct.map(({ product, basis }) => `  ${product}: ${basis}`),
    '',
    `rating version ${bill.ratingVersion}; events ${bill.events.from} to ${bill.events.to} of ${bill.events.stream}`,
    ...bill.priceBooks.map(
      ({ product, edition, digest }) => `price book ${product} ${edition} ${digest.slice(0, 16)}…`,
    ),
    `digest ${bill.digest}`,
  ];
};

/** What is counted, where it is not calls. */
const unitSaid = ({ unit }: BillLine): string =>
  unit && unit.en !== 'call' ? ` (${unit.zh} ${unit.en})` : '';

const section = (title: string, rows: string[][]): string[] =>
  rows.length === 0 ? [] : ['', title, ...table(rows).map((row) => `  ${row}`)];
