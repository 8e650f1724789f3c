/** Why an account was suspended at a moment, or was not: each reason, from what led to it to what ended it. */
import { describe, expect, test } from 'vitest';
import { explainStanding, type StandingExplained } from '../../src/audit/explain/suspensions.ts';
import { shippedPriceBooks } from '../../src/ledger/system/shipped-price-books.ts';
import { type Given, givenLedger, instant } from '../support/given.ts';

const standing = async (given: Given, at: string): Promise<StandingExplained> =>
  explainStanding(given.ledger.store, given.ledger.calendar, await given.account(), instant(at));
const types = (steps: readonly { readonly type: string }[] = []) => steps.map(({ type }) => type);
const body = (given: Given, at: string, calls = 1_100) =>
  given.meters(at, 'body-analysis/segmentation', calls);
const deposit = (given: Given, at: string, amount: string, reference: string) =>
  given.has(at, 'deposit', { amount, reference });

describe('arrears', () => {
  test('name the bill that took the balance below zero, and the deposit that ended them', async () => {
    const given = await givenLedger(['body-analysis']);
    await deposit(given, '2019-01-01T00:00:00+08:00', '1', 'a');
    await body(given, '2019-01-10T00:00:00+08:00', 20_000);
    const { due } = await given.closes('2019-01', '2019-02-01T04:00:00+08:00');
    await deposit(given, '2019-02-05T00:00:00+08:00', '5000', 'b');
    const told = await standing(given, '2019-02-03T00:00:00+08:00');
    expect(told.suspended).toBe(true);
    const [one] = told.suspensions;
    expect([one?.reason, types(one?.led), types(one?.ended)]).toEqual([
      'arrears',
      ['BillSettled', 'AccountSuspended'],
      ['FundsDeposited', 'SuspensionLifted'],
    ]);
    expect(one?.led[0]).toMatchObject({
      says: `the bill of 2019-01 takes ${due} yuan`,
      before: { total: '1.00' },
      after: { total: told.balance.total },
    });
    expect(one?.why).toContain(`balance 1.00 → ${told.balance.total} (event ${one?.led[0]?.event})`);
    expect([one?.since, one?.until]).toEqual(['2019-01-31T20:00:00.000Z', '2019-02-04T16:00:00.000Z']);
    expect(one?.lifts).toEqual({ by: 'payment', amount: told.balance.total.slice(1) });
  });

  test('with a grace: not suspended while it runs, then by what began it', async () => {
    const books = shippedPriceBooks().map((book) => ({ ...book, arrears: { graceDays: 3 } }));
    const given = await givenLedger(['body-analysis'], { books });
    await body(given, '2019-01-10T00:00:00+08:00');
    await given.closes('2019-01', '2019-02-01T04:00:00+08:00');
    await given.refused('2019-02-06T00:00:00+08:00', 'deposit', { amount: '0.01', reference: 'tiny' });
    const running = await standing(given, '2019-02-02T00:00:00+08:00');
    expect(running.suspended).toBe(false);
    expect(running.because[0]).toContain('but a grace ran until 2019-02-04T04:00:00.000+08:00');
    const [one] = (await standing(given, '2019-02-06T00:00:00+08:00')).suspensions;
    expect(types(one?.led)).toEqual(['BillSettled', 'ArrearsFell', 'AccountSuspended']);
    expect([one?.until, one?.ended]).toEqual([null, []]);
  });
});

describe('a failed freeze', () => {
  const failed = async (): Promise<Given> => {
    const given = await givenLedger(['face-recognition']);
    await deposit(given, '2019-01-01T00:00:00+08:00', '100', 'a');
    await given.meters('2019-01-10T00:00:00+08:00', 'face-recognition/compare', 40_000);
    await given.closes('2019-01', '2019-02-01T04:00:00+08:00');
    return given;
  };

  test('names what was to be frozen and what was there; a deposit ends it', async () => {
    const given = await failed();
    await deposit(given, '2019-02-05T00:00:00+08:00', '500', 'b');
    const [one] = (await standing(given, '2019-02-02T00:00:00+08:00')).suspensions;
    expect(types(one?.led)).toEqual(['BillSettled', 'FreezeFailed', 'AccountSuspended']);
    expect(one?.why).toBe(
      'a freeze failed: 115.20 yuan were to be frozen by the estimate from 2019-01, 4.00 were available; ' +
        `that suspends (event ${one?.led[1]?.event})`,
    );
    expect(types(one?.ended)).toEqual(['FundsDeposited', 'FundsFrozen', 'SuspensionLifted']);
  });

  test('is lifted by the amount that is told, and not by less', async () => {
    const given = await failed();
    const [one] = (await standing(given, '2019-02-02T00:00:00+08:00')).suspensions;
    expect(one?.lifts).toEqual({ by: 'payment', amount: '111.20' });
    await deposit(given, '2019-02-05T00:00:00+08:00', '111.19', 'b');
    const [still] = (await standing(given, '2019-02-06T00:00:00+08:00')).suspensions;
    expect(still?.lifts).toEqual({ by: 'payment', amount: '0.01' });
    await deposit(given, '2019-02-07T00:00:00+08:00', '0.01', 'c');
    expect((await standing(given, '2019-02-08T00:00:00+08:00')).suspended).toBe(false);
  });

  test('is dropped by the next close', async () => {
    const given = await failed();
    await given.closes('2019-02', '2019-03-01T04:00:00+08:00');
    const told = await standing(given, '2019-03-02T00:00:00+08:00');
    expect([told.suspended, told.last?.reason, types(told.last?.ended)]).toEqual([
      false,
      'freeze_failed',
      ['MonthClosed', 'SuspensionLifted'],
    ]);
    expect(told.because).toContain(
      'the last suspension (freeze_failed) ended at 2019-03-01T04:00:00.000+08:00',
    );
  });
});

test('a prohibition names its fact; two reasons at once are both told', async () => {
  const given = await givenLedger(['body-analysis']);
  await body(given, '2019-01-10T00:00:00+08:00');
  await given.closes('2019-01', '2019-02-01T04:00:00+08:00');
  const stop = { reason: 'prohibited', note: 'reported content' };
  await given.has('2019-02-02T00:00:00+08:00', 'suspend', stop);
  await given.has('2019-02-04T00:00:00+08:00', 'lift-suspension', { reason: 'prohibited' });
  const told = await standing(given, '2019-02-03T00:00:00+08:00');
  expect(told.suspensions.map(({ reason }) => reason)).toEqual(['arrears', 'prohibited']);
  const [, prohibited] = told.suspensions;
  expect(types(prohibited?.led)).toEqual(['AccountSuspended']);
  expect(prohibited?.led[0]?.says).toBe('suspended: prohibited (reported content)');
  expect(types(prohibited?.ended)).toEqual(['SuspensionLifted']);
});

test('an account that never was suspended, or was not open, says so', async () => {
  const given = await givenLedger([]);
  expect((await standing(given, '2019-01-05T00:00:00+08:00')).because).toEqual([
    'the balance was 0.00, not below zero',
    'no freeze was pending',
    'it had never been suspended',
  ]);
  expect((await standing(given, '2018-01-05T00:00:00+08:00')).because).toEqual([
    'the account was not open yet',
  ]);
});
