/** Every pack ever bought, with what is left. Key: account/pack. How it stands at an instant is for the reader. */
import { instantText } from '../domain/calendar.ts';
import type { Tally } from '../domain/events.ts';
import type { Projection, Values } from './projection.ts';

export type PackView = {
  readonly pack: string;
  readonly pool: string;
  readonly size: number;
  readonly price: string;
  readonly purchasedAt: string;
  readonly expiresAt: string;
  readonly left: number;
  readonly void: boolean;
};

export const packs: Projection<PackView> = {
  name: 'packs',
  version: 1,
  project: ({ account, event }, values) => {
    switch (event.type) {
      case 'PackPurchased': {
        const { pool, size, price, expiresAt } = event.data;
        const purchasedAt = instantText(event.at);
        for (const pack of event.data.packs) {
          const view = { pack, pool, size, price, purchasedAt, expiresAt, left: size, void: false };
          values.set(`${account}/${pack}`, view);
        }
        return;
      }
      case 'CallsMetered':
        return taken(values, account, event.data.tallies);
      case 'UsageCorrected':
        return taken(values, account, event.data.tally ? [event.data.tally] : []);
      case 'PackVoided': {
        const key = `${account}/${event.data.pack}`;
        const view = values.get(key);
        if (view) values.set(key, { ...view, left: 0, void: true });
      }
    }
  },
};

const taken = (values: Values<PackView>, account: string, tallies: readonly Tally[]): void => {
  for (const { runs } of tallies) {
    for (const [pack, calls] of runs) {
      const view = values.get(`${account}/${pack}`);
      if (view && !view.void) values.set(`${account}/${pack}`, { ...view, left: view.left - calls });
    }
  }
};
