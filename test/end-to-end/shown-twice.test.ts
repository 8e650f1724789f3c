/**
 * Numbers that are shown in two places are the same: a small demonstration ledger is asked over HTTP for everything, and
 * accounts, packs, usage, bills, explanations, exports, statements, the overview and the operator's counts are compared.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildDemo, DEMO_ENDS } from '../../src/demo/build.ts';
import { minus, negated, plus, sum, ZERO } from '../../src/domain/money.ts';
import type { OperationSums } from '../../src/projections/operation.ts';
import type { OverviewView } from '../../src/projections/overview.ts';
import { recordsOf } from '../export/parsed-csv.ts';
import { type ServedApi, served } from '../support/api.ts';

// biome-ignore lint/suspicious/noExplicitAny: what comes back is what is compared.
type Json = any;
const MONTHS = Array.from(
  { length: 15 },
  (_, i) => `${2019 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, '0')}`,
);
const COUNTS = ['calls', 'free', 'packs', 'postPaid'] as const;

let api: ServedApi;
const lives = new Map<string, Life>();

interface Life {
  readonly account: Json;
  readonly packs: readonly Json[];
  readonly bills: readonly Json[];
  readonly statement: Json;
  readonly events: readonly Json[];
  readonly days: ReadonlyMap<string, readonly Json[]>;
}

const all = async (path: string): Promise<Json[]> => {
  const items: Json[] = [];
  for (let cursor = ''; ; ) {
    const { body } = await api.ok('GET', `${path}${path.includes('?') ? '&' : '?'}limit=1000${cursor}`);
    items.push(...body.items);
    if (body.next === null) return items;
    cursor = `&cursor=${encodeURIComponent(body.next)}`;
  }
};
const body = async (path: string): Promise<Json> => (await api.ok('GET', path)).body;
const csv = async (path: string): Promise<Record<string, string>[]> => recordsOf(await body(path));
const total = (rows: readonly Json[], of: string): number => rows.reduce((n, row) => n + Number(row[of]), 0);
const amounts = (rows: readonly Json[], of: string): string => sum(rows.map((row) => String(row[of])));

beforeAll(async () => {
  api = await served({ SUANPAN_CLOCK: DEMO_ENDS, SUANPAN_CLOSE_AT: 'manual' });
  await buildDemo(api.running.api.ledger, { accounts: 10, records: 1_400 }, () => undefined);
  for (const { account } of await all('/accounts')) {
    const path = `/accounts/${account}`;
    const bills = await Promise.all(
      (await all(`${path}/bills`)).map(({ month }) => body(`${path}/bills/${month}`)),
    );
    const days = new Map<string, Json[]>();
    for (const month of MONTHS) days.set(month, await all(`${path}/usage?month=${month}&by=day`));
    lives.set(account, {
      ...{ account: await body(path), packs: await all(`${path}/packs`), bills, days },
      ...{ statement: await body(`${path}/statement`), events: await all(`${path}/events`) },
    });
  }
});
afterAll(() => api.stop());

const each = async (work: (id: string, life: Life) => Promise<void> | void): Promise<void> => {
  expect(lives.size).toBe(10);
  for (const [id, life] of lives) await work(id, life);
};

describe('of an account', () => {
  test('the balance: in the list, as it is, in the statement as JSON and as CSV', () =>
    each(async (id, { account, statement }) => {
      const listed = (await all('/accounts')).find((one) => one.account === id);
      expect(listed).toEqual(account);
      const { total: held, available, frozen } = account.balance;
      expect([statement.closing, statement.frozen.closing]).toEqual([held, frozen]);
      expect(available).toBe(minus(held, frozen));
      expect(plus(statement.opening, amounts(statement.entries, 'amount'))).toBe(held);
      for (const [kind, told] of Object.entries(statement.sums))
        expect(
          amounts(
            statement.entries.filter((one: Json) => one.kind === kind),
            'amount',
          ),
          kind,
        ).toBe(told);
      const rows = await csv(`/accounts/${id}/statement?format=csv`);
      const closing = rows.filter(({ kind }) => kind === 'closing').map(({ after }) => after);
      expect(closing).toEqual([held, frozen]);
    }));

  test('its packs: bought, paid for, used and left', () =>
    each((_id, { packs, bills, statement, days, events }) => {
      expect(amounts(packs, 'price')).toBe(negated(statement.sums.packs));
      const billed = bills.flatMap(({ packPurchases }) => packPurchases);
      const open = packs.filter(({ pack }) => !billed.some((one: Json) => one.pack === pack));
      expect(billed.length + open.length).toBe(packs.length);
      expect(plus(amounts(bills, 'packsTotal'), amounts(open, 'price'))).toBe(amounts(packs, 'price'));
      const voided = events.filter(({ type }) => type === 'PackVoided');
      const used = packs.reduce((n, one) => n + one.size - one.remaining - one.forfeited, 0);
      const paid = [...days.values()].flat().reduce((n, row) => n + row.packs, 0);
      expect(
        used -
          total(
            voided.map(({ data }) => data),
            'voided',
          ),
      ).toBe(paid);
      const expired = events.filter(({ type }) => type === 'PackExpired').map(({ data }) => data);
      // A record reported after the expiry may still use calls that the fact counted.
      expect(total(packs, 'forfeited')).toBeLessThanOrEqual(total(expired, 'forfeited'));
    }));

  test('its usage of a month: by day, by interface, by record, and as CSV by day and by record', () =>
    each(async (id, { days }) => {
      for (const month of MONTHS) {
        const byDay = days.get(month) ?? [];
        const path = `/accounts/${id}/usage?month=${month}`;
        const byInterface = await all(`${path}&by=interface`);
        const [dayCsv, recordCsv] = [
          await csv(`/accounts/${id}/exports/usage.csv?month=${month}&by=day`),
          await csv(`/accounts/${id}/exports/usage.csv?month=${month}&by=record`),
        ];
        for (const count of COUNTS) {
          const told = total(byDay, count);
          const column = count === 'postPaid' ? 'post_paid' : count;
          expect(total(byInterface, count), `${id} ${month} ${count}`).toBe(told);
          expect(total(dayCsv, column), `${id} ${month} ${count} by day`).toBe(told);
          expect(total(recordCsv, column), `${id} ${month} ${count} by record`).toBe(told);
        }
        const records = await all(`${path}&by=record`);
        expect(total(records, 'calls')).toBe(total(byDay, 'calls'));
        expect(records.length).toBe(total(byDay, 'records'));
        const { items: allowances } = await body(`/accounts/${id}/allowances?month=${month}`);
        expect(total(allowances, 'used'), `${id} ${month} allowances`).toBe(total(byDay, 'free'));
      }
    }));

  test('a month’s calls: as metered, as billed with what later bills and the next one correct', () =>
    each(async (id, { bills, days }) => {
      const last = bills.at(-1)?.month;
      const next = MONTHS[MONTHS.indexOf(last) + 1] ?? MONTHS[0];
      const draft = await body(`/accounts/${id}/estimate?month=${next}`);
      for (const bill of bills) {
        const corrections = [...bills, draft].flatMap((one) => one.corrections);
        const ofMonth = corrections.filter(({ month }: Json) => month === bill.month);
        const charged = (days.get(bill.month) ?? []).reduce(
          (n, row) => n + row.free + row.packs + row.postPaid,
          0,
        );
        expect(total(bill.lines, 'metered') + total(ofMonth, 'calls'), `${id} ${bill.month}`).toBe(charged);
      }
    }));

  test('a bill: in the list, on the statement, explained, replayed, as rows of bills.csv and of FOCUS', () =>
    each(async (id, { bills, statement }) => {
      const summaries = await all(`/accounts/${id}/bills`);
      const rows = await csv(`/accounts/${id}/exports/bills.csv`);
      const focus = await csv(`/accounts/${id}/exports/focus.csv`);
      for (const bill of bills) {
        const { month, due, digest } = bill;
        const said = summaries.find((one) => one.month === month);
        expect([said.due, said.total, said.digest]).toEqual([due, bill.total, digest]);
        const settled = statement.entries.find(
          (one: Json) => one.kind === 'settlement' && one.reference === month,
        );
        expect(settled?.amount ?? ZERO).toBe(negated(due));
        const explained = await body(`/accounts/${id}/bills/${month}/explain`);
        expect([explained.due, explained.total, explained.totals.total.amount]).toEqual([
          due,
          bill.total,
          bill.total,
        ]);
        for (const [i, line] of explained.lines.entries()) {
          const { metered, free, packs, postPaid } = bill.lines[i];
          expect(line.quantities).toEqual({ metered, free, packs, postPaid });
          expect(total(line.days, 'calls')).toBe(metered);
          expect(total(line.packs, 'calls')).toBe(packs);
          expect(
            total(
              line.held.filter(({ place }: Json) => place !== null),
              'paid',
            ),
          ).toBe(packs);
        }
        const own = rows.filter((row) => row['digest'] === digest);
        expect(
          amounts(
            own.filter(({ counts_in }) => counts_in === 'due'),
            'amount',
          ),
        ).toBe(due);
        expect(
          amounts(
            own.filter(({ counts_in }) => counts_in === 'packs'),
            'amount',
          ),
        ).toBe(bill.packsTotal);
        const charges = focus.filter(({ InvoiceId }) => InvoiceId === digest);
        expect(amounts(charges, 'BilledCost')).toBe(bill.total);
        expect((await body(`/accounts/${id}/bills/${month}/replay`)).match).toBe(true);
      }
    }));
});

describe('of the ledger', () => {
  const overviews = async (): Promise<{ all: OverviewView; months: Map<string, OverviewView> }> => {
    await all('/accounts/demo-01/notices');
    const { views } = api.running.api.ledger;
    const months = views?.list('overview', 'month/', null, 1_000) ?? [];
    return {
      all: views?.get('overview', 'all') as OverviewView,
      months: new Map(months.map(({ key, value }) => [key.slice('month/'.length), value as OverviewView])),
    };
  };

  test('every number of the overview is the sum of its months', async () => {
    const { all: sums, months } = await overviews();
    for (const [name, value] of Object.entries(sums)) {
      const parts = [...months.values()].map((month) => month[name as keyof OverviewView]);
      const added =
        typeof value === 'string'
          ? sum(parts.map(String))
          : parts.reduce<number>((n, one) => n + Number(one), 0);
      expect(added, name).toBe(value);
      // So few calls freeze too little for a freeze to fail.
      if (name !== 'freezesFailed') expect(Number(value), `${name} is seen at least once`).toBeGreaterThan(0);
    }
  });

  test('and of each month what the accounts say of it', async () => {
    const { months } = await overviews();
    const of = [...lives.values()];
    const inMonth = (instant: string, month: string) =>
      api.running.api.ledger.calendar.monthOf(Date.parse(instant)) === month;
    for (const [month, told] of months) {
      const bought = of.flatMap(({ packs }) =>
        packs.filter(({ purchasedAt }) => inMonth(purchasedAt, month)),
      );
      const bills = of.flatMap((life) => life.bills.filter((bill) => bill.month === month));
      const days = of.flatMap((life) => life.days.get(month) ?? []);
      const events = of.flatMap((life) => life.events);
      expect(told, month).toEqual({
        accounts: events.filter(({ type, at }) => type === 'AccountOpened' && inMonth(at, month)).length,
        records: total(days, 'records'),
        calls: total(days, 'calls'),
        packsSold: bought.length,
        packRevenue: amounts(bought, 'price'),
        bills: bills.length,
        settled: amounts(bills, 'due'),
        freezesFailed: events.filter(({ type, data }) => type === 'FreezeFailed' && data.month === month)
          .length,
      });
    }
  });

  test('the overview over HTTP is what accounts, packs, usage, estimates and bills are', async () => {
    const told = await body('/overview');
    const of = [...lives.values()];
    const balances = of.map(({ account }) => account.balance);
    const totals = balances.map(({ total: one }) => one as string);
    expect(told.money).toEqual({
      held: sum(totals.filter((one) => !one.startsWith('-'))),
      owed: negated(sum(totals.filter((one) => one.startsWith('-')))),
      frozen: amounts(balances, 'frozen'),
    });
    expect([told.accounts, told.today]).toEqual([lives.size, '2020-03-05']);
    expect(told.months).toEqual({ current: '2020-03', before: '2020-02' });

    const usable = of.flatMap(({ packs }) => packs.filter(({ state }) => state === 'usable'));
    const pools = [...new Set(usable.map(({ pool }) => pool))].sort();
    expect(told.packs.pools).toEqual(
      pools.map((pool) => {
        const own = usable.filter((one) => one.pool === pool);
        const untouched = own.filter(({ size, remaining }) => size === remaining).length;
        return { pool, packs: own.length, untouched, calls: total(own, 'remaining') };
      }),
    );
    const stocked = await all('/overview/packs');
    expect(stocked.map(({ left }) => left).reduce((n, one) => n + one, 0)).toBe(total(usable, 'remaining'));
    expect(stocked.map(({ expiresAt }) => expiresAt)).toEqual(
      usable.map(({ expiresAt }) => expiresAt).sort(),
    );

    const products = new Set(of.flatMap(({ account }) => account.services as string[]));
    const linesOf = (bills: readonly Json[], product: string): Json[] =>
      bills.flatMap(({ lines }) => lines.filter((line: Json) => line.product === product));
    const usageOf = (month: string, product: string): number =>
      total(
        of
          .flatMap(({ days }) => days.get(month) ?? [])
          .filter((row) => row.interface.startsWith(`${product}/`)),
        'calls',
      );
    const drafts = await Promise.all([...lives.keys()].map((id) => body(`/accounts/${id}/estimate`)));
    const february = of.flatMap(({ bills }) => bills.filter(({ month }) => month === '2020-02'));
    // Where February is not closed, its estimate stands for its bill.
    const still = await Promise.all(
      [...lives]
        .filter(([, { bills }]) => !bills.some(({ month }) => month === '2020-02'))
        .map(([id]) => body(`/accounts/${id}/estimate?month=2020-02`)),
    );
    const priced = (lines: readonly Json[]): string => sum(lines.map(({ amount }) => amount ?? ZERO));
    for (const product of products) {
      const own = told.products.find((one: Json) => one.product === product);
      const { current, before } = own ?? { current: { calls: 0, amount: ZERO, unpriced: 0 } };
      expect([product, current.calls, current.amount]).toEqual([
        ...[product, usageOf('2020-03', product), priced(linesOf(drafts, product))],
      ]);
      expect(current.unpriced).toBe(linesOf(drafts, product).filter(({ amount }) => amount === null).length);
      expect([product, before.whole.calls, before.whole.amount]).toEqual([
        ...[product, usageOf('2020-02', product), priced(linesOf([...february, ...still], product))],
      ]);
    }
    expect(told.products.map(({ product }: Json) => product)).toEqual([...products].sort());
  });

  test('the overview’s days are the events of the day', async () => {
    const { intake, products } = await body('/overview');
    const { calendar } = api.running.api.ledger;
    const events = [...lives.values()].flatMap((life) => life.events);
    for (const told of intake) {
      const own = events.filter(({ at }) => calendar.dayOf(Date.parse(at)) === told.day);
      const data = (type: string) => own.filter((one) => one.type === type).map((one) => one.data);
      expect(told.accepted, told.day).toBe(total(data('CallsMetered'), 'records'));
      expect(told.corrections).toBe(data('UsageCorrected').length);
      expect(told.packsSold).toBe(data('PackPurchased').reduce((n, { packs }) => n + packs.length, 0));
    }
    expect(total(intake, 'accepted')).toBeGreaterThan(0);
    for (const { before } of products) {
      const until = before.days.filter(({ day }: Json) => day <= '2020-02-05');
      expect([before.calls, before.amount]).toEqual([total(until, 'calls'), amounts(until, 'amount')]);
    }
  });

  test('packs that expire soon are those of the list', async () => {
    const { packs } = await body('/overview');
    const { calendar } = api.running.api.ledger;
    const soon = (await all('/overview/packs')).filter(
      ({ expiresAt }) => calendar.dayOf(Date.parse(expiresAt)) < '2020-04-04',
    );
    expect(total(packs.expiring, 'packs')).toBe(soon.length);
    expect(total(packs.expiring, 'calls')).toBe(total(soon, 'left'));
  });

  const monthsToClose = (): Json[] => {
    const next = new Map<string, number>();
    for (const { bills } of lives.values()) {
      const month = MONTHS[bills.length] ?? '';
      if (month < '2020-03') next.set(month, (next.get(month) ?? 0) + 1);
    }
    const of = [...next].map(([month, accounts]) => ({ month, accounts, closesAt: null, isDue: true }));
    return of.sort((a, b) => (a.month < b.month ? -1 : 1));
  };

  test('what an operator watches is what the accounts are', async () => {
    await all('/accounts/demo-01/notices');
    const { views } = api.running.api.ledger;
    const sums = views?.get('operation', 'sums') as OperationSums;
    const balances = [...lives.values()].map(({ account }) => account.balance.total as string);
    expect(sums.accounts).toBe(lives.size);
    expect(sums.belowZero).toBe(balances.filter((one) => one.startsWith('-')).length);
    const text = await (await fetch(`${api.base}/metrics`)).text();
    const figure = (name: string) => Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1]);
    expect(figure('suanpan_accounts')).toBe(sums.accounts);
    expect(figure('suanpan_accounts_below_zero')).toBe(sums.belowZero);
    const open = [...lives.values()].flatMap(({ bills }) => MONTHS.slice(0, 14).slice(bills.length));
    expect(figure('suanpan_months_open')).toBe(open.length);
    const inbox = await body('/inbox');
    expect(inbox.months).toEqual(monthsToClose());
    const needing = await all('/inbox/accounts');
    const stopped = [...lives].filter(
      ([, { account }]) => account.status === 'suspended' || account.balance.total.startsWith('-'),
    );
    expect(needing.map(({ account }) => account)).toEqual(expect.arrayContaining(stopped.map(([id]) => id)));
    expect(inbox.accounts.needing).toBe(needing.length);
    expect(inbox.accounts.inArrears).toBe(sums.belowZero);
    expect(inbox.accounts.suspended).toBe(
      [...lives.values()].filter(({ account }) => account.status === 'suspended').length,
    );
    for (const one of needing) {
      const { balance, suspensions } = lives.get(one.account)?.account ?? {};
      expect([one.total, one.frozen]).toEqual([balance.total, balance.frozen]);
      expect(one.suspensions.map(({ note: _, ...rest }: Json) => rest)).toEqual(suspensions);
    }
    const logged = await Promise.all([...lives.keys()].map((id) => all(`/accounts/${id}/refused-usage`)));
    const refusedOf = new Map<string, number>();
    for (const { key, value } of views?.list('refused', '', null, 1_000) ?? [])
      refusedOf.set(key, (value as { reports: number }).reports);
    expect([...refusedOf.values()].reduce((n, one) => n + one, 0)).toBe(logged.flat().length);
    const blocked = await all('/months/2020-02/blocked');
    expect(inbox.waiting).toEqual(
      blocked.length === 0 ? [] : [{ code: 'price_not_agreed', accounts: blocked.length }],
    );
    expect(figure('suanpan_closes_waiting\\{code="price_not_agreed"\\}')).toBe(blocked.length);
  });
});
