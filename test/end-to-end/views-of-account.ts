/** Everything that is shown of an account, asked over HTTP and compared: one number, whoever shows it. */
import { expect } from 'vitest';
import { minus, negated, plus, sum, ZERO } from '../../src/domain/money.ts';
import type { PriceBook } from '../../src/domain/price-book.ts';
import { recordsOf } from '../export/parsed-csv.ts';
import type { ServedApi } from '../support/api.ts';
import { asCounted } from '../support/counted-interface.ts';
import { after, EVERY_INTERFACE, type Lives, monthOf, nextOf } from './random-lives.ts';

// biome-ignore lint/suspicious/noExplicitAny: what comes back is what is compared.
type Json = any;
const COUNTS = ['free', 'packs', 'postPaid'] as const;
const FIRST = '2019-01';

export const total = (rows: readonly Json[], of: string): number =>
  rows.reduce((n, row) => n + Number(row[of]), 0);
export const amounts = (rows: readonly Json[], of: string): string => sum(rows.map((row) => String(row[of])));
const sorted = (rows: readonly Json[], by: string): Json[] =>
  rows.toSorted((a, b) => (a[by] < b[by] ? -1 : 1));

/** Requests of an account's views. */
export const asked = (api: ServedApi) => {
  const body = async (path: string): Promise<Json> => (await api.ok('GET', path)).body;
  const all = async (path: string): Promise<Json[]> => {
    const items: Json[] = [];
    for (let cursor = ''; ; ) {
      const page = await body(`${path}${path.includes('?') ? '&' : '?'}limit=1000${cursor}`);
      items.push(...page.items);
      if (page.next === null) return items;
      cursor = `&cursor=${encodeURIComponent(page.next)}`;
    }
  };
  const csv = async (path: string) => {
    const text: string = await body(path);
    // Instants in text are in the billing zone.
    expect(text, path).not.toMatch(/\d\d:\d\d(:\d\d(\.\d+)?)?Z/);
    return recordsOf(text);
  };
  return { body, all, csv };
};

/** An interface in the book that rules a month: of those in force the latest, of two the later published. */
const interfaceOf = ({ books }: Lives, id: string, month: string) => {
  const found = books
    .filter((book) => id.startsWith(`${book.product}/`) && book.effectiveFrom <= month)
    .reduce<PriceBook | undefined>(
      (best, book) => (best && best.effectiveFrom > book.effectiveFrom ? best : book),
      undefined,
    )
    ?.interfaces.find((one) => one.id === id);
  return found && asCounted(found);
};

export const monthsUntil = (now: number): string[] => {
  const months: string[] = [];
  for (let month = FIRST; month <= monthOf(now); month = after(month)) months.push(month);
  return months;
};

/** What an account is, in each of its views. */
export const balancesAgree = async (lives: Lives, id: string): Promise<void> => {
  const { api, now } = lives;
  const { body, all, csv } = asked(api);
  const path = `/accounts/${id}`;
  const account = await body(path);
  expect((await all('/accounts')).find((one) => one.account === id)).toEqual(account);
  const at = new Date(now).toISOString();
  expect(await body(`${path}?asOf=${at}`)).toEqual(account);
  const { total: held, available, frozen } = account.balance;
  expect(available).toBe(minus(held, frozen));
  const statement = await body(`${path}/statement`);
  expect([statement.closing, statement.frozen.closing]).toEqual([held, frozen]);
  expect(plus(statement.opening, amounts(statement.entries, 'amount'))).toBe(held);
  const rows = await csv(`${path}/statement?format=csv`);
  expect(rows.filter(({ kind }) => kind === 'closing').map((row) => row['after'])).toEqual([held, frozen]);
  const changes = await body(`${path}/changes?from=2018-12-31T00:00:00Z&to=${at}`);
  const packs = await all(`${path}/packs`);
  const { status, suspensions, services, balance } = changes.after;
  const said = { status, suspensions, services: services.toSorted(), balance };
  const { status: s, suspensions: p, services: v, balance: b } = account;
  expect(said).toEqual({ status: s, suspensions: p, services: v.toSorted(), balance: b });
  expect(changes.balance).toEqual(account.balance);
  expect(changes.after.packs).toEqual(packs);
  expect(await body(`${path}/packs?asOf=${at}`)).toMatchObject({ items: packs });
  expect(amounts(packs, 'price')).toBe(negated(statement.sums.packs ?? ZERO));
  const notices = await all(`${path}/notices`);
  const ids = notices.map(({ notice, id: own }) => notice ?? own);
  expect(ids).not.toContain(undefined);
  expect(new Set(ids).size).toBe(ids.length);
};

