/** Disputes with their outcomes. Key: account/number. */
import * as z from 'zod';
import { instantText } from '../domain/calendar.ts';
import type { AccountEventAt, Projection, Values } from './projection.ts';

const placed = { at: z.string(), revision: z.int() };
const evidence = z.strictObject({
  ...placed,
  replay: z.strictObject({
    match: z.boolean(),
    issued: z.string(),
    replayed: z.string(),
    differences: z.int(),
  }),
  explanation: z.string(),
  checkpoint: z.strictObject({ size: z.int(), root: z.string() }).nullable(),
});
const disputeView = z.strictObject({
  dispute: z.string(),
  account: z.string(),
  month: z.string(),
  meter: z.string().nullable(),
  reason: z.string(),
  state: z.enum(['open', 'upheld', 'adjusted']),
  opened: z.strictObject({ ...placed, by: z.string().nullable() }),
  evidence: z.array(evidence).readonly(),
  resolved: z
    .strictObject({
      ...placed,
      note: z.string(),
      by: z.string().nullable(),
      credit: z.string().nullable(),
      corrections: z.array(z.strictObject({ source: z.string(), id: z.string() })).readonly(),
    })
    .nullable(),
});
export type DisputeView = Readonly<z.infer<typeof disputeView>>;

const DIGITS = 9;

/** `acme:7` → `acme/000000007`, so that keys sort by number. */
export const disputeKey = (dispute: string): string => {
  const colon = dispute.lastIndexOf(':');
  return `${dispute.slice(0, colon)}/${dispute.slice(colon + 1).padStart(DIGITS, '0')}`;
};

export const disputes = {
  name: 'disputes',
  version: 1,
  schema: disputeView,
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
