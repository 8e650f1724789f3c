/**
 * Links that are cut again and again under load from two servers: nothing lost, nothing double, and up to date again.
 * Of the mishaps (see `cuts-mishaps.ts`) one, `delay`, only makes the link slow; a count of cuts has it among them.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { verifyStore } from '../../../src/audit/verify/verify-store.ts';
import { type Random, randomFrom } from '../../../src/demo/random.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { runs } from '../../support/proof.ts';
import { type Engine, onEveryEngine } from '../engines.ts';
import { appendsOf, counted, openPair, type Pair } from '../ledger-servers.ts';
import { through } from '../proxied.ts';
import type { TcpProxy } from '../tcp-proxy.ts';
import { ACCOUNTS, answered, openAccount, report, startLoad } from './cuts-load.ts';
import { MISHAPS, someMishap } from './cuts-mishaps.ts';

const PROBE = 'probe';
/** The client's own keepalive does not notice a dead link in the time of a test: the adapter's heartbeat must. */
const NO_KEEPALIVE = '&keepAliveInterval=1000000000';
/** How long it took is printed, not asserted: it depends on what else the machine does. */
const FOLLOWS_NO_MORE_MS = 120_000;
const PROBED_ONE_IN = 4;
const LINK_AWAY_MS = 400;
/** What the adapter knows of, and lets pass. */
const GUARDED = 'Channel has been shut down';

/** Rejections that nobody holds, besides the one that is let pass. */
const strayRejections = (): unknown[] => {
  const strays: unknown[] = [];
  const note = (reason: unknown) => {
    if (!(reason instanceof Error && reason.message === GUARDED)) strays.push(reason);
  };
  process.on('unhandledRejection', note);
  onTestFinished(() => void process.off('unhandledRejection', note));
  return strays;
};

/** An engine that holds much else takes a new server a while. */
const followed = (pair: Pair) => Promise.all(pair.map((ledger) => ledger.viewsCaughtUp()));

/** Until the views of a server show so many records, which nobody asks them to. */
const untilShown = async (ledger: Ledger, records: number): Promise<number> => {
  const started = performance.now();
  while (counted(ledger, PROBE).records < records) {
    if (performance.now() - started > FOLLOWS_NO_MORE_MS) throw new Error('the views follow no more');
    await pause(5);
  }
  return performance.now() - started;
};

/** Until one server's views show what the other is given now. */
const untilFollowed = async ([one, two]: Pair, n: number): Promise<number> => {
  const started = performance.now();
  await answered(() => report(one, PROBE, [`probe-${n}`]));
  await untilShown(two, n);
  return performance.now() - started;
};

const befallOne = async (proxies: readonly TcpProxy[], random: Random): Promise<string> => {
  const { mishap, forMs } = someMishap(random);
  const struck = random.perMille(150) ? proxies : [proxies[random.between(0, 1)]];
  await Promise.all(struck.map((proxy) => proxy && mishap.befall(proxy, forMs)));
  return mishap.name;
};

const distribution = (values: readonly number[]): string => {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0);
  return `p50 ${at(0.5)}, p90 ${at(0.9)}, p99 ${at(0.99)}, slowest ${at(1)} ms of ${values.length}`;
};

onEveryEngine('links that are cut', (open) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open();
  });
  afterAll(() => engine.close());

  test('under load from two servers: nothing lost, nothing double, following again', async () => {
    const cuts = runs('cuts of two servers’ links under load', 8, 500);
    const strays = strayRejections();
    const address = engine.address() + NO_KEEPALIVE;
    const [a, b] = [await through(address), await through(address)];
    const pair = await openPair(a.address, b.address);
    for (const account of [...ACCOUNTS, PROBE]) await openAccount(pair[0], account);
    await followed(pair);
    const random = randomFrom(cuts);
    const load = startLoad(pair);
    const returns: { readonly after: string; readonly ms: number }[] = [];
    for (let n = 1; n <= cuts; n++) {
      await pause(random.between(20, 200));
      const after = await befallOne([a.proxy, b.proxy], random);
      if (n % PROBED_ONE_IN === 0)
        returns.push({ after, ms: await load.quietly(() => untilFollowed(pair, returns.length + 1)) });
    }
    await load.stop();

    const { records, deposits, wrong, unanswered } = load.sent;
    const of = (all: ReadonlyMap<string, number>, account: string) =>
      [...all.keys()].filter((id) => id.startsWith(`${account}-`)).length;
    await followed(pair);
    expect(pair[0].views?.digest()).toBe(pair[1].views?.digest());
    for (const account of ACCOUNTS) {
      const expected = { records: of(records, account), calls: of(records, account) };
      for (const ledger of pair) {
        expect([account, counted(ledger, account)]).toEqual([account, expected]);
        const { account: state } = await ledger.entry(account);
        expect([account, Number(state?.total)]).toEqual([account, of(deposits, account)]);
      }
    }
    expect(wrong).toEqual([]);
    expect([...records, ...deposits].filter(([, times]) => times > 1)).toEqual([]);
    const { findings, ...verified } = await verifyStore(pair[0].store, pair[0].calendar, () => undefined);
    expect(findings).toEqual([]);
    expect(verified.records).toBe(records.size + returns.length);
    expect(strays).toEqual([]);

    const tries = pair.map(appendsOf).map(({ tries, appends, conflicts }) => tries - appends - conflicts);
    console.info(
      `${cuts} cuts, ${records.size} records, ${unanswered} calls made again by their sender, ` +
        `${tries.join(' + ')} appends again by the adapter; back: ${distribution(returns.map(({ ms }) => ms))}`,
    );
  }, 1_200_000);

  test('a server that does nothing itself follows again, whatever befell its link', async () => {
    const address = engine.address() + NO_KEEPALIVE;
    const b = await through(address);
    const pair = await openPair(address, b.address);
    await openAccount(pair[0], PROBE);
    await followed(pair);
    const returns: { readonly after: string; readonly ms: number }[] = [];
    for (const [n, { name, befall }] of MISHAPS.entries()) {
      const back = befall(b.proxy, LINK_AWAY_MS);
      await report(pair[0], PROBE, [`probe-${n}`]);
      await back;
      returns.push({ after: name, ms: await untilShown(pair[1], n + 1) });
    }
    const times = returns.map(({ after, ms }) => `${after}: ${ms.toFixed(0)} ms`).join(', ');
    console.info(times);
  });
});
