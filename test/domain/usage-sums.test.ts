/** Sums of a batch by interface and day: what views and bills are made of, without its records (rules.md, section 3). */
import { describe, expect, test } from 'vitest';
import { brokenEdition } from '../../src/domain/catalogue.ts';
import type { CallsMetered } from '../../src/domain/events.ts';
import { jan } from '../support/days.ts';
import { given } from './decider.ts';
import { activated, bought, metered, opened } from './facts.ts';
import { report } from './reporting.ts';

const NOON = jan(10, '12:00');
const account = [opened(), activated(), metered(jan(2), { free: 8 }), bought(jan(3))];

describe('the calls of an interface and a day', () => {
  test('are added up by who paid', () => {
    const { metered: event } = given(...account, bought(jan(4), { packs: ['pack-000002'] })).whenReported(
      [
        report('u1', { calls: 1 }),
        report('u2', { calls: 150 }),
        report('u3', { calls: 60 }),
        report('u4', { calls: 2, time: jan(11) }),
        report('u5', { calls: 3, interface: 'vision/face', time: jan(11) }),
      ],
      jan(12),
    );
    const sum = { interface: 'vision/tag', day: '2019-01-10' };
    expect(event?.data.usage).toEqual([
      { ...sum, records: 3, calls: 211, free: 2, packs: 200, postPaid: 9 },
      { ...sum, day: '2019-01-11', records: 1, calls: 2, free: 0, packs: 0, postPaid: 2 },
      { interface: 'vision/face', day: '2019-01-11', records: 1, calls: 3, free: 3, packs: 0, postPaid: 0 },
    ]);
  });

  test('are paid by nobody where they are not charged', () => {
    const { metered: event } = given(...account).whenReported(
      [report('u1', { interface: 'vision/list', calls: 7 })],
      NOON,
    );
    expect(event?.data.usage).toEqual([
      {
        interface: 'vision/list',
        day: '2019-01-10',
        records: 1,
        calls: 7,
        free: 0,
        packs: 0,
        postPaid: 0,
      },
    ]);
  });
});

describe('in a replay', () => {
  const TRILLION = 1_000_000_000_000;
  const recorded = (more: Partial<CallsMetered>): CallsMetered => ({ ...metered(NOON).data, ...more });
  const list = [report('u1', { interface: 'vision/list', calls: 7 })];

  test('calls that are not charged are counted where they were counted', () => {
    const uncharged = [{ month: '2019-01', calls: 7 }];
    const of = (again: CallsMetered) => given(...account).whenReported(list, NOON, { again }).metered?.data;
    expect(of(recorded({ uncharged }))?.uncharged).toEqual(uncharged);
    expect(of(recorded({}))).not.toHaveProperty('uncharged');
  });

  test('what was recorded before there were bounds is recorded', () => {
    given(...account)
      .whenReported([report('u1', { calls: TRILLION + 1 })], NOON, { again: recorded({}) })
      .thenEach('accepted');
  });

  test('a book that cannot be used is an error: nothing is refused that was accepted', () => {
    const broken = brokenEdition(
      {
        product: 'vision',
        edition: '2019-01',
        effectiveFrom: '2019-01',
        stream: 'catalogue',
        revision: 0,
        why: 'it is not what was published',
      },
      '',
    );
    expect(() =>
      given(opened(), activated())
        .under(broken)
        .whenReported([report('u1')], NOON, { again: recorded({}) }),
    ).toThrow('it is not what was published');
  });
});
