/**
 * Two servers of one ledger on the system's clock, whose clocks do not agree. An account's events follow one another in
 * time all the same; a server that lies too far behind says so, and records nothing.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { instantText } from '../../../src/domain/calendar.ts';
import { CLOCK_BEHIND_MAX_MS } from '../../../src/ledger/account/command-instant.ts';
import { type ServedApi, served, usage, withAccount } from '../../support/api.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { type Engine, onEveryEngine } from '../engines.ts';
import { onEngine } from './pair.ts';

interface Skewed {
  readonly api: ServedApi;
  /** What this server's clock says; it stands still. */
  clock: number;
}

/** Starts a server whose clock stands at an instant: a server takes the process's clock when it starts. */
const startAt = async (address: string, clock: number): Promise<Skewed> => {
  const real = Date.now;
  const own = { clock };
  Date.now = () => own.clock;
  try {
    const api = await served(onEngine(address, temporaryFolder(), { SUANPAN_CLOCK: '' }));
    return Object.assign(own, { api });
  } finally {
    Date.now = real;
  }
};

onEveryEngine('servers with skewed clocks', (open) => {
  let engine: Engine;
  let ahead: Skewed;
  let behind: Skewed;
  const start = Date.now();
  beforeEach(async () => {
    engine = await open();
    const address = engine.address();
    ahead = await startAt(address, start + CLOCK_BEHIND_MAX_MS);
    behind = await startAt(address, start);
    await withAccount(behind.api);
  }, 60_000);
  afterEach(async () => {
    await Promise.all([ahead, behind].map(({ api }) => api.stop()));
    await engine.close();
  });

  const deposit = ({ api }: Skewed, key: string, query = '') =>
    api.send(
      'POST',
      `/accounts/acme/deposits${query}`,
      { amount: '1.00', reference: key },
      { 'idempotency-key': key },
    );
  const instants = async ({ api }: Skewed): Promise<number[]> => {
    const { body } = await api.ok('GET', '/accounts/acme/events?limit=1000');
    return body.items.map(({ at }: { at: string }) => Date.parse(at));
  };

  test('within the bound both record, in turns and at once, at the later instant', async () => {
    for (let n = 0; n < 4; n++) expect((await deposit(n % 2 ? behind : ahead, `turn-${n}`)).status).toBe(201);
    const both = await Promise.all(
      [ahead, behind].flatMap((server, s) =>
        Array.from({ length: 8 }, (_, n) => deposit(server, `at-once-${s}-${n}`)),
      ),
    );
    expect(both.map(({ status }) => status)).toEqual(both.map(() => 201));
    const deposits = (await instants(behind)).slice(-20);
    expect(deposits).toEqual(deposits.map(() => start + CLOCK_BEHIND_MAX_MS));
    expect(behind.api.running.notReady() ?? '').not.toContain('clock');
  }, 60_000);

  test('a millisecond beyond it the one behind refuses, says so, and goes on when its clock is right', async () => {
    ahead.clock += 1;
    const last = ahead.clock;
    expect((await deposit(ahead, 'later')).status).toBe(201);
    const before = await instants(ahead);
    for (const query of ['', '?dryRun=true']) {
      const { status, body, headers } = await deposit(behind, 'again', query);
      expect([status, body.code, body.now, body.last]).toEqual([
        503,
        'clock_behind',
        instantText(start),
        instantText(last),
      ]);
      expect(headers.get('retry-after')).toBe('5');
    }
    const ready = await fetch(`${behind.api.base}/readyz`);
    expect([ready.status, await ready.text()]).toEqual([503, expect.stringContaining('correct the clock')]);
    expect(ahead.api.running.notReady() ?? '').not.toContain('clock');
    expect(await instants(ahead)).toEqual(before);
    // Other accounts are nobody's past, and usage says itself when it was.
    expect((await behind.api.send('POST', '/accounts', { account: 'other', name: 'Other' })).status).toBe(
      201,
    );
    const time = instantText(start);
    expect((await behind.api.ok('POST', '/usage', usage('u', { time }))).body.accepted).toBe(1);

    behind.clock += 1;
    expect((await deposit(behind, 'again')).status).toBe(201);
    expect(behind.api.running.notReady() ?? '').not.toContain('clock');
    expect((await deposit(ahead, 'again')).headers.get('idempotency-hit')).toBe('true');
    const found = await instants(ahead);
    expect(found.slice(-2)).toEqual([last, last]);
    expect(found).toEqual([...found].sort((a, b) => a - b));
  }, 60_000);
});
