/**
 * Servers of one ledger that are set unlike: another secret, billing zone or kind of clock. One is the ledger's, whoever
 * comes first or both at once on an empty engine; the other says so at its start, in one line, and records nothing.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { verifyStore } from '../../../src/audit/verify/verify-store.ts';
import { calendarOf } from '../../../src/domain/calendar.ts';
import { openForReading } from '../../../src/ledger/open.ts';
import { type ServedApi, served, withAccount } from '../../support/api.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { type EsdbDouble, openDouble } from '../double/esdb-double.ts';
import { onEngine } from './pair.ts';

type Env = Readonly<Record<string, string>>;

/** What is unlike, the settings of two servers, and what the one is told that is not the ledger's. */
const UNLIKE: readonly (readonly [string, Env, Env, RegExp])[] = [
  ['secret', {}, { SUANPAN_SECRET: 'another one' }, /secret/],
  [
    'zone',
    { SUANPAN_ZONE: 'Asia/Shanghai' },
    { SUANPAN_ZONE: 'Europe/Berlin' },
    /Asia\/Shanghai|Europe\/Berlin/,
  ],
  ['clock', {}, { SUANPAN_CLOCK: '' }, /clock/],
];

/** In January in each of the zones. */
const NOON = '2019-01-01T12:00:00+08:00';

let double: EsdbDouble;
let open: ServedApi[];
beforeEach(async () => {
  double = await openDouble();
  open = [];
});
afterEach(async () => {
  await Promise.all(open.map((api) => api.stop()));
  await double.stop();
});

/** Starts a server; null and why where it does not. */
const started = async (env: Env): Promise<{ api: ServedApi | null; why: string }> =>
  served(onEngine(double.connectionString, temporaryFolder(), { SUANPAN_CLOCK: NOON, ...env })).then(
    (api) => {
      open.push(api);
      return { api, why: '' };
    },
    (error: Error) => ({ api: null, why: error.message }),
  );

const eventsOfLedger = () => double.events().filter(({ stream }) => !stream.startsWith('$'));
const expectRefused = ({ api, why }: { api: ServedApi | null; why: string }, words: RegExp): void => {
  expect([api, why]).toEqual([null, expect.stringMatching(words)]);
  expect(why).not.toMatch(/\n/);
};

/** The ledger is of one server alone, which goes on. */
const expectSound = async (api: ServedApi): Promise<void> => {
  await withAccount(api);
  const types = eventsOfLedger().map(({ type }) => type);
  for (const once of ['LedgerCreated', 'SecretChecked', 'ClockChosen'])
    expect([once, types.filter((type) => type === once).length]).toEqual([once, 1]);
  const store = await openForReading(double.connectionString);
  expect((await verifyStore(store, calendarOf('Asia/Shanghai'), () => undefined)).findings).toEqual([]);
  await store.close();
};

const bothWays = UNLIKE.flatMap(([what, a, b, words]) => [
  [what, 'the one', a, b, words] as const,
  [what, 'the other', b, a, words] as const,
]);

test.each(bothWays)(
  'of two servers with another %s, %s is first',
  async (_what, _who, first, second, words) => {
    const one = await started(first);
    const before = eventsOfLedger().length;
    expectRefused(await started(second), words);
    expect(eventsOfLedger().length).toBe(before);
    if (!one.api) throw new Error(one.why);
    // Nor later, beside work.
    await withAccount(one.api, 'other');
    expectRefused(await started(second), words);
    await expectSound(one.api);
  },
);

test.each(UNLIKE)(
  'of two servers with another %s, both at once on an empty engine',
  async (_what, a, b, words) => {
    for (const pair of [
      [a, b],
      [b, a],
      [a, b, a, b],
    ]) {
      const all = await Promise.all(pair.map(started));
      const [taken, refused] = [all.filter(({ api }) => api), all.filter(({ api }) => !api)];
      expect([taken.length, refused.length]).toEqual([pair.length / 2, pair.length / 2]);
      for (const one of refused) expectRefused(one, words);
      const [first] = taken;
      if (first?.api) await expectSound(first.api);
      await Promise.all(open.splice(0).map((api) => api.stop()));
      await double.stop();
      double = await openDouble();
    }
  },
);