/** The usage of each month, in each of its views; gives it by interface. */
export const usageAgrees = async (lives: Lives, id: string): Promise<Map<string, readonly Json[]>> => {
  const { api, now } = lives;
  const { body, all, csv } = asked(api);
  const found = new Map<string, readonly Json[]>();
  for (const month of monthsUntil(now)) {
    const path = `/accounts/${id}/usage?month=${month}`;
    const byInterface = await all(`${path}&by=interface`);
    found.set(month, byInterface);
    const views = {
      day: await all(`${path}&by=day`),
      record: await all(`${path}&by=record`),
      dayCsv: await csv(`/accounts/${id}/exports/usage.csv?month=${month}&by=day`),
      recordCsv: await csv(`/accounts/${id}/exports/usage.csv?month=${month}&by=record`),
    };
    for (const one of EVERY_INTERFACE) {
      const told = byInterface.filter((row) => row.interface === one);
      for (const [name, rows] of Object.entries(views)) {
        const own = rows.filter((row) => row.interface === one);
        const say = `${id} ${month} ${one} by ${name}`;
        expect(total(own, 'calls'), say).toBe(total(told, 'calls'));
        // What a correction takes is whoever's it was: a record shows what paid for it at first.
        if (name === 'record') continue;
        for (const count of COUNTS) {
          const column = name.endsWith('Csv') && count === 'postPaid' ? 'post_paid' : count;
          expect(total(own, column), `${say}: ${count}`).toBe(total(told, count));
        }
      }
    }
    expect(views.record.length).toBe(total(views.day, 'records'));
    const { items: allowances } = await body(`/accounts/${id}/allowances?month=${month}`);
    for (const { pool, granted, used, left } of allowances) {
      const own = byInterface.filter((row) => interfaceOf(lives, row.interface, month)?.pool === pool);
      expect(used, `${id} ${month} allowance of ${pool}`).toBe(total(own, 'free'));
      expect(left, `${id} ${month} ${pool}`).toBe(Math.max(0, granted - used));
    }
  }
  return found;
};

/** What an entitlement says is what the allowances and packs say. */
export const entitlementsAgree = async (lives: Lives, id: string): Promise<void> => {
  const { api, now } = lives;
  const { body, all } = asked(api);
  const month = monthOf(now);
  const account = await body(`/accounts/${id}`);
  const { items: allowances } = await body(`/accounts/${id}/allowances?month=${month}`);
  const packs = await all(`/accounts/${id}/packs`);
  for (const one of EVERY_INTERFACE) {
    const found = interfaceOf(lives, one, month);
    if (!found) continue;
    const told = await body(`/accounts/${id}/entitlements?interface=${one}`);
    const { pool } = found;
    const paying = packs.filter(
      ({ pool: of, state, purchasedAt }) =>
        state === 'usable' && interfaceOf(lives, one, monthOf(Date.parse(purchasedAt)))?.pool === of,
    );
    const free = allowances.find((row: Json) => row.pool === pool)?.left ?? 0;
    const say = `${id} ${one} ${JSON.stringify(told)}`;
    expect(told.remaining, say).toEqual({ free, packs: total(paying, 'remaining') });
    expect([told.allowed, told.reasons], say).toEqual([
      account.status === 'active',
      account.suspensions.map(({ reason }: Json) => reason),
    ]);
  }
};

/** Meters of a month as its usage says: what a bill's lines, with later corrections, come to. */
const metersOf = (lives: Lives, rows: readonly Json[], month: string): Map<string, Json> => {
  const meters = new Map<string, Json>();
  for (const row of rows) {
    const meter = interfaceOf(lives, row.interface, month)?.meter;
    if (!meter) continue;
    const before = meters.get(meter) ?? { free: 0, packs: 0, postPaid: 0 };
    for (const count of COUNTS) before[count] += row[count];
    meters.set(meter, before);
  }
  return meters;
};

