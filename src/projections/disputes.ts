/** Disputes with their outcomes. Key: account/number. */
import { instantText } from '../domain/calendar.ts';
import type { EventData } from '../domain/events.ts';
import type { AccountEventAt, Projection, Values } from './projection.ts';

export type DisputeView = {
  readonly dispute: string;
  readonly account: string;
  readonly month: string;
  readonly meter: string | null;
  readonly reason: string;
  readonly state: 'open' | 'upheld' | 'adjusted';
  readonly opened: { readonly at: string; readonly revision: number; readonly by: string | null };
  readonly evidence: readonly ({ readonly at: string; readonly revision: number } & Omit<
    EventData['EvidenceAttached'],
    'dispute'
  >)[];
  readonly resolved:
    | ({ readonly at: string; readonly revision: number } & Pick<
        EventData['DisputeResolved'],
        'note' | 'by' | 'credit' | 'corrections'
      >)
    | null;
};

const DIGITS = 9;

/** `acme:7` → `acme/000000007`, so that keys sort by number. */
export const disputeKey = (dispute: string): string => {
  const colon = dispute.lastIndexOf(':');
  return `${dispute.slice(0, colon)}/${dispute.slice(colon + 1).padStart(DIGITS, '0')}`;
};

export const disputes = {
  name: 'disputes',
  version: 1,
  project: ({ account, revision, event }: AccountEventAt, values: Values<DisputeView>): void => {
    const at = instantText(event.at);
    if (event.type === 'DisputeOpened') {
      const { by, ...matter } = event.data;
      const opened = { at, revision, by };
      const view = { account, ...matter, state: 'open', opened, evidence: [], resolved: null } as const;
      values.set(disputeKey(event.data.dispute), view);
      return;
    }
    if (event.type !== 'EvidenceAttached' && event.type !== 'DisputeResolved') return;
    const key = disputeKey(event.data.dispute);
    const known = values.get(key);
    if (!known) return;
    if (event.type === 'EvidenceAttached') {
      const { dispute: _, ...found } = event.data;
      values.set(key, { ...known, evidence: [...known.evidence, { at, revision, ...found }] });
      return;
    }
    const { outcome, note, by, credit, corrections } = event.data;
    values.set(key, {
      ...known,
      state: outcome,
      resolved: { at, revision, note, by, credit, corrections },
    });
  },
} satisfies Projection<DisputeView>;
