/**
 * The page of an account with a long life, in a real browser: how long each part of it takes to be there, and what the
 * page holds in memory while events of that account come at 100 a second.
 */
import { type Browser, type CDPSession, chromium, type Page } from 'playwright-core';
import { ingest } from '../src/ledger/account/ingest.ts';
import { HEADERS, serve } from './http.ts';
import { batchText, inGroups, ledgerWith, NOW, nameOf, OPENED, reportsOf } from './load.ts';

const BATCH = 1_000;
const EVENTS_A_SECOND = 100;
const MIB = 1024 * 1024;
const POLL_MS = 10;
const ACCOUNT = `/accounts/${nameOf(0)}`;
const PARTS = {
  summary: ACCOUNT,
  usage: `${ACCOUNT}/usage`,
  packs: `${ACCOUNT}/packs`,
  'one pack': `${ACCOUNT}/packs?pack=pack-000001`,
  bills: `${ACCOUNT}/bills`,
  notices: `${ACCOUNT}/notices`,
  events: `${ACCOUNT}/events`,
  'summary as it was': `${ACCOUNT}?asOf=${encodeURIComponent(new Date(NOW).toISOString())}`,
} as const;

/** A ledger whose one account has so many records, the most of them paid by packs. */
const filled = async (records: number) => {
  const { ledger, path, done } = await ledgerWith(1);
  const body = { amount: '900000', reference: 'bench' };
  await ledger.execute(nameOf(0), { name: 'deposit', body }, OPENED, null);
  for (const pool of ['compare', 'search', 'detect']) {
    const pack = { pool: `face-recognition/${pool}`, size: 10_000_000, quantity: 1 };
    const answer = await ledger.execute(nameOf(0), { name: 'buy-packs', body: pack }, OPENED, null);
    if (answer.outcome === 'refused') throw new Error(answer.refusal.detail);
  }
  await inGroups(records / BATCH, 8, async () => {
    const { counts } = await ingest(ledger, reportsOf(batchText(BATCH, () => nameOf(0))), NOW);
    if (counts.accepted !== BATCH) throw new Error(`${counts.accepted} of ${BATCH} records were accepted`);
  });
  await ledger.viewsCaughtUp();
  return { ledger, path, done };
};

const signedIn = async (browser: Browser, base: string): Promise<Page> => {
  const page = await browser.newPage();
  await openAnew(page, base, '/price-books');
  return page;
};

/** A page that is loaded anew asks for the key. */
const openAnew = async (page: Page, base: string, path: string): Promise<void> => {
  await page.goto(`${base}${path}`);
  await page.locator('input[type=password]').fill(HEADERS.authorization.replace('Bearer ', ''));
  await page.locator('button[type=submit]').click();
  await settled(page);
};

const settled = async (page: Page): Promise<void> => {
  await page.locator('main h1').waitFor();
  // Drawn once after the change of address: from then on the page itself says that it is loading.
  await page.evaluate(
    'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))',
  );
  for (const busy = page.locator('main[aria-busy=true], main [aria-busy=true]'); (await busy.count()) > 0; )
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
};

/** Milliseconds until a part is there, as a link within the page leads to it; on the first visit, with nothing kept. */
const navigations = async (page: Page): Promise<readonly (readonly [string, number])[]> => {
  const times: (readonly [string, number])[] = [];
  for (const [name, path] of Object.entries(PARTS)) {
    const began = performance.now();
    await page.evaluate(
      `history.pushState(null, '', ${JSON.stringify(path)}); dispatchEvent(new PopStateEvent('popstate'))`,
    );
    await settled(page);
    times.push([name, performance.now() - began]);
  }
  return times;
};

/** Bytes of the page's heap after a collection. */
const heapOf = async (session: CDPSession): Promise<number> => {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize;
};

/** Reports single records, each an event of its own, for so many seconds; the number that were accepted. */
const report = async (base: string, seconds: number): Promise<number> => {
  let accepted = 0;
  const running: Promise<void>[] = [];
  const one = async (): Promise<void> => {
    const body = batchText(1, () => nameOf(0)).slice(1, -1);
    const response = await fetch(`${base}/v1/usage`, { method: 'POST', headers: HEADERS, body });
    if (response.ok) accepted += 1;
  };
  const began = performance.now();
  for (let i = 0; i < seconds * EVENTS_A_SECOND; i++) {
    const wait = (i * 1_000) / EVENTS_A_SECOND - (performance.now() - began);
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    running.push(one());
  }
  await Promise.all(running);
  return accepted;
};

/** So many records of one account; events for so many seconds. Needs Chromium, and the dashboard built. */
export const benchDashboard = async (records: number, seconds: number): Promise<string> => {
  const { ledger, path, done } = await filled(records);
  await ledger.close();
  const clock = new Date(NOW).toISOString();
  const served = await serve(0, { store: `sqlite:${path}`, flags: ['--clock', clock] });
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  try {
    const page = await signedIn(browser, served.base);
    const times = await navigations(page);
    const lines = [
      `the page of an account with ${records.toLocaleString('en-US')} records: ${times
        .map(([name, ms]) => `${name} ${Math.round(ms)} ms`)
        .join(', ')}`,
    ];
    const session = await page.context().newCDPSession(page);
    for (const name of ['summary', 'events'] as const) {
      await openAnew(page, served.base, PARTS[name]);
      const heaps = [await heapOf(session)];
      let accepted = 0;
      for (let part = 0; part < 4; part++) {
        accepted += await report(served.base, seconds / 4);
        heaps.push(await heapOf(session));
      }
      const shown = heaps.map((bytes) => (bytes / MIB).toFixed(1)).join(', ');
      lines.push(`beside ${accepted} events in ${seconds} s (${name}): heap ${shown} MiB`);
    }
    return lines.join('\n');
  } finally {
    await browser.close();
    await served.stop();
    await done();
  }
};
