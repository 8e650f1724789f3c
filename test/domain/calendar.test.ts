/** Billing time in any zone: days, months, text with its offset, and hours of the day (rules.md, section 7). */
import { describe, expect, test } from 'vitest';
import { calendarOf, instantOf, instantText, nextMonth } from '../../src/domain/calendar.ts';

const at = (text: string) => Date.parse(text);

describe('an instant is written with the offset of its zone', () => {
  test.each([
    ['Asia/Shanghai', '2019-01-31T16:00:00.123Z', '2019-02-01T00:00:00.123+08:00'],
    ['UTC', '2019-01-31T16:00:00.000Z', '2019-01-31T16:00:00.000+00:00'],
    ['America/St_Johns', '2019-01-31T02:00:00.000Z', '2019-01-30T22:30:00.000-03:30'],
    ['Asia/Kathmandu', '2019-01-31T18:15:00.000Z', '2019-02-01T00:00:00.000+05:45'],
    ['Pacific/Kiritimati', '2019-01-31T10:00:00.000Z', '2019-02-01T00:00:00.000+14:00'],
  ])('%s: %s is %s', (zone, utc, text) => {
    const calendar = calendarOf(zone);
    // Before its day is known, and after.
    expect(calendar.textOf(at(utc))).toBe(text);
    expect(calendar.dayOf(at(utc))).toBe(text.slice(0, 10));
    expect(calendar.textOf(at(utc))).toBe(text);
    expect(calendar.monthOf(at(utc))).toBe(text.slice(0, 7));
    expect(at(text)).toBe(at(utc));
  });

  test('which may change within a day', () => {
    const berlin = calendarOf('Europe/Berlin');
    expect(berlin.textOf(at('2019-03-31T00:59:59.999Z'))).toBe('2019-03-31T01:59:59.999+01:00');
    expect(berlin.textOf(at('2019-03-31T01:00:00.000Z'))).toBe('2019-03-31T03:00:00.000+02:00');
  });
});

describe('a day and a month begin', () => {
  test('at the zone’s midnight, and end before the next', () => {
    for (const zone of ['Asia/Shanghai', 'America/St_Johns', 'Asia/Kathmandu']) {
      const calendar = calendarOf(zone);
      const start = calendar.startOf('2019-02');
      expect(calendar.startOfDay('2019-02-01')).toBe(start);
      expect([calendar.monthOf(start - 1), calendar.monthOf(start)]).toEqual(['2019-01', '2019-02']);
      expect([calendar.dayOf(start - 1), calendar.dayOf(start)]).toEqual(['2019-01-31', '2019-02-01']);
      expect(calendar.startOf('2019-02')).toBe(start);
      expect(calendar.startOf('2019-03')).toBe(start + 28 * 86_400_000);
    }
  });

  test('an hour later where midnight is left out', () => {
    const saoPaulo = calendarOf('America/Sao_Paulo');
    expect(saoPaulo.startOfDay('2018-11-04')).toBe(at('2018-11-04T03:00:00Z'));
    expect(saoPaulo.textOf(at('2018-11-04T03:00:00Z'))).toBe('2018-11-04T01:00:00.000-02:00');
  });
});

test('a zone that there is not is refused at once', () => {
  expect(() => calendarOf('Asia/Nowhere')).toThrow(RangeError);
});

describe('days and years later, at the same local time', () => {
  test('over a change of the offset', () => {
    const berlin = calendarOf('Europe/Berlin');
    const noon = at('2019-03-30T12:00:00+01:00');
    expect(berlin.daysAfter(noon, 1)).toBe(at('2019-03-31T12:00:00+02:00'));
    expect(berlin.daysAfter(noon, -1)).toBe(at('2019-03-29T12:00:00+01:00'));
    expect(berlin.daysAfter(noon, 1)).toBe(at('2019-03-31T12:00:00+02:00'));
    expect(berlin.daysAfter(noon + 1, 1)).toBe(at('2019-03-31T12:00:00.001+02:00'));
    expect(berlin.monthsAfter(at('2020-02-29T12:00:00+01:00'), 12)).toBe(at('2021-02-28T12:00:00+01:00'));
  });
});

describe('the next full hour of a day', () => {
  const shanghai = calendarOf('Asia/Shanghai');
  const next = (time: string, from = '10:00', to = '22:00') =>
    shanghai.textOf(shanghai.nextHourWithin(at(`2019-01-10T${time}+08:00`), from, to)).slice(0, 16);

  test.each([
    ['09:59:59.999', '2019-01-10T10:00'],
    ['10:00:00.000', '2019-01-10T11:00'],
    ['21:59:00.000', '2019-01-10T22:00'],
    ['22:00:00.000', '2019-01-11T10:00'],
    ['23:30:00.000', '2019-01-11T10:00'],
  ])('after %s is %s', (time, hour) => {
    expect(next(time)).toBe(hour);
  });

  test('is one of the zone: half past, elsewhere', () => {
    const kolkata = calendarOf('Asia/Kolkata');
    expect(kolkata.nextHourWithin(at('2019-01-10T10:15:00+05:30'), '10:00', '22:00')).toBe(
      at('2019-01-10T11:00:00+05:30'),
    );
  });
});

test('months follow one another over the year, with four digits', () => {
  expect([nextMonth('2019-01'), nextMonth('2019-12'), nextMonth('0999-12'), nextMonth('0998-12')]).toEqual([
    '2019-02',
    '2020-01',
    '1000-01',
    '0999-01',
  ]);
});

describe('an instant is written in UTC, to the millisecond', () => {
  const texts = [
    '2019-01-31T16:05:09.007Z',
    '2019-01-31T16:05:09.070Z',
    '2019-01-31T00:00:00.000Z',
    '2019-01-31T23:59:59.999Z',
    '2020-02-29T12:34:56.789Z',
    '1970-01-01T00:00:00.000Z',
    '1969-12-31T23:59:59.999Z',
    '0001-01-01T00:00:00.000Z',
    '+010000-01-01T01:02:03.004Z',
    '-000001-12-31T10:20:30.400Z',
  ];

  test.each(texts)('%s, whatever was written before', (text) => {
    for (const before of texts) {
      instantText(at(before));
      expect(instantText(at(text))).toBe(text);
      expect(instantText(at(text))).toBe(text);
    }
    expect(instantOf(text)).toBe(at(text));
  });

  test('and finer digits are cut off', () => {
    expect(instantText(at('2019-01-31T16:05:09.007Z') + 0.999)).toBe('2019-01-31T16:05:09.007Z');
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, 8.64e15 + 86_400_000])('but not %d', (instant) => {
    expect(() => instantText(instant)).toThrow(RangeError);
  });
});
