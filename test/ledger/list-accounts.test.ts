/**
 * Lists of accounts out of the views: a page reads as many rows of a large ledger as of a small one, and pages come to an
 * end with every account once, whatever is asked for. And a name that was erased is in no byte of the views' files.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openViews, type Views } from '../../src/derived/views.ts';
import { calendarOf } from '../../src/domain/calendar.ts';
import { type AccountEvent, event } from '../../src/domain/events.ts';
import type { openMemoryStore } from '../../src/eventstore/memory.ts';
import { databaseFiles } from '../../src/files/sqlite-file.ts';
import { forgetErased } from '../../src/ledger/following/erased-names.ts';
import { catchUp } from '../../src/ledger/following/follow.ts';
import { openLedgerAt } from '../../src/ledger/open.ts';
import { type AccountsAsked, listAccounts } from '../../src/ledger/queries/list-accounts.ts';
import { accounts } from '../../src/projections/accounts.ts';
import { temporaryFolder } from '../support/folder.ts';
import { instant } from '../support/given.ts';

const CALENDAR = calendarOf('Asia/Shanghai');
const OPENED = instant('2019-01-01T00:00:00+08:00');
const idOf = (i: number): string => `a-${String(i).padStart(5, '0')}`;

/** So many accounts: every tenth is suspended, every hundredth rare, with some named alike. */
const viewsOf = (count: number): Views => {
  const views = openViews(':memory:');
  const rows = new Map<string, unknown>();
  const values = {
    get: (key: string) => rows.get(key) as never,
    set: (key: string, value: unknown) => void rows.set(key, value),
    delete: (key: string) => void rows.delete(key),
  };
  for (let i = 0; i < count; i++) {
    const account = idOf(i);
    const tell = (told: AccountEvent): void =>
      accounts.project({ account, revision: 0, position: '1', event: told }, values, CALENDAR);
    tell(event('AccountOpened', OPENED + i * 1_000, { account }));
    const name = `${i % 2 ? 'Odd' : 'Even'} ${i % 7} Co`;
    accounts.projectNews?.(
      { position: '1', at: 0, news: { type: 'HolderNamed', account, name } },
      values,
      CALENDAR,
    );
    tell(event('FundsDeposited', OPENED, { amount: `${(i * 7_919) % 10_007}.00`, reference: 'r' }));
    tell(event('ServiceActivated', OPENED, { product: i % 2 ? 'sms' : 'ocr' }));
    if (i % 100 === 3) tell(event('ServiceActivated', OPENED, { product: 'rare' }));
    if (i % 10 === 0) tell(event('AccountSuspended', OPENED, { reason: 'prohibited', note: '' }));
  }
  views.save(accounts, rows, '1');
  return views;
};

const ANY: AccountsAsked = { text: null, groups: ['all'], sort: 'account', isDown: false, only: null };
const ASKED: Readonly<Record<string, AccountsAsked>> = {
  'by id': ANY,
  'by balance, from the greatest': { ...ANY, sort: 'balance', isDown: true },
  'by name': { ...ANY, sort: 'name' },
  'suspended, by balance': { ...ANY, groups: ['all', 'suspended'], sort: 'balance' },
  'of a rare product, by name': { ...ANY, groups: ['all', 'product:rare'], sort: 'name' },
  'of a rare product, suspended: none': { ...ANY, groups: ['all', 'product:rare', 'suspended'] },
  'of two products that no account has both of': { ...ANY, groups: ['all', 'product:ocr', 'product:sms'] },
  'a search that finds half of all': { ...ANY, text: 'odd', sort: 'opened', isDown: true },
  'a search that finds half of all, by id': { ...ANY, text: 'odd', groups: ['all', 'suspended'] },
  'a search that finds all of those with a letter, from the last': { ...ANY, text: 'a', isDown: true },
  'a search that finds one': { ...ANY, text: '00042' },
  'a search that finds none': { ...ANY, text: 'nobody', groups: ['all', 'suspended'] },
  'a search beside a filter': { ...ANY, text: 'even 3', groups: ['all', 'suspended'], sort: 'frozen' },
};
const SIZES = [2_500, 10_000] as const;
/** Rows that a page may read: those that are looked at, each with its account and its name. */
const ROWS_MAX = 3 * 2_000 + 500;
/** In the order of ids a search reads the words of what it finds as well. */
const FOUND_MAX = 20_000;

