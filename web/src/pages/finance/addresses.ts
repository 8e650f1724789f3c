/** Where the figures of finance lead: the facts that made them. */
import type { Suanpan } from '../../../../client/suanpan.ts';

export type FinanceMonth = Awaited<ReturnType<Suanpan['getFinanceMonths']>>['items'][number];
export const KINDS = ['bills', 'post_paid', 'corrections', 'packs', 'credits'] as const;
export type Kind = (typeof KINDS)[number];

export const monthHref = (month: string): string => `/finance/${month}`;
export const unbilledHref = (month: string): string => `/finance/${month}/unbilled`;
/** What each account brought; of a kind that has products, of one of them. */
export const sharesHref = (month: string, kind: Kind, product = ''): string =>
  `/finance/${month}/${kind}${product === '' ? '' : `?product=${encodeURIComponent(product)}`}`;
export const holdingsHref = (pool: string): string => `/finance/packs?pool=${encodeURIComponent(pool)}`;
export const billHref = (account: string, month: string): string =>
  `/accounts/${encodeURIComponent(account)}/bills/${month}`;

/** An address may name anything. */
export const isMonth = (text: string): boolean => /^\d{4}-(0[1-9]|1[0-2])$/.test(text);
