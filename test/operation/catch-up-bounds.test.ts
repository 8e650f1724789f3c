/**
 * The bounds of catching up unasked, to the millisecond: a server that starts on a ledger at rest, with its clock just
 * before, at and just after them. Up to two closes of an account, and what fell due up to 40 days ago, happen by themselves.
 */
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { openDouble } from '../esdb/double/esdb-double.ts';
import { type ServedApi, served } from '../support/api.ts';
import { temporaryFolder } from '../support/folder.ts';
import { instant } from '../support/given.ts';
import { ACTIVATE, DEPOSIT, livedAt, OPEN, PACK, type Step } from '../support/lived-ledger.ts';

const DAY = 86_400_000;

interface Place {
  readonly address: string;
  readonly close: () => Promise<void>;
}

const inFile = async (): Promise<Place> => ({
  address: `sqlite:${join(temporaryFolder(), 'ledger.db')}`,
  close: async () => undefined,
});

const onDouble = async (): Promise<Place> => {
  const { connectionString, stop } = await openDouble();
  return { address: connectionString, close: stop };
};

/** What a server that starts at an instant leaves undone, and what has happened to the account when it has looked. */
const startedAt = async (address: string, at: number, env: Readonly<Record<string, string>> = {}) => {
  vi.setSystemTime(at);
  const api = await served({
    SUANPAN_CLOCK: '',
    SUANPAN_STORE: address,
    SUANPAN_DATA: temporaryFolder(),
    SUANPAN_SECRET: 'a secret of a test',
    ...env,
  });
  try {
    const waits = await api.running.waits();
    // A server may be not ready for a moment for other reasons.
    const unready = api.running.notReady()?.includes('--catch-up') ?? false;
    return { waits: waits !== null, unready, types: await typesOf(api) };
  } finally {
    await api.stop();
  }
};

const typesOf = async (api: ServedApi): Promise<string[]> => {
  const { body } = await api.ok('GET', '/accounts/acme/events?limit=1000');
  return body.items.map(({ type }: { type: string }) => type);
};

const closesIn = (types: readonly string[]): number => types.filter((type) => type === 'MonthClosed').length;

afterEach(() => {
  vi.useRealTimers();
});

describe.each([
  ['a file', inFile],
  ['an engine', onDouble],
])('caught up unasked, in %s', (_, place) => {
  const started = async (life: readonly Step[], at: number, env: Readonly<Record<string, string>> = {}) => {
    const { address, close } = await place();
    try {
      await livedAt(address, life);
      return await startedAt(address, at, env);
    } finally {
      await close();
    }
  };

  const opened = instant('2026-01-10T00:00:00+08:00');

  test.each([
    ['one close, a millisecond before the second', '2026-03-01T03:59:59.999+08:00', 1],
    ['two, at the moment of the second', '2026-03-01T04:00:00+08:00', 2],
    ['two, a millisecond before the third', '2026-04-01T03:59:59.999+08:00', 2],
  ])('%s', async (_, at, closes) => {
    const { types, ...left } = await started([[opened, ...OPEN]], instant(at));
    expect({ ...left, closes: closesIn(types) }).toEqual({ waits: false, unready: false, closes });
  });

  test('nothing, at the moment of the third', async () => {
    const found = await started([[opened, ...OPEN]], instant('2026-04-01T04:00:00+08:00'));
    expect(found).toEqual({ waits: true, unready: true, types: ['AccountOpened'] });
  });

  // The account lives until after the warnings before the expiry: only the expiry itself is due.
  const bought = instant('2025-01-03T00:00:00+08:00');
  const expires = instant('2026-01-03T00:00:00+08:00');
  const LIFE: readonly Step[] = [
    [bought, ...OPEN],
    [bought, ...ACTIVATE],
    [bought, ...DEPOSIT],
    [bought, ...PACK],
    [expires - DAY, 'deposit', { amount: '1', reference: 'last' }],
  ];

  test.each([
    ['a millisecond less than 40 days ago', -1, false],
    ['exactly 40 days ago', 0, false],
    ['a millisecond more than 40 days ago', 1, true],
  ])('a pack that expired %s', async (_, more, isLeft) => {
    const found = await started(LIFE, expires + 40 * DAY + more, { SUANPAN_CLOSE_AT: 'manual' });
    expect([found.waits, found.unready]).toEqual([isLeft, isLeft]);
    expect(found.types.includes('PackExpired')).toBe(!isLeft);
  });
});
