/** Where an account's packs and contract prices come from: the facts that bought, voided or agreed them. */
import type { Contract, Pack } from '../../domain/account.ts';
import type { BillLine } from '../../domain/bill.ts';
import type { EventStore } from '../../store/event-store.ts';
import { type Close, type Fact, factsOf, firstAfter } from './facts.ts';
import type { PackLife } from './packs.ts';

export interface Origins {
  readonly lives: ReadonlyMap<string, PackLife>;
  /** Revision of the fact that agreed a contract; null when none before the close did. */
  readonly agreed: (contract: Contract) => number | null;
}

/** Looks up the facts behind the packs and contracts that matter for some lines of the bill that a close issued. */
export const originsOf = async (
  store: EventStore,
  stream: string,
  close: Close,
  lines: readonly BillLine[],
): Promise<Origins> => {
  const { bill, carried } = close.fact.data;
  const products = new Set(lines.map(({ product }) => product));
  const packs = carried.packs.filter(({ product }) => products.has(product));
  const contracts = carried.contracts.filter(({ meter }) => lines.some((line) => line.meter === meter));
  const lives = new Map<string, PackLife>();
  const agreed: { readonly contract: Contract; readonly revision: number }[] = [];
  if (packs.length + contracts.length === 0) return { lives, agreed: () => null };
  const since = (closed: Close): boolean => {
    const then = closed.fact.data.carried;
    const known = (pack: Pack) => then.packs.some((held) => held.pack === pack.pack);
    const held = then.contracts.filter(({ meter }) => contracts.some((one) => one.meter === meter));
    return !packs.some(known) && held.length === 0;
  };
  const from = await firstAfter(store, stream, bill.events.from - 1, since);
  const types = ['PackPurchased', 'PackVoided', 'ContractPriceAgreed'] as const;
  for await (const { fact, revision } of factsOf(store, stream, { from, to: bill.events.to, types })) {
    if (fact.type === 'PackPurchased')
      for (const pack of fact.data.packs) lives.set(pack, { bought: revision, voided: null });
    if (fact.type === 'PackVoided') {
      const { pack, reference } = fact.data;
      const bought = lives.get(pack)?.bought ?? null;
      lives.set(pack, { bought, voided: { revision, at: fact.at, reference } });
    }
    if (fact.type === 'ContractPriceAgreed') agreed.push({ contract: fact.data, revision });
  }
  return {
    lives,
    agreed: (contract) => agreed.findLast((known) => isSame(known.contract, contract))?.revision ?? null,
  };
};

const isSame = (a: Contract, b: Contract): boolean =>
  a.meter === b.meter && a.from === b.from && a.until === b.until;

const MOVES: readonly string[] = ['FundsUnfrozen', 'BillSettled', 'FundsFrozen', 'FreezeFailed'];

/** Of the facts right behind a close, those of its own append that move money. */
export const moves = (after: readonly Fact[]): readonly Fact[] => {
  const end = after.findIndex(({ fact }) => !MOVES.includes(fact.type));
  return end < 0 ? after : after.slice(0, end);
};
