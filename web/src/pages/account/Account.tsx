/** An account: its parts, each at an address of its own. */
import { useIsFetching } from '@tanstack/react-query';
import { type ComponentType, useEffect } from 'react';
import { Link, useParams } from 'wouter';
import { useText } from '../../messages/language.tsx';
import { Loaded } from '../../parts/Loaded.tsx';
import styles from './Account.module.css';
import { BillList } from './BillList.tsx';
import { EventList } from './EventList.tsx';
import { accountMessages } from './messages.ts';
import { useMoment } from './moment/moment.tsx';
import { Timeline } from './moment/Timeline.tsx';
import { NoticeList } from './NoticeList.tsx';
import { PackList } from './packs/PackList.tsx';
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

/** Of another account nothing is kept: figures of two accounts are never mixed. */
const Account = () => {
  const { account = '', section = '' } = useParams();
  return <Parts key={account} account={account} section={section} />;
};

interface PartsProps {
  readonly account: string;
  readonly section: string;
}

const Parts = ({ account, section }: PartsProps) => {
  const text = useText(accountMessages);
  const isFetching = useIsFetching({ queryKey: ['account', account] }) > 0;
  const query = useAccount(account);
  const { at } = useMoment();
  const shown = SECTIONS.find(({ name, path }) => path !== '' && name === section) ?? SECTIONS[0];
  useEffect(() => {
    document.title = `${account} · Suanpan`;
  }, [account]);
  if (!shown) return null;
  return (
    <article className={styles.account} aria-busy={isFetching}>
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
      <Timeline account={account} />
      <nav aria-label={text.sections} className={styles.sections}>
        <ul>
          {SECTIONS.map(({ path, name }) => (
            <li key={name}>
              <Link
                href={at(`/accounts/${encodeURIComponent(account)}${path}`)}
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
