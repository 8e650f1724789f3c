/** Contract prices have bounds when they are agreed; what was agreed before there were any is decided again without. */
import { expect, test } from 'vitest';
import { CONTRACT_TIERS_MAX } from '../../src/domain/agree-price.ts';
import { LADDER_TIERS_MAX } from '../../src/domain/book-bounds.ts';
import { decide } from '../../src/domain/decide.ts';
import { sha256 } from '../../src/store/sha256.ts';
import { givenLedger, instant } from '../support/given.ts';

const METER = 'face-recognition/compare';
const tiers = (count: number, unitPrice = '0.1') =>
  Array.from({ length: count }, (_, i) => ({ above: i, upTo: i + 1 === count ? null : i + 1, unitPrice }));
const ladder = (count: number, unitPrice?: string) =>
  ({ mode: 'volume', tierBy: 'post_paid', bounds: 'upper', per: 1, tiers: tiers(count, unitPrice) }) as const;
const AT = '2019-01-10T10:00:00+08:00';

test('a ladder out of bounds, and a month that nobody means, are refused', async () => {
  const given = await givenLedger(['face-recognition']);
  const refused = (body: object) =>
    given.refused(AT, 'agree-price', { meter: METER, from: '2019-01', ...body });
  expect(await refused({ ladder: ladder(LADDER_TIERS_MAX + 1) })).toBe('ladder_malformed');
  expect(await refused({ ladder: ladder(1, '1000000001') })).toBe('ladder_malformed');
  expect(await refused({ ladder: ladder(1), from: '0001-01' })).toBe('invalid_request');
  expect(await refused({ ladder: ladder(1), until: '9000-12' })).toBe('invalid_request');
  expect(await refused({ ladder: ladder(1) })).toBe('done');
});

test('an account has at most so many tiers of contract prices', async () => {
  const given = await givenLedger(['face-recognition']);
  const agreed = { meter: METER, from: '2019-01', ladder: ladder(LADDER_TIERS_MAX) };
  for (let n = 0; n < CONTRACT_TIERS_MAX / LADDER_TIERS_MAX; n++) await given.has(AT, 'agree-price', agreed);
  expect(await given.refused(AT, 'agree-price', { ...agreed, ladder: ladder(1) })).toBe(
    'contract_limit_reached',
  );
});

test('a replay decides again what was agreed before there were bounds', async () => {
  const given = await givenLedger(['face-recognition']);
  const account = await given.account();
  const around = {
    at: instant(AT),
    calendar: given.ledger.calendar,
    catalogue: given.ledger.catalogue(),
    head: { stream: 'account-acme', from: 0, to: 1, head: '' },
    sha256,
  };
  const old = {
    type: 'AgreePrice',
    meter: METER,
    from: '0000-01',
    until: null,
    ladder: ladder(1, '1000000001'),
  } as const;
  expect(decide(account, old, { ...around, again: true }).outcome).toBe('accepted');
  expect(decide(account, old, around).outcome).toBe('refused');
});
