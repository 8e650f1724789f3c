/** What is asked for on the page of accounts, in its address: so that a link to a list can be sent to somebody. */
import { useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';
import type { Suanpan } from '../../../../client/suanpan.ts';

type Query = NonNullable<Parameters<Suanpan['getAccounts']>[0]>;
export type Asked = Pick<
  Query,
  'q' | 'status' | 'reason' | 'product' | 'arrears' | 'frozen' | 'sort' | 'order'
>;
export type Sort = NonNullable<Asked['sort']>;

const KEYS = ['q', 'status', 'reason', 'product', 'arrears', 'frozen', 'sort', 'order'] as const;
const KNOWN: Readonly<Partial<Record<(typeof KEYS)[number], readonly string[]>>> = {
  status: ['active', 'suspended'],
  reason: ['arrears', 'freeze_failed', 'prohibited'],
  arrears: ['true'],
  frozen: ['true'],
  sort: ['account', 'name', 'opened', 'balance', 'frozen'],
  order: ['up', 'down'],
};

/** The address of the list of accounts of which this is asked. */
export const accountsHref = (asked: Asked): string => {
  const query = new URLSearchParams();
  for (const key of KEYS) {
    const value = asked[key];
    if (value !== undefined && value !== '') query.set(key, value);
  }
  return query.size === 0 ? '/accounts' : `/accounts?${query}`;
};

interface Chosen {
  readonly asked: Asked;
  /** Changes a part of it, and begins the list anew. */
  readonly change: (part: Asked) => void;
}

/** What the address asks; values that the list does not have are passed over. */
export const useAsked = (): Chosen => {
  const search = useSearch();
  const [, navigate] = useLocation();
  return useMemo(() => {
    const given = new URLSearchParams(search);
    const isKnown = (key: (typeof KEYS)[number], value: string): boolean =>
      KNOWN[key]?.includes(value) ?? value.trim() !== '';
    const asked = Object.fromEntries(
      KEYS.flatMap((key) => {
        const value = given.get(key);
        return value !== null && isKnown(key, value) ? [[key, value]] : [];
      }),
    ) as Asked;
    return { asked, change: (part) => navigate(accountsHref({ ...asked, ...part }), { replace: true }) };
  }, [search, navigate]);
};
