/** One pack: its burn-down, and everything that was ever deducted from it. */
import { Link, useSearchParams } from 'wouter';
import type { Pack, PackDay } from '../../../../../client/suanpan.ts';
import { type Point, StepLines } from '../../../charts/StepLines.tsx';
import { counted, useInstants, yuan } from '../../../format/format.ts';
import { useText } from '../../../messages/language.tsx';
import { Loaded } from '../../../parts/Loaded.tsx';
import { Table } from '../../../parts/Table.tsx';
import styles from '../Account.module.css';
import { accountMessages } from '../messages.ts';
import { useAccountQuery, useMoment } from '../moment/moment.tsx';
import { useShownInstant } from '../moment/use-now.ts';
import { Deductions } from './Deductions.tsx';
import { packMessages } from './messages.ts';

interface PackOf {
  readonly account: string;
  readonly pack: string;
}

/** A pack lives a year and is used by late reports some days longer: its days fit into one page. */
const DAYS_MAX = 1_000;

export const PackUse = ({ account, pack }: PackOf) => {
  const text = useText(packMessages);
  const { at } = useMoment();
  const [search] = useSearchParams();
  const query = useAccountQuery(account, ['pack-days', pack], ({ client, after, at: then, signal }) =>
    client.getAccountsPacksDays(account, pack, { after, ...then, limit: DAYS_MAX }, { signal }),
  );
  const path = `/accounts/${encodeURIComponent(account)}/packs`;
  return (
    <div className={styles.parts}>
      <p>
        <Link href={at(path)}>{text.allPacks}</Link>
      </p>
      <section className={styles.part} aria-label={text.burnDown(pack)}>
        <h2>{text.burnDown(pack)}</h2>
        <Loaded query={query} lines={20}>
          {(of) => <BurnDown {...of} days={of.items} path={`${path}?pack=${encodeURIComponent(pack)}`} />}
        </Loaded>
      </section>
      <Deductions account={account} pack={pack} day={search.get('day')} path={path} />
    </div>
  );
};

interface BurnDownProps {
  readonly pack: Pack;
  readonly days: readonly PackDay[];
  readonly path: string;
}

const BurnDown = ({ pack, days, path }: BurnDownProps) => {
  const text = useText(packMessages);
  const names = useText(accountMessages);
  const { instant, date } = useInstants();
  const { at } = useMoment();
  const unused = pack.remaining + pack.forfeited;
  const now = useShownInstant();
  const states = {
    usable: names.usable,
    used_up: names.usedUp,
    expired: names.expired,
    void: names.voided,
    returned: names.returned,
  };
  return (
    <>
      <dl className={styles.cards}>
        <Fact name={names.state} value={states[pack.state]} />
        <Fact name={names.left} value={names.remainingOf(counted(pack.remaining), counted(pack.size))} />
        <Fact name={names.forfeited} value={counted(pack.forfeited)} />
        <Fact name={names.price} value={yuan(pack.price)} />
        <Fact name={names.bought} value={instant(pack.purchasedAt)} />
        <Fact name={names.expires} value={instant(pack.expiresAt)} />
      </dl>
      <StepLines
        title={text.burnDown(pack.pack)}
        series={[{ name: text.unused, color: 2 }]}
        points={pointsOf(pack, days, { unused, now })}
        mark={{ at: Date.parse(pack.expiresAt), name: text.expiry }}
      />
      <p className={styles.soft}>{text.note}</p>
      {days.length === 0 ? null : (
        <details>
          <summary>{text.byDay}</summary>
          <Table
            caption={text.newestFirst}
            rows={days.toReversed()}
            keyOf={({ day }) => day}
            columns={[
              {
                name: text.day,
                cell: ({ day }) => <Link href={at(`${path}&day=${day}`)}>{date(`${day}T12:00:00Z`)}</Link>,
              },
              { name: text.deducted, isNumber: true, cell: ({ deducted }) => counted(deducted) },
              { name: text.givenBack, isNumber: true, cell: ({ givenBack }) => counted(givenBack) },
              { name: text.voided, isNumber: true, cell: ({ voided }) => counted(voided) },
              { name: text.atEnd, isNumber: true, cell: ({ after }) => counted(after) },
            ]}
          />
        </details>
      )}
    </>
  );
};

const Fact = ({ name, value }: { readonly name: string; readonly value: string }) => (
  <div className={styles.card}>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
);

/** From the purchase through the days to what is unused now, or was at the expiry. */
const pointsOf = (
  { purchasedAt, expiresAt, size }: Pack,
  days: readonly PackDay[],
  { unused, now }: { readonly unused: number; readonly now: number | null },
): readonly Point[] => {
  const start = Date.parse(purchasedAt);
  const points = days.map(({ day, after }) => ({
    at: Math.max(start, Date.parse(`${day}T12:00:00Z`)),
    values: [after],
  }));
  const last = points.at(-1)?.at ?? start;
  const end = now === null ? last : Math.max(last, Math.min(now, Date.parse(expiresAt)));
  return [{ at: start, values: [size] }, ...points, { at: end, values: [unused] }];
};
