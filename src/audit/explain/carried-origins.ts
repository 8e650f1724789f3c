/** The events that bought or granted, voided or returned, and agreed an account's packs and contract prices. */
import type { Contract } from '../../domain/account.ts';
import type { BillLine } from '../../domain/bill.ts';
import type { StreamReads } from '../../eventstore/event-store.ts';
import { accountEventsOf, type Close, type ExplainedEvent, firstAfter } from './account-events.ts';
import type { PackLife } from './pack-reasons.ts';

export interface Origins {
  readonly lives: ReadonlyMap<string, PackLife>;
  /** Revision of the event that agreed a contract; null if it is not before the close. */
  readonly agreed: (contract: Contract) => number | null;
}

/** Finds the events behind the packs and contracts that are relevant to some lines of a bill. */
export const originsOf = async (
  store: StreamReads,
  stream: string,
  close: Close,
  lines: readonly BillLine[],
): Promise<Origins> => {
  const { bill, carried } = close.event.data;
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
    const then = closed.event.data.carried;
    return (
      !then.packs.some(({ pack }) => ids.has(pack)) && !then.contracts.some(({ meter }) => meters.has(meter))
    );
  };
  const from = await firstAfter(store, stream, bill.events.from - 1, since);
  const types = [
    'PackPurchased',
    'PackGranted',
    'PackVoided',
    'PackReturned',
    'ContractPriceAgreed',
  ] as const;
  for await (const { event, revision } of accountEventsOf(store, stream, {
    from,
    to: bill.events.to,
    types,
  })) {
    if (event.type === 'PackPurchased')
      for (const pack of event.data.packs) lives.set(pack, { bought: revision, voided: null });
    if (event.type === 'PackGranted') lives.set(event.data.pack, { bought: revision, voided: null });
    if (event.type === 'PackVoided' || event.type === 'PackReturned') {
      const { pack } = event.data;
      const reference = event.type === 'PackVoided' ? event.data.reference : null;
      const bought = lives.get(pack)?.bought ?? null;
      lives.set(pack, { bought, voided: { revision, at: event.at, reference } });
    }
    if (event.type === 'ContractPriceAgreed') agreed.set(termsOf(event.data), revision);
  }
  return {
    lives,
    agreed: (contract) => agreed.get(termsOf(contract)) ?? null,
  };
};

const termsOf = ({ meter, from, until }: Pick<Contract, 'meter' | 'from' | 'until'>): string =>
  JSON.stringify([meter, from, until]);

const MOVES: readonly string[] = ['FundsUnfrozen', 'BillSettled', 'FundsFrozen', 'FreezeFailed'];

/** The money-moving events of a close's own append, from the events right after it. */
export const moves = (after: readonly ExplainedEvent[]): readonly ExplainedEvent[] => {
  const end = after.findIndex(({ event }) => !MOVES.includes(event.type));
  return end < 0 ? after : after.slice(0, end);
};
