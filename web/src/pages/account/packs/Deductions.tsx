/** Every deduction of a pack, with the record that it paid for. */
import { Link } from 'wouter';
import type { Deduction } from '../../../../../client/suanpan.ts';
import { counted, useInstants } from '../../../format/format.ts';
import { useLedgerQuery } from '../../../ledger/queries.ts';
import { useText } from '../../../messages/language.tsx';
import { Empty } from '../../../parts/Loaded.tsx';
import { Paged } from '../../../parts/Paged.tsx';
import { Table } from '../../../parts/Table.tsx';
import styles from '../Account.module.css';
import { useAccountPages, useMoment } from '../moment/moment.tsx';
import { packMessages } from './messages.ts';

interface DeductionsProps {
  readonly account: string;
  readonly pack: string;
  /** Only what was recorded on this day. */
  readonly day: string | null;
  /** Of the account's packs. */
  readonly path: string;
}

export const Deductions = ({ account, pack, day, path }: DeductionsProps) => {
  const text = useText(packMessages);
  const { date, instant } = useInstants();
  const { at } = useMoment();
  const hrefOf = useRecordLinks(account);
  const query = useAccountPages(
    account,
    ['deductions', pack, day],
    ({ client, after, at: then, ...reading }) =>
      client.getAccountsPacksDeductions(
        account,
        pack,
        { after, ...then, cursor: reading.cursor, ...(day === null ? {} : { day }) },
        { signal: reading.signal },
      ),
  );
  const kinds = {
    ...{
      usage: text.usage,
      correction: text.correction,
      expiry: text.expired,
      void: text.voidKind,
      return: text.returnKind,
    },
  };
  const title = day === null ? text.deductions : text.deductionsOn(date(`${day}T12:00:00Z`));
  return (
    <section className={styles.part}>
      <h2>{title}</h2>
      {day === null ? null : (
        <p>
          <Link href={at(`${path}?pack=${encodeURIComponent(pack)}`)}>{text.allDays}</Link>
        </p>
      )}
      <Paged query={query}>
        {(items) =>
          items.length === 0 ? (
            <Empty>{text.noDeductions}</Empty>
          ) : (
            <Table
              caption={title}
              rows={items}
              keyOf={({ event, record }, i) => `${event} ${record?.index ?? ''} ${i}`}
              columns={[
                { name: text.when, cell: (one) => instant(one.record?.time ?? one.at) },
                { name: text.what, cell: ({ kind }) => kinds[kind] },
                { name: text.before, isNumber: true, cell: ({ before }) => counted(before) },
                { name: text.amount, isNumber: true, cell: (one) => changeOf(one, text.forfeits) },
                { name: text.after, isNumber: true, cell: ({ after }) => counted(after) },
                {
                  name: text.record,
                  cell: (one) => (
                    <Link href={hrefOf(one)} className={styles.mono}>
                      {one.record ? `${one.record.source} ${one.record.id}` : `#${one.event}`}
                    </Link>
                  ),
                },
              ]}
            />
          )
        }
      </Paged>
    </section>
  );
};

const changeOf = (
  { kind, deducted, givenBack, voided, forfeited }: Deduction,
  forfeits: (calls: string) => string,
): string => {
  if (kind === 'expiry') return forfeits(counted(forfeited));
  const parts = [deducted > 0 ? `−${counted(deducted)}` : '', givenBack > 0 ? `+${counted(givenBack)}` : ''];
  return [...parts, voided > 0 ? `−${counted(voided)}` : ''].filter((part) => part !== '').join(' ');
};

/** A record leads to its bill, where there is one, else to its event. */
const useRecordLinks = (account: string): ((of: Deduction) => string) => {
  const { data } = useLedgerQuery(['account', account, 'billed'], ({ client, after, signal }) =>
    client.getAccountsBills(account, { after, limit: 1_000 }, { signal }),
  );
  const billed = new Set(data?.items.map(({ month }) => month));
  const base = `/accounts/${encodeURIComponent(account)}`;
  return ({ event, record }) => {
    const month = record?.day.slice(0, 7) ?? '';
    if (!record?.meter || record.index === null || !billed.has(month)) return `${base}/events?event=${event}`;
    const chosen = {
      line: record.meter,
      part: 'records',
      day: record.day,
      record: `${event}.${record.index}`,
    };
    return `${base}/bills/${month}?${new URLSearchParams(chosen)}`;
  };
};
