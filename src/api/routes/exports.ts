/** Exports for accountants: the statement of an account; bills by level, usage and FOCUS rows as CSV. */
import { Readable } from 'node:stream';
import * as z from 'zod';
import type { Bill } from '../../domain/bill.ts';
import { billsOf } from '../../exports/account-events.ts';
import { BILL_SUM_COLUMNS, billSumRow, PRODUCT_COLUMNS, productRows } from '../../exports/bill-sums-csv.ts';
import { BILL_COLUMNS, billRows } from '../../exports/bills-csv.ts';
import { type Cell, csvFile } from '../../exports/csv.ts';
import { FOCUS_COLUMNS } from '../../exports/focus-columns.ts';
import { focusOf } from '../../exports/focus-csv.ts';
import { type Period, PeriodMalformed, periodOf } from '../../exports/period.ts';
import { statementOf } from '../../exports/statement.ts';
import { STATEMENT_COLUMNS, statementRows } from '../../exports/statement-csv.ts';
import {
  DAY_COLUMNS,
  RECORD_COLUMNS,
  type UsageOf,
  usageByDay,
  usageByRecord,
} from '../../exports/usage-csv.ts';
import { accountIds } from '../../ledger/queries/accounts.ts';
import type { Api } from '../http/api.ts';
import { CSV_TYPE } from '../http/body/media-type.ts';
import type { Reply } from '../http/call.ts';
import { ApiProblem } from '../http/problems/problem.ts';
import { reached } from '../http/reads/consistency.ts';
import { accountThen, unknownAccount } from '../http/reads/point-in-time.ts';
import { type Route, route } from '../http/route.ts';
import * as shape from '../schemas/common.ts';

const BOUND = 'a month or day of the billing zone, or an RFC 3339 instant';
const from = z.string().max(40).optional().describe(`from here on: ${BOUND}`);
const to = z.string().max(40).optional().describe(`up to here, excluded: ${BOUND}`);

/** A period as a request names it; throws `invalid_request` with the field. */
const periodAsked = (api: Api, asked: Parameters<typeof periodOf>[1]): Period => {
  try {
    return periodOf(api.ledger.calendar, asked);
  } catch (error) {
    throw problemOf(error);
  }
};

const problemOf = (error: unknown): unknown =>
  error instanceof PeriodMalformed
    ? new ApiProblem('invalid_request', error.message, { field: error.field })
    : error;

const HIGH_WATER = 64 * 1024;

