/** The usage of a month: by day, and by day and interface. */
import { useState } from 'react';
import { useSearchParams } from 'wouter';
import type { UsageSum } from '../../../../client/suanpan.ts';
import { DayBars } from '../../charts/DayBars.tsx';
import { counted, useInstants } from '../../format/format.ts';
import { useText } from '../../messages/language.tsx';
import { Button } from '../../parts/Button.tsx';
import { TextField } from '../../parts/Field.tsx';
import { Empty, Loaded } from '../../parts/Loaded.tsx';
import { Table } from '../../parts/Table.tsx';
import styles from './Account.module.css';
import { accountMessages } from './messages.ts';
import { useAccountQuery } from './moment/moment.tsx';
import { byDay, byInterface, nameIn, unitsIn } from './usage-sums.ts';
import { useCurrentMonth } from './use-current-month.ts';

/** Sums of days and interfaces, of one answer and of a month: 31 days of 500 interfaces. */
const SUMS_A_PAGE = 1_000;
const SUMS_MAX = 15_500;
/** Rows of a table that are shown at first. */
const ROWS = 500;

/** All sums of a month, or the first `SUMS_MAX`. */
const sumsOf = async (
  page: (
    cursor: string | undefined,
  ) => Promise<{ readonly items: readonly object[]; readonly next: string | null }>,
): Promise<{ readonly sums: readonly UsageSum[]; readonly isAll: boolean }> => {
  const sums: UsageSum[] = [];
  for (let cursor: string | undefined; sums.length < SUMS_MAX; ) {
    const { items, next } = await page(cursor);
    sums.push(...(items as readonly UsageSum[]));
    if (next === null) return { sums, isAll: true };
    cursor = next;
  }
  return { sums, isAll: false };
};

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
      sumsOf((cursor) =>
        client.getAccountsUsage(
          account,
          { after, ...at, month: month ?? undefined, by: 'day', limit: SUMS_A_PAGE, cursor },
          { signal },
        ),
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
        {({ sums, isAll }) =>
          sums.length === 0 ? (
            <Empty>{text.noUsage}</Empty>
          ) : (
            <>
              {isAll ? null : <p>{text.tooMany(counted(sums.length))}</p>}
              <Month rows={sums} month={monthName(month ?? '')} days={month ?? ''} />
            </>
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
  const [most, setMost] = useState(ROWS);
  return (
    <>
      <Table
        caption={name}
        isCaptionShown
        rows={rows.slice(0, most)}
        keyOf={(row) => `${row.day} ${nameIn(row)}`}
        columns={[
          ...(hasDays ? [{ name: text.day, cell: ({ day }: UsageSum) => day }] : []),
          { name: text.interfaceName, cell: nameIn },
          { name: text.records, isNumber: true, cell: ({ records }) => counted(records) },
          { name: text.calls, isNumber: true, cell: (row) => counted(unitsIn(row)) },
          { name: text.free, isNumber: true, cell: ({ free }) => counted(free) },
          { name: text.fromPacks, isNumber: true, cell: ({ packs }) => counted(packs) },
          { name: text.postPaid, isNumber: true, cell: ({ postPaid }) => counted(postPaid) },
        ]}
      />
      {rows.length > most ? (
        <Button onPress={() => setMost(most + ROWS)}>{text.moreRows(counted(rows.length))}</Button>
      ) : null}
    </>
  );
};
