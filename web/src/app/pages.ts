/** The pages: their addresses, who sees them, and which of them the navigation names. Each is a file of its own to load. */
import { type ComponentType, lazy } from 'react';
import type { Scope, Session } from '../session/session.tsx';
import type { layoutMessages } from './messages.ts';

/**
 * `anybody`: without a key too. `account`: a key that may read. `operator`: one that may read and is bound to no
 * account. `admin`: one that may do everything.
 */
type For = 'anybody' | 'account' | 'operator' | 'admin';

export interface Page {
  readonly path: string;
  readonly for: For;
  /** What the key must be allowed besides. */
  readonly scope?: Scope;
  /** Its name in the navigation; pages without one are reached from others. */
  readonly name?: keyof typeof layoutMessages.en & `nav${string}`;
  readonly Page: ComponentType;
}

export const PAGES: readonly Page[] = [
  { path: '/', for: 'account', Page: lazy(() => import('../pages/home/Home.tsx')) },
  {
    path: '/inbox',
    for: 'operator',
    scope: 'operate',
    name: 'navInbox',
    Page: lazy(() => import('../pages/inbox/Inbox.tsx')),
  },
  {
    path: '/overview',
    for: 'operator',
    name: 'navOverview',
    Page: lazy(() => import('../pages/overview/Overview.tsx')),
  },
  {
    path: '/refused-usage/:account?',
    for: 'operator',
    scope: 'operate',
    Page: lazy(() => import('../pages/refused-usage/RefusedUsage.tsx')),
  },
  {
    path: '/accounts/:account/bills/:month',
    for: 'account',
    Page: lazy(() => import('../pages/bill/Bill.tsx')),
  },
  {
    path: '/disputes/:dispute',
    for: 'account',
    Page: lazy(() => import('../pages/dispute/Dispute.tsx')),
  },
  {
    path: '/accounts',
    for: 'account',
    name: 'navAccounts',
    Page: lazy(() => import('../pages/accounts/Accounts.tsx')),
  },
  {
    path: '/accounts/:account/:section?',
    for: 'account',
    Page: lazy(() => import('../pages/account/Account.tsx')),
  },
  {
    path: '/disputes',
    for: 'account',
    name: 'navDisputes',
    Page: lazy(() => import('../pages/disputes/Disputes.tsx')),
  },
  {
    path: '/finance',
    for: 'operator',
    name: 'navFinance',
    Page: lazy(() => import('../pages/finance/Finance.tsx')),
  },
  {
    path: '/finance/packs',
    for: 'operator',
    Page: lazy(() => import('../pages/finance/Holdings.tsx')),
  },
  {
    path: '/finance/:month',
    for: 'operator',
    Page: lazy(() => import('../pages/finance/Month.tsx')),
  },
  {
    path: '/finance/:month/:kind',
    for: 'operator',
    Page: lazy(() => import('../pages/finance/Shares.tsx')),
  },
  {
    path: '/price-books',
    for: 'account',
    name: 'navPriceBooks',
    Page: lazy(() => import('../pages/price-books/PriceBooks.tsx')),
  },
  {
    path: '/price-books/draft',
    for: 'admin',
    Page: lazy(() => import('../pages/price-books/draft/Draft.tsx')),
  },
  {
    path: '/price-books/:product/:edition',
    for: 'account',
    Page: lazy(() => import('../pages/price-books/edition/Edition.tsx')),
  },
  {
    path: '/settings',
    for: 'admin',
    name: 'navSettings',
    Page: lazy(() => import('../pages/settings/Settings.tsx')),
  },
  {
    path: '/verify',
    for: 'anybody',
    name: 'navVerify',
    Page: lazy(() => import('../pages/verify/Verify.tsx')),
  },
];

export const isFor = (page: Page, session: Session | null): boolean => {
  if (page.for === 'anybody') return true;
  if (!session?.may('read')) return false;
  if (page.scope !== undefined && !session.may(page.scope)) return false;
  if (page.for === 'account') return true;
  return session.accounts === null && (page.for === 'operator' || session.may('admin'));
};
