/**
 * Disputes of all accounts in the order of their opening, all of them and by state. Keys: `of/ACCOUNT/NUMBER`,
 * `all/INSTANT/ACCOUNT/NUMBER`, and `open/…`, `upheld/…` or `adjusted/…` like the latter.
 */
import * as z from 'zod';
import { instantText } from '../domain/calendar.ts';
import { disputeKey } from './disputes.ts';
import type { Projection } from './projection.ts';

const placedDispute = z.strictObject({
  dispute: z.string(),
  /** `INSTANT/ACCOUNT/NUMBER`: the texts of instants sort like the instants. */
  place: z.string(),
  state: z.enum(['open', 'upheld', 'adjusted']),
});
export type PlacedDispute = Readonly<z.infer<typeof placedDispute>>;

export const disputeOrder: Projection<PlacedDispute> = {
  name: 'dispute-order',
  version: 1,
  schema: placedDispute,
  project: ({ event }, values) => {
    if (event.type !== 'DisputeOpened' && event.type !== 'DisputeResolved') return;
    const { dispute } = event.data;
    const own = `of/${disputeKey(dispute)}`;
    const known = values.get(own);
    const place = known?.place ?? `${instantText(event.at)}/${disputeKey(dispute)}`;
    const state: PlacedDispute['state'] = event.type === 'DisputeOpened' ? 'open' : event.data.outcome;
    if (known) values.delete(`${known.state}/${place}`);
    const view: PlacedDispute = { dispute, place, state };
    for (const key of [own, `all/${place}`, `${state}/${place}`]) values.set(key, view);
  },
};
