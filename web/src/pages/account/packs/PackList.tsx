/** Packs: the usable ones in the order in which they pay, and all that ever were. */
import { Link, useSearchParams } from 'wouter';
import type { Pack } from '../../../../../client/suanpan.ts';
import { counted, useInstants, yuan } from '../../../format/format.ts';
import { useText } from '../../../messages/language.tsx';
import { Empty } from '../../../parts/Loaded.tsx';
import { Paged } from '../../../parts/Paged.tsx';
import { Table } from '../../../parts/Table.tsx';
import { useSession } from '../../../session/session.tsx';
import styles from '../Account.module.css';
import { ReturnPack } from '../commands/ReturnPack.tsx';
import { accountMessages } from '../messages.ts';
import { useAccountPages, useMoment } from '../moment/moment.tsx';
import { PackUse } from './PackUse.tsx';

export const PackList = ({ account }: { readonly account: string }) => {
  const [search] = useSearchParams();
  const pack = search.get('pack');
  return pack === null ? <Lists account={account} /> : <PackUse account={account} pack={pack} />;
};

const Lists = ({ account }: { readonly account: string }) => {
  const text = useText(accountMessages);
  return (
    <div className={styles.parts}>
      <List account={account} name={text.usableFirst} none={text.noUsablePacks} state="usable" />
      <List account={account} name={text.everyPack} none={text.noPacks} />
    </div>
  );
};

interface ListProps {
  readonly account: string;
  readonly name: string;
  readonly none: string;
  readonly state?: 'usable';
}

const List = ({ account, name, none, state }: ListProps) => {
  const query = useAccountPages(account, ['packs', state], ({ client, after, at, signal, cursor }) =>
    client.getAccountsPacks(account, { after, ...at, cursor, state }, { signal }),
  );
  return (
    <section className={styles.part}>
      <h2>{name}</h2>
      <Paged query={query}>
        {(packs) =>
          packs.length === 0 ? (
            <Empty>{none}</Empty>
          ) : (
            <PackTable account={account} name={name} packs={packs} isNextFirst={state === 'usable'} />
          )
        }
      </Paged>
    </section>
  );
};

interface PackTableProps {
  readonly account: string;
  readonly name: string;
  readonly packs: readonly Pack[];
  readonly isNextFirst: boolean;
}

const PackTable = ({ account, name, packs, isNextFirst }: PackTableProps) => {
  const text = useText(accountMessages);
  const { date } = useInstants();
  const { at, isThen } = useMoment();
  const states = {
    usable: text.usable,
    used_up: text.usedUp,
    expired: text.expired,
    void: text.voided,
    returned: text.returned,
  };
  const mayReturn =
    useSession().may('operate') &&
    !isThen &&
    packs.some(({ returnableUntil }) => returnableUntil !== undefined);
  const next = isNextFirst ? packs[0]?.pack : undefined;
  const path = `/accounts/${encodeURIComponent(account)}/packs?pack=`;
  return (
    <Table
      caption={name}
      rows={packs}
      keyOf={({ pack }) => pack}
      columns={[
        {
          name: text.pack,
          cell: ({ pack }) => (
            <Link href={at(`${path}${encodeURIComponent(pack)}`)} className={styles.mono}>
              {pack}
            </Link>
          ),
        },
        { name: text.pool, cell: ({ pool }) => pool },
        {
          name: text.left,
          isNumber: true,
          cell: ({ pack, remaining, size }) => (
            <>
              <progress className={styles.meter} aria-label={pack} value={remaining} max={size} />{' '}
              {text.remainingOf(counted(remaining), counted(size))}
            </>
          ),
        },
        {
          name: text.expires,
          cell: ({ pack, expiresAt }) => (
            <>
              {date(expiresAt)}{' '}
              {pack === next ? (
                <span className={`${styles.tag} ${styles.good}`}>{text.nextToExpire}</span>
              ) : null}
            </>
          ),
        },
        { name: text.forfeited, isNumber: true, cell: ({ forfeited }) => counted(forfeited) },
        { name: text.price, isNumber: true, cell: ({ price }) => yuan(price) },
        { name: text.bought, cell: ({ purchasedAt }) => date(purchasedAt) },
        {
          name: text.state,
          cell: ({ state, granted }) => (
            <>
              {states[state]} {granted ? <span className={styles.tag}>{text.grantedPack}</span> : null}
            </>
          ),
        },
        ...(mayReturn
          ? [{ name: text.command, cell: (pack: Pack) => <ReturnPack account={account} pack={pack} /> }]
          : []),
      ]}
    />
  );
};
