/**
 * The dashboard on a ledger of many accounts: how long until the first page shows its figures, and each further one, in
 * Chromium. From the moment of asking to the frame after the last thing asked for is shown.
 */
import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { nextMonth } from '../src/domain/calendar.ts';
import { ingest } from '../src/ledger/account/ingest.ts';
import type { Ledger } from '../src/ledger/ledger.ts';
import { HEADERS, serve } from './http.ts';
import { batchText, inGroups, ledgerWith, nameOf, OPENED, reportsOf, timed } from './load.ts';

const DAY = 86_400_000;
const FIRST = '2019-01';
const ROUNDS = 5;
const BATCH = 1_000;
/** The first account has this many records, every other one a few. */
const LARGE = nameOf(0);

const SURNAMES = ['上海示例', 'Northwind', 'Acme', 'Zenith', '杭州云帆'];
const isSuspended = (i: number): boolean => i % 50 === 7;

export interface PagesSize {
  readonly accounts: number;
  readonly months: number;
  /** Of the first account. */
  readonly records: number;
}

export const benchPages = async (size: PagesSize): Promise<string> => {
  const executablePath = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => existsSync(path));
  if (executablePath === undefined) return 'pages: skipped, there is no Chromium here';
  const {
    ledger,
    path,
    done: deleted,
  } = await ledgerWith(size.accounts, (i) => `${SURNAMES[i % SURNAMES.length]} ${i}`);
  const ends = await lived(ledger, size);
  const views = await timed(1, () => ledger.viewsCaughtUp());
  await ledger.close();
  const clock = new Date(ends).toISOString();
  const served = await serve(0, { store: `sqlite:${path}`, flags: ['--clock', clock] });
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const took = new Map<string, number[]>();
    for (let round = 0; round < ROUNDS; round++)
      for (const [name, ms] of await visited(browser, served.base))
        took.set(name, [...(took.get(name) ?? []), ms]);
    const lines = [...took].map(([name, all]) => {
      const sorted = all.toSorted((a, b) => a - b);
      const [median = 0, most = 0] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
      return `  ${name}: ${Math.round(median)} ms, at most ${Math.round(most)}`;
    });
    const count = (n: number) => n.toLocaleString('en-US');
    const of = `${count(size.accounts)} accounts, ${size.months} months, one account of ${count(size.records)} records`;
    return `pages, ${of} (views ${views.seconds.toFixed(1)} s behind at the end), ${ROUNDS} rounds:\n${lines.join('\n')}`;
  } finally {
    await browser.close();
    await served.stop();
    await deleted();
  }
};

/** Names, deposits, packs, suspensions, usage, closes. The instant at its end. */
const lived = async (ledger: Ledger, { accounts, months, records }: PagesSize): Promise<number> => {
  await inGroups(accounts, 500, async (i) => {
    const account = nameOf(i);
    const amount = `${10_000 + ((i * 7_919) % 90_000)}`;
    await done(ledger, account, { name: 'deposit', body: { amount, reference: 'w' } }, OPENED);
    const body = { pool: 'face-recognition/compare', size: 1_000_000, quantity: 1 };
    if (i % 4 === 0) await done(ledger, account, { name: 'buy-packs', body }, OPENED);
    const why = { reason: 'prohibited', note: 'n' } as const;
    if (isSuspended(i)) await done(ledger, account, { name: 'suspend', body: why }, OPENED);
  });
  await inGroups(records / BATCH, 8, async () => {
    await ingest(ledger, reportsOf(batchText(BATCH, () => LARGE)), OPENED + 28 * DAY);
  });
  let [month, at] = [FIRST, OPENED];
  for (let i = 0; i < months; i++) {
    const now = ledger.calendar.startOf(month) + 20 * DAY;
    const used = { interface: 'face-recognition/search', time: now, calls: 100_000, submitted: null };
    await inGroups(accounts, 500, async (account) => {
      if (!isSuspended(account))
        await ledger.meter(nameOf(account), [{ source: '/g', id: `of-${month}`, ...used }], now);
    });
    at = ledger.calendar.startOf(nextMonth(month)) + DAY / 6;
    await inGroups(accounts, 500, async (account) => {
      await done(ledger, nameOf(account), { name: 'close-month', body: { month } }, at);
    });
    month = nextMonth(month);
  }
  return at + DAY;
};

