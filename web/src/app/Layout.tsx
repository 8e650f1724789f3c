/** What is around every page: name, navigation, language, appearance, the zone, and whether the page is up to date. */
import type { ReactNode } from 'react';
import { Link, useRoute } from 'wouter';
import { instantTextIn, useInstants } from '../format/format.ts';
import { useLive } from '../ledger/live.tsx';
import { useLedgerQuery } from '../ledger/queries.ts';
import { useLanguage, useText } from '../messages/language.tsx';
import { Button } from '../parts/Button.tsx';
import { useSession, useSessionState } from '../session/session.tsx';
import { Choices } from './Choices.tsx';
import styles from './Layout.module.css';
import { layoutMessages } from './messages.ts';
import type { Page } from './pages.ts';

interface LayoutProps {
  readonly pages: readonly Page[];
  readonly children: ReactNode;
}

export const Layout = ({ pages, children }: LayoutProps) => {
  const text = useText(layoutMessages);
  const { session, signOut } = useSessionState();
  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#content">
        {text.skip}
      </a>
      <header className={styles.header}>
        <Link href="/" className={styles.name}>
          Suanpan <span lang="zh">算盘</span>
        </Link>
        <nav aria-label={text.navigation} className={styles.nav}>
          <ul>
            {pages.map(({ path, name }) =>
              name === undefined ? null : (
                <li key={path}>
                  <NavLink path={path}>{text[name] as string}</NavLink>
                </li>
              ),
            )}
          </ul>
        </nav>
        {session ? (
          <div className={styles.signed}>
            <span>{session.name}</span>
            <Button kind="quiet" onPress={signOut}>
              {text.signOut}
            </Button>
          </div>
        ) : null}
      </header>
      {session ? <Stale /> : null}
      <main id="content" className={styles.main} tabIndex={-1}>
        {children}
      </main>
      <footer className={styles.footer}>
        {session ? <LedgerLine /> : <span />}
        <Choices />
      </footer>
    </div>
  );
};

const NavLink = ({ path, children }: { readonly path: string; readonly children: string }) => {
  const [isExact] = useRoute(path);
  const [isBelow] = useRoute(`${path}/*`);
  return (
    <Link href={path} className={styles.link} aria-current={isExact || isBelow ? 'page' : undefined}>
      {children}
    </Link>
  );
};

const Stale = () => {
  const text = useText(layoutMessages);
  const { locale } = useLanguage();
  const { zone } = useSession().ledger;
  const { brokenSince } = useLive();
  return (
    <div role="status" className={styles.status}>
      {brokenSince ? text.stale(instantTextIn(locale, zone).instant(brokenSince.toISOString())) : null}
    </div>
  );
};

const LedgerLine = () => {
  const text = useText(layoutMessages);
  const { ledger } = useSession();
  const { instant, zone } = useInstants();
  const isTest = ledger.clock === 'test';
  const { data } = useLedgerQuery(
    ['ledger', 'clock'],
    ({ client, signal }) => client.getClock({ signal }),
    isTest,
  );
  return (
    <p className={styles.ledger}>
      {text.zone(zone)}
      {isTest ? ` · ${text.testClock(instant(data?.now ?? ledger.now))}` : null}
    </p>
  );
};
