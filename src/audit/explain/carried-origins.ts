/** Where an account's packs and contract prices come from: the events that bought, voided or agreed them. */
import type { Contract } from '../../domain/account.ts';
import type { BillLine } from '../../domain/bill.ts';
import type { EventStore } from '../../eventstore/event-store.ts';
import { accountEventsOf, type Close, type ExplainedEvent, firstAfter } from './account-events.ts';
import type { PackLife } from './pack-reasons.ts';

export interface Origins {
  readonly lives: ReadonlyMap<string, PackLife>;
  /** Revision of the event that agreed a contract; null when none before the close did. */
  readonly agreed: (contract: Contract) => number | null;
}

/** Looks up the events behind the packs and contracts that matter for some lines of the bill that a close issued. */
export const originsOf = async (
  store: EventStore,
  stream: string,
  close: Close,
  lines: readonly BillLine[],
): Promise<Origins> => {
  const { bill, carried } = close.fact.data;
  const products = new Set(lines.map(({ product }) => product));
  const packs = carried.packs.filter(({ product }) => products.has(product));
  const meters = new Set(lines.map(({ meter }) => meter));
  const contracts = carried.contracts.filter(({ meter }) => meters.has(meter));
  const lives = new Map<string, PackLife>();
  /** The last event that agreed each contract. */
  const agreed = new Map<string, number>();
  if (packs.length + contracts.length === 0) return { lives, agreed: () => null };
  const ids = new Set(packs.map(({ pack }) => pack));
  const since = (closed: Close): boolean => {
    const then = closed.fact.data.carried;
    return (
      !then.packs.some(({ pack }) => ids.has(pack)) && !then.contracts.some(({ meter }) => meters.has(meter))
    );
  };
  const from = await firstAfter(store, stream, bill.events.from - 1, since);
  const types = ['PackPurchased', 'PackVoided', 'ContractPriceAgreed'] as const;
  for await (const { fact, revision } of accountEventsOf(store, stream, {
    from,
    to: bill.events.to,
    types,
  })) {
    if (fact.type === 'PackPurchased')
      for (const pack of fact.data.packs) lives.set(pack, { bought: revision, voided: null });
    if (fact.type === 'PackVoided') {
      const { pack, reference } = fact.data;
      const bought = lives.get(pack)?.bought ?? null;
      lives.set(pack, { bought, voided: { revision, at: fact.at, reference } });
    }
    if (fact.type === 'ContractPriceAgreed') agreed.set(termsOf(fact.data), revision);
  }
  return {
    lives,
    agreed: (contract) => agreed.get(termsOf(contract)) ?? null,
  };
};

const termsOf = ({ meter, from, until }: Pick<Contract, 'meter' | 'from' | 'until'>): string =>
  JSON.stringify([meter, from, until]);

const MOVES: readonly string[] = ['FundsUnfrozen', 'BillSettled', 'FundsFrozen', 'FreezeFailed'];

/** Of the events right behind a close, those of its own append that move money. */
export const moves = (after: readonly ExplainedEvent[]): readonly ExplainedEvent[] => {
  const end = after.findIndex(({ fact }) => !MOVES.includes(fact.type));
  return end < 0 ? after : after.slice(0, end);
};