describe('a list', () => {
  const all = SIZES.map((size) => viewsOf(size));

  test.each(Object.entries(ASKED))('%s', (_, asked) => {
    const most = all.map((views) => {
      let rows = 0;
      const counting: Views = {
        ...views,
        get: (...of) => {
          rows += 1;
          return views.get(...of);
        },
        list: (...of) => {
          const found = views.list(...of);
          rows += found.length;
          return found;
        },
        listBackwards: (...of) => {
          const found = views.listBackwards(...of);
          rows += found.length;
          return found;
        },
      };
      const seen: string[] = [];
      let worst = 0;
      for (let after: string | null = null; ; ) {
        rows = 0;
        const page = listAccounts(counting, asked, { after, limit: 100 });
        worst = Math.max(worst, rows);
        seen.push(...page.accounts.map(({ account }) => account));
        if (page.next === null) break;
        after = page.next;
      }
      expect(seen).toEqual(byAnotherWay(views, asked));
      return worst;
    });
    for (const worst of most)
      expect(worst).toBeLessThan(asked.text === null ? ROWS_MAX : ROWS_MAX + FOUND_MAX);
  });

  test('by an order alone reads the page, however many there are', () => {
    for (const asked of [
      ASKED['by id'],
      ASKED['by balance, from the greatest'],
      ASKED['suspended, by balance'],
    ])
      for (const views of all) {
        let rows = 0;
        const counted = <Rows extends readonly unknown[]>(found: Rows): Rows => {
          rows += found.length;
          return found;
        };
        const list: Views['list'] = (...of) => counted(views.list(...of));
        const listBackwards: Views['listBackwards'] = (...of) => counted(views.listBackwards(...of));
        const { accounts: page } = listAccounts({ ...views, list, listBackwards }, asked ?? ANY, {
          after: null,
          limit: 100,
        });
        expect(page).toHaveLength(100);
        expect(rows).toBeLessThan(300);
      }
  });

  test('reads no more of four times the accounts', () => {
    const readOf = (views: Views, asked: AccountsAsked): number => {
      let reads = 0;
      const get: Views['get'] = (...of) => {
        reads += 1;
        return views.get(...of);
      };
      listAccounts({ ...views, get }, asked, { after: null, limit: 100 });
      return reads;
    };
    for (const [name, asked] of Object.entries(ASKED)) {
      const [few = 0, many = 0] = all.map((views) => readOf(views, asked));
      // A search of a thousand and more turns from putting in order to walking; both are bounded.
      expect(many, name).toBeLessThanOrEqual(Math.max(2 * few, 4_200));
    }
  });
});

/** Every account is looked at: no search and no group is. */
const byAnotherWay = (views: Views, asked: AccountsAsked): readonly string[] => {
  const seen: string[] = [];
  for (let after: string | null = null; ; ) {
    const page = listAccounts(views, { ...asked, only: everyId(views) }, { after, limit: 100_000 });
    seen.push(...page.accounts.map(({ account }) => account));
    if (page.next === null) return seen;
    after = page.next;
  }
};

/** The rows of the accounts themselves. */
const everyId = (views: Views): readonly string[] =>
  views.list('accounts', 'of/', null, 100_000).map(({ key }) => key.slice('of/'.length));

const NAME = 'Wilhelmina Unmistakable';

test('a name that was erased is in no byte of the views, and finds nothing', async () => {
  const path = join(temporaryFolder(), 'views');
  const ledger = await openLedgerAt({ store: 'memory:', clock: 'driven', books: [] });
  for (const [account, name] of [
    ['acme', NAME],
    ['other', 'Otto'],
  ] as const)
    await ledger.execute(account, { name: 'open-account', body: { name } }, OPENED, null);
  const views = openViews(path);
  await catchUp(ledger.store, views);
  await forgetErased(views, ledger.store);
  const found = (text: string) =>
    listAccounts(views, { ...ANY, text }, { after: null, limit: 9 }).accounts.map(({ account }) => account);
  expect([found('wilhelmina'), found('unmist'), found('otto')]).toEqual([['acme'], ['acme'], ['other']]);
  const bytes = () =>
    databaseFiles(path)
      .filter((file) => existsSync(file))
      .map((file) => readFileSync(file).toString('latin1'))
      .join('')
      .toLowerCase();
  expect(bytes()).toContain('unmistakable');

  const erased = {
    ...ledger.store,
    streams: async (page: Parameters<typeof ledger.store.streams>[0]) =>
      (await ledger.store.streams(page)).filter((stream) => stream !== 'holder-acme'),
  };
  await forgetErased(views, erased);
  expect([found('wilhelmina'), found('unmist'), found('acme'), found('otto')]).toEqual([
    [],
    [],
    ['acme'],
    ['other'],
  ]);
  expect(bytes()).not.toContain('unmistakable');
  expect(bytes()).not.toContain('wilhelm');
  expect(bytes()).toContain('otto');

  // As if the name had never been told.
  const fresh = openViews(':memory:');
  await catchUp(await without(ledger.store, 'holder-acme'), fresh);
  const rowsOf = (of: Views) => of.list('accounts', '', null, 1_000);
  expect(rowsOf(views)).toEqual(rowsOf(fresh));
  for (const one of [views, fresh]) one.close();
  await ledger.close();
});

/** The same ledger without a stream. */
const without = async (store: ReturnType<typeof openMemoryStore>, stream: string) => ({
  ...store,
  readAll: async (page: Parameters<typeof store.readAll>[0]) =>
    (await store.readAll(page)).filter((one) => one.stream !== stream),
});
