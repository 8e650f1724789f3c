/** Deliveries that were given up and not sent again. Keys: `sums`; `dead/DELIVERY`. */
import * as z from 'zod';
import { instantText } from '../domain/calendar.ts';
import type { Projection } from './projection.ts';

const letterView = z.strictObject({
  delivery: z.string(),
  attempts: z.int(),
  error: z.string().nullable(),
  at: z.string(),
});
export type DeadLetterView = Readonly<z.infer<typeof letterView>>;
const sumsView = z.strictObject({ letters: z.int() });

/** Rows at `sums` and under `dead/`. */
export const deadLetterSums = { name: 'dead-letters', schema: sumsView };
export const deadLetterRows = { name: 'dead-letters', schema: letterView };

export const deadLetters: Projection<DeadLetterView | Readonly<z.infer<typeof sumsView>>> = {
  name: 'dead-letters',
  version: 1,
  schema: z.union([letterView, sumsView]),
  project: () => undefined,
  projectNews: ({ at, news }, values) => {
    const put = (delivery: string, letter: DeadLetterView | null): void => {
      const key = `dead/${delivery}`;
      const wasDead = values.get(key) !== undefined;
      if (letter) values.set(key, letter);
      else if (wasDead) values.delete(key);
      const more = Number(letter !== null) - Number(wasDead);
      if (more === 0) return;
      const sums = values.get('sums');
      values.set('sums', { letters: (sums && 'letters' in sums ? sums.letters : 0) + more });
    };
    if (news.type === 'DeliveryResent') put(news.delivery, null);
    if (news.type === 'DeliveriesSettled')
      for (const { delivery, outcome, attempts, error } of news.deliveries)
        put(delivery, outcome === 'dead' ? { delivery, attempts, error, at: instantText(at) } : null);
  },
};
