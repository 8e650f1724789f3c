/** The balance, available and frozen, day by day. */
import { useState } from 'react';
import type { DayBalance } from '../../../../../client/suanpan.ts';
import { type Point, StepLines } from '../../../charts/StepLines.tsx';
import { useInstants, yuan } from '../../../format/format.ts';
import { useText } from '../../../messages/language.tsx';
import { SelectField } from '../../../parts/Field.tsx';
import { Empty, Loaded } from '../../../parts/Loaded.tsx';
import { Table } from '../../../parts/Table.tsx';
import styles from '../Account.module.css';
import { accountMessages } from '../messages.ts';
import { useAccountQuery } from '../moment/moment.tsx';

const DAY_MS = 86_400_000;
/** As many days as the API answers in one page. */
const DAYS_MAX = 1_000;
const SPANS = ['90', '365', '900'] as const;

export const BalanceOverTime = ({ account }: { readonly account: string }) => {
  const text = useText(accountMessages);
  const [span, setSpan] = useState<string>('365');
  const names: Readonly<Record<string, string>> = {
    90: text.lastDays('90'),
    365: text.lastDays('365'),
    900: text.lastDays('900'),
  };
  // The last day is the ledger's, and known from a first answer alone.
  const last = useAccountQuery(account, ['balance-now'], ({ client, after, at, signal }) =>
    client.getAccountsBalances(account, { after, ...at, limit: 1 }, { signal }),
  ).data?.now.day;
  const from = last && new Date(Date.parse(last) - Number(span) * DAY_MS).toISOString().slice(0, 10);
  const query = useAccountQuery(
    account,
    ['balances', from],
    ({ client, after, at, signal }) =>
      client.getAccountsBalances(account, { after, ...at, from, limit: DAYS_MAX }, { signal }),
    from !== undefined,
  );
  return (
    <section className={styles.part}>
      <h2>{text.balanceOverTime}</h2>
      <div className={styles.choice}>
        <SelectField
          label={text.span}
          value={span}
          options={SPANS.map((value) => ({ value, label: names[value] ?? value }))}
          onChange={setSpan}
        />
      </div>
      <Loaded query={query} lines={16}>
        {({ items, opening, now }) => <Days days={items} opening={opening} now={now} from={from ?? ''} />}
      </Loaded>
    </section>
  );
};

interface DaysProps {
  readonly days: readonly DayBalance[];
  readonly opening: DayBalance | null;
  readonly now: DayBalance;
  readonly from: string;
}

const Days = ({ days, opening, now, from }: DaysProps) => {
  const text = useText(accountMessages);
  const { date } = useInstants();
  const shown = [
    ...(opening ? [{ ...opening, day: from }] : []),
    ...days.filter(({ day }) => day !== now.day),
    now,
  ];
  if (shown.every(({ total, frozen }) => Number(total) === 0 && Number(frozen) === 0))
    return <Empty>{text.noMoney}</Empty>;
  return (
    <>
      <StepLines
        title={text.balanceChart}
        unit="¥"
        series={[
          { name: text.available, color: 2 },
          { name: text.frozen, color: 1 },
        ]}
        points={shown.map(pointOf)}
      />
      <details>
        <summary>{text.asTable}</summary>
        <Table
          caption={text.balanceOverTime}
          rows={shown.toReversed()}
          keyOf={({ day }) => day}
          columns={[
            { name: text.day, cell: ({ day }) => date(`${day}T12:00:00Z`) },
            { name: text.available, isNumber: true, cell: ({ available }) => yuan(available) },
            { name: text.frozen, isNumber: true, cell: ({ frozen }) => yuan(frozen) },
            { name: text.total, isNumber: true, cell: ({ total }) => yuan(total) },
          ]}
        />
      </details>
    </>
  );
};

/** The heights of a picture; the amounts are in the table. */
const pointOf = ({ day, available, frozen }: DayBalance): Point => ({
  at: Date.parse(`${day}T12:00:00Z`),
  values: [Number(available), Number(frozen)],
});