/** Streams rows as a CSV file. The first piece is computed before answering, so that invalid requests are refused. */
const csv = async (
  name: string,
  columns: readonly string[],
  rows: AsyncIterable<readonly Cell[]> | Iterable<readonly Cell[]>,
): Promise<Reply> => {
  const pieces = csvFile(columns, rows);
  const first = await pieces.next().catch((error: unknown) => Promise.reject(problemOf(error)));
  const whole = async function* (): AsyncGenerator<string> {
    if (!first.done) yield first.value;
    yield* pieces;
  };
  return {
    status: 200,
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="${name}"`,
    },
    body: Readable.from(whole(), { objectMode: false, highWaterMark: HIGH_WATER }),
  };
};

const place = z.object({ stream: z.string(), revision: shape.count });
const move = z.object({
  at: shape.instant,
  kind: z.enum(['deposit', 'packs', 'return', 'settlement', 'credit']),
  reference: z.string().describe('of the deposit or credit; the pool of packs; the month of a bill'),
  packs: shape.count.nullable(),
  amount: shape.money.describe('what is paid out is negative'),
  balance: shape.money.describe('after it'),
  event: place,
});
const freeze = z.object({
  at: shape.instant,
  kind: z.enum(['frozen', 'unfrozen']),
  amount: shape.money,
  before: shape.money,
  after: shape.money,
  event: place,
});
const statementShape = z
  .object({
    account: z.string(),
    currency: z.literal('CNY'),
    from: shape.instant.nullable(),
    to: shape.instant.nullable(),
    opening: shape.money,
    entries: z.array(move),
    sums: z.object({
      deposit: shape.money,
      packs: shape.money,
      settlement: shape.money,
      credit: shape.money,
    }),
    closing: shape.money,
    frozen: z.object({ opening: shape.money, freezes: z.array(freeze), closing: shape.money }),
  })
  .meta({ id: 'Statement' });

const statement = route({
  method: 'GET',
  path: '/accounts/:account/statement',
  scope: 'read',
  tag: 'Exports',
  what: 'The balance over a period: opening, every event that moved it, closing; freezes apart',
  params: shape.ofAccount,
  query: z.object({ from, to, format: z.enum(['json', 'csv']).default('json'), after: shape.after }),
  body: null,
  answers: {
    200: {
      what: 'the statement, as JSON or as CSV',
      schema: statementShape,
      also: { [CSV_TYPE]: z.string() },
    },
  },
  example: { path: '/accounts/acme/statement?from=2019-01&to=2019-02', status: 200 },
  handle: async (api, { params: { account }, query }) => {
    await reached(api, query.after);
    const period = periodAsked(api, { from: query.from, to: query.to });
    await accountThen(api, account);
    const made = await statementOf(api.ledger.store, account, period);
    if (!made) throw unknownAccount(account);
    if (query.format === 'json') return { status: 200, body: made };
    return csv(`${account}-statement.csv`, STATEMENT_COLUMNS, statementRows(made, api.ledger.calendar));
  },
});

const FILES = ['bill-sums.csv', 'products.csv', 'bills.csv', 'usage.csv', 'focus.csv'] as const;
type File = (typeof FILES)[number];

const query = z.object({
  month: shape.month.optional(),
  from,
  to,
  by: z
    .enum(['day', 'record'])
    .optional()
    .describe('of usage.csv: by day and interface (default), or by record'),
  provider: z.string().min(1).max(200).optional().describe('of focus.csv: who sells (default: Suanpan)'),
  after: shape.after,
});
type Query = z.infer<typeof query>;

const LEVELS =
  'bill-sums.csv (a row a bill), products.csv (a product of a bill), bills.csv (a line), usage.csv or focus.csv';

/** Throws for a parameter that belongs to another export. */
const only = (field: string, given: string | undefined, file: string, own: string): void => {
  if (given === undefined || file === own) return;
  throw new ApiProblem('invalid_request', `${field}: only ${own} has it`, { field });
};

const files = route({
  method: 'GET',
  path: '/accounts/:account/exports/:file',
  scope: 'read',
  tag: 'Exports',
  what: `Bills, usage or FOCUS 1.2 rows as CSV, of a month or a period or all: ${LEVELS}`,
  params: z.object({ account: shape.ofAccount.shape.account, file: z.enum(FILES) }),
  query,
  body: null,
  answers: { 200: { what: 'with a byte order mark', schema: z.string(), media: CSV_TYPE } },
  example: { path: '/accounts/acme/exports/usage.csv?month=2019-01', status: 200 },
  handle: async (api, { params: { account, file }, query: asked }) => {
    await accountThen(api, account, { after: asked.after });
    return exported(api, file, asked, [account], `${account}-`);
  },
});

const filesOfAll = route({
  method: 'GET',
  path: '/exports/:file',
  scope: 'read',
  tag: 'Exports',
  what: `The same of all accounts, one after the other: ${LEVELS}`,
  params: z.object({ file: z.enum(FILES) }),
  query,
  body: null,
  answers: { 200: { what: 'with a byte order mark', schema: z.string(), media: CSV_TYPE } },
  example: { path: '/exports/bill-sums.csv?month=2019-01', status: 200 },
  handle: async (api, { params: { file }, query: asked }) => {
    await reached(api, asked.after);
    return exported(api, file, asked, accountIds(api.ledger.store), '');
  },
});

type Accounts = AsyncIterable<string> | Iterable<string>;

const exported = (api: Api, file: File, asked: Query, accounts: Accounts, of: string): Promise<Reply> => {
  const { month, by = 'day', provider = 'Suanpan' } = asked;
  only('by', asked.by, file, 'usage.csv');
  only('provider', asked.provider, file, 'focus.csv');
  const period = periodAsked(api, { month, from: asked.from, to: asked.to });
  const context: UsageOf = { ...api.ledger.context(), period };
  const { columns, rows } = tableOf(file, context, by, provider);
  return csv(`${of}${month === undefined ? '' : `${month}-`}${file}`, columns, ofEach(accounts, rows));
};

async function* ofEach(accounts: Accounts, rows: Table['rows']): AsyncGenerator<readonly Cell[]> {
  for await (const account of accounts) yield* rows(account);
}

interface Table {
  readonly columns: readonly string[];
  readonly rows: (account: string) => AsyncGenerator<readonly Cell[]>;
}

const tableOf = (file: File, of: UsageOf, by: 'day' | 'record', provider: string): Table => {
  const { calendar } = of;
  switch (file) {
    case 'bill-sums.csv':
      return { columns: BILL_SUM_COLUMNS, rows: issued(of, (bill) => [billSumRow(bill, calendar)]) };
    case 'products.csv':
      return { columns: PRODUCT_COLUMNS, rows: issued(of, (bill) => productRows(bill, calendar)) };
    case 'bills.csv':
      return { columns: BILL_COLUMNS, rows: issued(of, (bill) => billRows(bill, calendar)) };
    case 'focus.csv':
      return { columns: FOCUS_COLUMNS, rows: (account) => focusOf({ ...of, provider }, account) };
    case 'usage.csv':
      return by === 'day'
        ? { columns: DAY_COLUMNS, rows: (account) => usageByDay(of, account) }
        : { columns: RECORD_COLUMNS, rows: (account) => usageByRecord(of, account) };
  }
};

const issued = ({ store, calendar, period }: UsageOf, rowsOf: (bill: Bill) => Iterable<readonly Cell[]>) =>
  async function* (account: string): AsyncGenerator<readonly Cell[]> {
    for await (const bill of billsOf(store, calendar, account, period)) yield* rowsOf(bill);
  };

export const exportRoutes: readonly Route[] = [statement, files, filesOfAll];
