/** Requests of a client that repeats blindly, and what the ledger must hold once each of them was answered. */
import { expect } from 'vitest';
import type { Random } from '../../src/demo/random.ts';
import { ADMIN, usage } from '../support/api.ts';

const ACCOUNTS = ['acme', 'beta', 'gamma'] as const;

const DEPOSITS_A_PACK = 2;

/** A request that is still to be answered; its answer must be a success once it comes. */
export interface Wanted {
  readonly path: string;
  readonly body: unknown;
  readonly key: string | null;
}

/** How a try ended: done; to be sent again, answered or not. */
export type Sent = 'done' | 'again' | 'unanswered';

/** Tries a request once; throws for an answer that is neither success nor "come again". */
export const send = async (base: string, { path, body, key }: Wanted): Promise<Sent> => {
  const response = await fetch(`${base}/v1${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${ADMIN}`,
      'content-type': 'application/json',
      ...(key === null ? {} : { 'idempotency-key': key }),
    },
    body: JSON.stringify(body),
  }).catch(() => null);
  // No answer, or one that was cut: whether it was done is not known.
  const answer = response ? await response.text().catch(() => null) : null;
  if (!response || answer === null) return 'unanswered';
  if (response.status === 409 || response.status === 503) return 'again';
  // Packs bought before their deposit came through are wanted again.
  if (answer.includes('insufficient_funds')) return 'again';
  if (!response.ok) throw new Error(`${path}: ${response.status} ${answer}`);
  return 'done';
};

interface Read {
  readonly items: readonly { readonly records: number }[];
  readonly balance: { readonly total: string };
}

export interface Load {
  /** Opens the accounts. */
  begin(base: string): Promise<void>;
  /** A request that was not wanted before. */
  more(): Wanted;
  /** Checks that a server knows of each request, and of each once. */
  expectAll(base: string): Promise<void>;
}

/** A mix of usage, deposits and packs. */
export const openLoad = (random: Random): Load => {
  const sent = { records: 0, deposits: 0, packs: 0 };
  /** Deposits of each account that no pack was bought for; some are still on their way. */
  const spare = new Map<string, number>();
  return {
    begin: async (base) => {
      for (const account of ACCOUNTS) {
        await send(base, { path: '/accounts', body: { account, name: '' }, key: null });
        const body = { product: 'face-recognition' };
        await send(base, { path: `/accounts/${account}/services`, body, key: null });
      }
    },
    more: () => {
      const account = random.pick(ACCOUNTS);
      const n = sent.records + sent.deposits + sent.packs;
      const kind = random.between(0, 9);
      if (kind === 0) {
        sent.deposits += 1;
        spare.set(account, (spare.get(account) ?? 0) + 1);
        // Each request has a reference of its own: only its key tells a repeat from a second one.
        const body = { amount: '4000.00', reference: `r-${n}` };
        return { path: `/accounts/${account}/deposits`, body, key: `d-${n}` };
      }
      if (kind === 1 && (spare.get(account) ?? 0) >= DEPOSITS_A_PACK) {
        sent.packs += 1;
        spare.set(account, (spare.get(account) ?? 0) - DEPOSITS_A_PACK);
        const body = { pool: 'face-recognition/compare', size: 1_000_000, quantity: 1 };
        return { path: `/accounts/${account}/packs`, body, key: `p-${n}` };
      }
      sent.records += 1;
      return { path: '/usage', body: usage(`u-${n}`, { subject: account }), key: null };
    },
    expectAll: async (base) => {
      const read = async (of: string): Promise<Read> => {
        const response = await fetch(`${base}/v1${of}`, { headers: { authorization: `Bearer ${ADMIN}` } });
        if (response.status !== 503) return (await response.json()) as Read;
        // Views that are still being read on say so.
        await new Promise((resolve) => setTimeout(resolve, 500));
        return read(of);
      };
      let records = 0;
      let packs = 0;
      let fen = 0;
      for (const account of ACCOUNTS) {
        const { items } = await read(`/accounts/${account}/usage?month=2019-01&by=interface`);
        for (const item of items) records += item.records;
        packs += (await read(`/accounts/${account}/packs?limit=1000`)).items.length;
        fen += Number((await read(`/accounts/${account}`)).balance.total.replace('.', ''));
      }
      expect({ records, packs }).toEqual({ records: sent.records, packs: sent.packs });
      expect(fen).toBe(sent.deposits * 400_000 - sent.packs * 310_000);
    },
  };
};
