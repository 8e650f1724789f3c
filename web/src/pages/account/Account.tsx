/** An account: its parts, each at an address of its own. */
import { type ComponentType, useEffect } from 'react';
import { Link, useParams } from 'wouter';
import { useText } from '../../messages/language.tsx';
import { Loaded } from '../../parts/Loaded.tsx';
import styles from './Account.module.css';
import { BillList } from './BillList.tsx';
import { EventList } from './EventList.tsx';
import { accountMessages } from './messages.ts';
import { NoticeList } from './NoticeList.tsx';
import { PackList } from './PackList.tsx';
import { Status } from './Status.tsx';
import { Summary } from './Summary.tsx';
import { UsageByDay } from './UsageByDay.tsx';
import { useAccount } from './use-account.ts';

interface Section {
  /** Behind the account in the address. */
  readonly path: string;
  readonly name: 'summary' | 'usage' | 'packs' | 'bills' | 'notices' | 'events';
  readonly Part: ComponentType<{ readonly account: string }>;
}

const SECTIONS: readonly Section[] = [
  { path: '', name: 'summary', Part: Summary },
  { path: '/usage', name: 'usage', Part: UsageByDay },
  { path: '/packs', name: 'packs', Part: PackList },
  { path: '/bills', name: 'bills', Part: BillList },
  { path: '/notices', name: 'notices', Part: NoticeList },
  { path: '/events', name: 'events', Part: EventList },
];

const Account = () => {
  const text = useText(accountMessages);
  const { account = '', section = '' } = useParams();
  const query = useAccount(account);
  const shown = SECTIONS.find(({ name, path }) => path !== '' && name === section) ?? SECTIONS[0];
  useEffect(() => {
    document.title = `${account} · Suanpan`;
  }, [account]);
  if (!shown) return null;
  return (
    <article className={styles.account}>
      <header className={styles.head}>
        <h1>{account}</h1>
        <Loaded query={query} lines={1}>
          {({ name, status }) => (
            <p className={styles.name}>
              {name ? <span>{name}</span> : null} <Status status={status} />
            </p>
          )}
        </Loaded>
      </header>
      <nav aria-label={text.sections} className={styles.sections}>
        <ul>
          {SECTIONS.map(({ path, name }) => (
            <li key={name}>
              <Link
                href={`/accounts/${encodeURIComponent(account)}${path}`}
                aria-current={name === shown.name ? 'page' : undefined}
              >
                {text[name]}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <shown.Part account={account} />
    </article>
  );
};

export default Account;
