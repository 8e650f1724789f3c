/** A notice that a pool's packs run low is raised once a crossing, and re-armed by a purchase (rules.md, section 11). */
import { describe, test } from 'vitest';
import { type AccountEvent, event } from '../../src/domain/events.ts';
import { jan } from '../support/days.ts';
import { given } from './decider.ts';
import { activated, bought, metered, notice, opened, told } from './facts.ts';
import { report } from './reporting.ts';

const account = [opened(), activated()];
const NOON = jan(10, '12:00');
const PACK = 'pack-000001';

describe('a threshold is told once a crossing', () => {
  const low = (left: number, number = 0) =>
    told(NOON, number, notice('pack_low', { pool: 'vision/tags', left }));
  const owner = [...account, metered(jan(5), { free: 10 }), bought(jan(2))];
  const use = (calls: number, ...facts: readonly AccountEvent[]) =>
    given(...owner, ...facts).whenReported([report('u1', { calls })], NOON);

  test('below 15 % of what was bought, not at it', () => {
    use(85).thenAlso();
    use(86).thenAlso(low(14));
  });

  test('and at zero; both where one record does it', () => {
    const exhausted = notice('pack_exhausted', { pool: 'vision/tags', left: 0 });
    use(100).thenAlso(told(NOON, 0, notice('pack_low', { pool: 'vision/tags', left: 0 }), exhausted));
    use(14, metered(jan(6), { runs: [[PACK, 86]] }), low(14)).thenAlso(told(NOON, 1, exhausted));
  });

  test('not again while it stays so', () => {
    use(1, metered(jan(6), { runs: [[PACK, 86]] }), low(14)).thenAlso();
    use(5, metered(jan(6), { runs: [[PACK, 100]] })).thenAlso();
  });

  test('a purchase arms it again, and is no crossing itself', () => {
    const more = bought(jan(7), { packs: ['pack-000002'] });
    const before = [metered(jan(6), { runs: [[PACK, 86]] as const }), low(14), more] as const;
    use(84, ...before).thenAlso();
    use(85, ...before).thenAlso(low(29, 1));
  });

  test('on the hour where the book says so: only what is due is noted', () => {
    const SHORT = 'speech/short';
    const talk = { product: 'speech', meter: SHORT, pool: SHORT };
    const talker = [opened(), activated('speech'), bought(jan(2), talk)];
    const speak = (calls: number, at: number) =>
      given(...talker).whenReported([report('u1', { interface: SHORT, calls, time: at })], at);
    const scheduled = (at: number, dueAt: number) =>
      event('NoticesRaised', at, {
        notices: [],
        scheduled: [{ pool: SHORT, dueAt: new Date(dueAt).toISOString() }],
      });
    speak(80, NOON).thenAlso();
    for (const [at, dueAt] of [
      [jan(10, '09:59'), jan(10, '10:00')],
      [jan(10, '10:00'), jan(10, '11:00')],
      [jan(10, '21:59:59.999'), jan(10, '22:00')],
      [jan(10, '22:00'), jan(11, '10:00')],
    ] as const)
      speak(81, at).thenAlso(scheduled(at, dueAt));
  });
});
