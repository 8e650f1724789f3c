/** The usage of a month: by day, and by day and interface. */
import { useSearchParams } from 'wouter';
import type { UsageSum } from '../../../../client/suanpan.ts';
import { DayBars } from '../../charts/DayBars.tsx';
import { counted, useInstants } from '../../format/format.ts';
import { useText } from '../../messages/language.tsx';
import { TextField } from '../../parts/Field.tsx';
import { Empty, Loaded } from '../../parts/Loaded.tsx';
import { Table } from '../../parts/Table.tsx';
import styles from './Account.module.css';
import { accountMessages } from './messages.ts';
import { useAccountQuery } from './moment/moment.tsx';
import { byDay, byInterface } from './usage-sums.ts';
import { useCurrentMonth } from './use-current-month.ts';

/** More days and interfaces than any month of an account has. */
const ALL = 1_000;

export const UsageByDay = ({ account }: { readonly account: string }) => {
  const text = useText(accountMessages);
  const { month: monthName } = useInstants();
  const [search, setSearch] = useSearchParams();
  const current = useCurrentMonth(account);
  const month = search.get('month') ?? current;
  const isMonth = /^\d{4}-(0[1-9]|1[0-2])$/.test(month ?? '');
  const query = useAccountQuery(
    account,
    ['usage', month],
    ({ client, after, at, signal }) =>
      client.getAccountsUsage(
        account,
        { after, ...at, month: month ?? undefined, by: 'day', limit: ALL },
        { signal },
      ),
    isMonth,
  );
  return (
    <section className={styles.part}>
      <h2>{text.usage}</h2>
      <div className={styles.choice}>
        <TextField
          label={text.month}
          type="month"
          value={month ?? ''}
          onChange={(value) =>
            setSearch(
              (before) => {
                before.set('month', value);
                return before;
              },
              { replace: true },
            )
          }
        />
      </div>
      <Loaded query={query} lines={16}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty>{text.noUsage}</Empty>
          ) : (
            <Month rows={items as readonly UsageSum[]} month={monthName(month ?? '')} days={month ?? ''} />
          )
        }
      </Loaded>
    </section>
  );
};

interface MonthProps {
  readonly rows: readonly UsageSum[];
  readonly month: string;
  readonly days: string;
}

const Month = ({ rows, month, days }: MonthProps) => {
  const text = useText(accountMessages);
  return (
    <>
      <DayBars
        title={text.usageChart(month)}
        series={[
          { name: text.free, color: 3 },
          { name: text.fromPacks, color: 2 },
          { name: text.postPaid, color: 1 },
        ]}
        bars={byDay(rows, days)}
      />
      <Sums name={text.byInterface} rows={byInterface(rows)} />
      <Sums name={text.byDayAndInterface} rows={rows} hasDays />
    </>
  );
};

interface SumsProps {
  readonly name: string;
  readonly rows: readonly UsageSum[];
  readonly hasDays?: boolean;
}

const Sums = ({ name, rows, hasDays = false }: SumsProps) => {
  const text = useText(accountMessages);
  return (
    <Table
      caption={name}
      isCaptionShown
      rows={rows}
      keyOf={(row) => `${row.day} ${row.interface}`}
      columns={[
        ...(hasDays ? [{ name: text.day, cell: ({ day }: UsageSum) => day }] : []),
        { name: text.interfaceName, cell: (row) => row.interface },
        { name: text.records, isNumber: true, cell: ({ records }) => counted(records) },
        { name: text.calls, isNumber: true, cell: ({ calls }) => counted(calls) },
        { name: text.free, isNumber: true, cell: ({ free }) => counted(free) },
        { name: text.fromPacks, isNumber: true, cell: ({ packs }) => counted(packs) },
        { name: text.postPaid, isNumber: true, cell: ({ postPaid }) => counted(postPaid) },
      ]}
    />
  );
};
