/** A statement as CSV rows: the balance from opening to closing, then freezes. */
import { type Calendar, instantOf } from '../domain/calendar.ts';
import { type Cell, numberCell } from './csv.ts';
import type { Statement } from './statement.ts';

export const STATEMENT_COLUMNS = [
  'account',
  'part',
  'at',
  'kind',
  'reference',
  'packs',
  'amount',
  'after',
  'stream',
  'revision',
] as const;

/** Rows in the order of the columns; the amounts of part `balance` add up to the closing minus the opening balance. */
export function* statementRows(statement: Statement, calendar: Calendar): Generator<readonly Cell[]> {
  const { account, opening, entries, closing, frozen } = statement;
  const zoned = (text: string): string => calendar.textOf(instantOf(text));
  const from = statement.from && zoned(statement.from);
  const to = statement.to && zoned(statement.to);
  const bound = (part: string, at: string | null, kind: string, after: string): readonly Cell[] => [
    account,
    part,
    at,
    kind,
    ...[null, null, null],
    numberCell(after),
    ...[null, null],
  ];
  yield bound('balance', from, 'opening', opening);
  for (const { at, kind, reference, packs, amount, balance, event } of entries)
    yield [
      ...[account, 'balance', zoned(at), kind, reference],
      ...[numberCell(packs), numberCell(amount), numberCell(balance)],
      ...[event.stream, numberCell(event.revision)],
    ];
  yield bound('balance', to, 'closing', closing);
  yield bound('frozen', from, 'opening', frozen.opening);
  for (const { at, kind, amount, after, event } of frozen.freezes)
    yield [
      ...[account, 'frozen', zoned(at), kind, null, null],
      ...[numberCell(kind === 'frozen' ? amount : `-${amount}`), numberCell(after)],
      ...[event.stream, numberCell(event.revision)],
    ];
  yield bound('frozen', to, 'closing', frozen.closing);
}