/** Bills, estimates and what is told of them; gives the estimates of the months that are open. */
export const billsAgree = async (
  lives: Lives,
  id: string,
  used: ReadonlyMap<string, readonly Json[]>,
): Promise<readonly Json[]> => {
  const { api, now } = lives;
  const { body, all, csv } = asked(api);
  const path = `/accounts/${id}`;
  const summaries = await all(`${path}/bills`);
  const bills = await Promise.all(summaries.map(({ month }) => body(`${path}/bills/${month}`)));
  const open = monthsUntil(now).filter((month) => !bills.some((bill) => bill.month === month));
  expect(open[0]).toBe(await nextOf(api, id));
  const drafts: Json[] = [];
  for (const month of open) drafts.push(await body(`${path}/estimate?month=${month}`));
  for (const [i, draft] of drafts.entries()) {
    const say = `${id} estimate of ${draft.month}`;
    const asOf = await body(`${path}/estimate?month=${draft.month}&asOf=${new Date(now).toISOString()}`);
    expect(asOf, say).toEqual(draft);
    const meters = metersOf(lives, used.get(draft.month) ?? [], draft.month);
    for (const line of draft.lines) {
      const { free, packs, postPaid } = line;
      expect({ free, packs, postPaid }, `${say} ${line.meter}`).toEqual(meters.get(line.meter));
      expect(line.metered).toBe(free + packs + postPaid);
    }
    // Where there is no price, no number is shown, and why is.
    const isPriced = [...draft.lines, ...draft.corrections].every((one) => one.amount !== null);
    expect([draft.due !== null, draft.total !== null, draft.frozen.total !== null], say).toEqual(
      Array(3).fill(isPriced),
    );
    for (const { amount, unpriced } of [...draft.lines, ...draft.corrections])
      expect(unpriced?.code, say).toBe(amount === null ? 'price_not_agreed' : undefined);
    if (i > 0) expect([draft.corrections, draft.credits, draft.unfrozen], say).toEqual([[], [], ZERO]);
  }
  const corrections = [...bills, ...drafts].flatMap((one) => one.corrections);
  const statement = await body(`${path}/statement`);
  const rows = await csv(`${path}/exports/bills.csv`);
  const focus = await csv(`${path}/exports/focus.csv`);
  for (const bill of bills) {
    const { month, due, digest } = bill;
    const say = `${id} bill of ${month}`;
    const said = summaries.find((one) => one.month === month);
    expect([said.due, said.total, said.digest, said.issuedAt], say).toEqual([
      due,
      bill.total,
      digest,
      bill.issuedAt,
    ]);
    for (const [meter, counts] of metersOf(lives, used.get(month) ?? [], month)) {
      const billed = bill.lines.find((line: Json) => line.meter === meter)?.metered ?? 0;
      const since = corrections.filter((one: Json) => one.month === month && one.meter === meter);
      const all = counts.free + counts.packs + counts.postPaid;
      expect(billed + total(since, 'calls'), `${say} ${meter}`).toBe(all);
    }
    const settled = statement.entries.find(
      (one: Json) => one.kind === 'settlement' && one.reference === month,
    );
    expect(settled?.amount ?? ZERO, say).toBe(negated(due));
    const own = rows.filter((row) => row['digest'] === digest);
    const counting = (of: string) =>
      amounts(
        own.filter((row) => row['counts_in'] === of),
        'amount',
      );
    expect([counting('due'), counting('packs')], say).toEqual([due, bill.packsTotal]);
    expect(
      amounts(
        focus.filter(({ InvoiceId }) => InvoiceId === digest),
        'BilledCost',
      ),
      say,
    ).toBe(bill.total);
    await explanationAgrees(await body(`${path}/bills/${month}/explain`), bill);
    expect(await body(`${path}/bills/${month}/replay`), say).toMatchObject({ match: true, issued: digest });
  }
  const packs = await all(`${path}/packs`);
  const bought = [...bills, ...drafts].flatMap((one) => one.packPurchases);
  const named = bought.map(({ pack, pool, size, price }: Json) => ({ pack, pool, size, price }));
  expect(sorted(named, 'pack')).toEqual(
    sorted(
      packs.map(({ pack, pool, size, price }) => ({ pack, pool, size, price })),
      'pack',
    ),
  );
  return drafts;
};

const explanationAgrees = async (explained: Json, bill: Json): Promise<void> => {
  const say = `explanation of ${bill.account} ${bill.month}`;
  expect([explained.due, explained.total, explained.totals.due.amount], say).toEqual([
    bill.due,
    bill.total,
    bill.due,
  ]);
  expect(explained.totals.unfrozen.amount, say).toBe(bill.unfrozen);
  expect(explained.totals.frozen.amount, say).toBe(bill.frozen.total);
  expect(explained.lines.length, say).toBe(bill.lines.length);
  for (const [i, line] of explained.lines.entries()) {
    const { metered, free, packs, postPaid, formula, amount } = bill.lines[i];
    expect([line.quantities, line.formula, line.amount], say).toEqual([
      { metered, free, packs, postPaid },
      formula,
      amount,
    ]);
    for (const rows of [line.days, line.pools]) {
      const sums = COUNTS.map((count) => total(rows, count));
      expect(sums, `${say} ${line.meter}`).toEqual([free, packs, postPaid]);
    }
    expect(total(line.packs, 'calls'), say).toBe(packs);
  }
  const brief = ({ month, meter, calls, amount }: Json) => ({ month, meter, calls, amount });
  expect(explained.corrections.map(brief), say).toEqual(bill.corrections.map(brief));
  for (const { calls, amount, billed, now } of explained.corrections)
    expect([now.calls - billed.calls, minus(now.amount, billed.amount)], say).toEqual([calls, amount]);
};