/** Gives a command that must not be refused. */
const done = async (
  ledger: Ledger,
  account: string,
  command: Parameters<Ledger['execute']>[1],
  at: number,
): Promise<void> => {
  const answer = await ledger.execute(account, command, at, null);
  if (answer.outcome === 'refused') throw new Error(`${account}: ${answer.refusal.detail}`);
};

/** An address, and what shows that its page is there. */
const PAGES: readonly (readonly [name: string, path: string, shows: string])[] = [
  ['accounts by balance', '/accounts?sort=balance&order=down', 'th[aria-sort=descending]'],
  ['accounts by name', '/accounts?sort=name&order=up', 'th[aria-sort=ascending] a[href*="sort=name"]'],
  ['accounts suspended', '/accounts?status=suspended&sort=balance&order=down', 'main tbody tr'],
  ['accounts found', '/accounts?q=99', 'main tbody tr'],
  ['accounts found among many', '/accounts?q=account&status=suspended', 'main tbody tr'],
  ['the large account', `/accounts/${LARGE}`, 'main dl dd'],
  ['its usage', `/accounts/${LARGE}/usage?month=${FIRST}`, 'main article h1'],
  ['its packs', `/accounts/${LARGE}/packs`, 'main article h1'],
  ['its bills', `/accounts/${LARGE}/bills`, 'main article h1'],
  ['its events', `/accounts/${LARGE}/events`, 'main article h1'],
  ['its bill', `/accounts/${LARGE}/bills/${FIRST}`, 'main table'],
  ['finance', '/finance', 'main tbody tr'],
  ['a month of finance', `/finance/${FIRST}`, 'main tbody tr'],
  ['its bills by account', `/finance/${FIRST}/bills`, 'main tbody tr'],
  ['packs of a pool by account', '/finance/packs?pool=face-recognition/compare', 'main tbody tr'],
  ['the inbox', '/inbox', 'main h1'],
  ['disputes', '/disputes', 'main h1'],
  ['price books', '/price-books', 'main tbody tr'],
];

/** In a browser that has seen nothing yet: milliseconds by page. */
const visited = async (browser: Browser, base: string): Promise<Map<string, number>> => {
  const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1280, height: 900 } });
  const took = new Map<string, number>();
  try {
    const page = await context.newPage();
    const key = HEADERS.authorization.slice('Bearer '.length);
    await context.addInitScript(`sessionStorage.setItem('suanpan.key', ${JSON.stringify(key)})`);
    await page.goto(`${base}/accounts`, { waitUntil: 'commit' });
    took.set(
      'first page, accounts, from the address on',
      Number(await page.evaluate(until('main tbody tr'))),
    );
    for (const [name, path, shows] of PAGES) took.set(name, await went(page, path, shows));
  } finally {
    await context.close();
  }
  return took;
};

const went = async (page: Page, path: string, shows: string): Promise<number> => {
  const go = `history.pushState(null, '', ${JSON.stringify(path)}); dispatchEvent(new PopStateEvent('popstate'));`;
  return Number(
    await page.evaluate(`(async () => {
    const asked = performance.now();
    ${go}
    await new Promise((painted) => requestAnimationFrame(painted));
    return (await ${until(shows)}) - asked;
  })()`),
  );
};

/** The page's time when something is shown and nothing is loading any more, after the frame that shows it. */
const until = (selector: string): string => `new Promise((shown, failed) => {
  const started = performance.now();
  const look = () => {
    if (document.querySelector(${JSON.stringify(selector)}) && !document.querySelector('main [aria-busy=true]'))
      requestAnimationFrame(() => setTimeout(() => shown(performance.now())));
    else if (performance.now() - started > 20000) failed(new Error(location.href + ' does not show ' + ${JSON.stringify(selector)} + ' but ' + document.querySelector('main').innerHTML.slice(0, 600)));
    else requestAnimationFrame(look);
  };
  look();
})`;
