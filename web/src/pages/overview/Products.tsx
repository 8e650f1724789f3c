/** This month's calls and post-paid amounts by product, beside the last month's at the same day. */
import { Link } from 'wouter';
import type { Overview } from '../../../../client/suanpan.ts';
import { DayBars } from '../../charts/DayBars.tsx';
import { counted, useInstants, yuan } from '../../format/format.ts';
import { useEditions } from '../../ledger/use-books.ts';
import { useLanguage, useText } from '../../messages/language.tsx';
import { Empty } from '../../parts/Loaded.tsx';
import { Table } from '../../parts/Table.tsx';
import { accountsHref } from '../accounts/asked.ts';
import { overviewMessages } from './messages.ts';
import styles from './Overview.module.css';

type Product = Overview['products'][number];

export const Products = ({ overview }: { readonly overview: Overview }) => {
  const text = useText(overviewMessages);
  const { month } = useInstants();
  const { products, months } = overview;
  const name = useProductName();
  const [current, before] = [month(months.current), month(months.before)];
  return (
    <section className={styles.part}>
      <h2>{text.products(current)}</h2>
      <p className={styles.soft}>{text.productsHint(before)}</p>
      {products.length === 0 ? (
        <Empty>{text.noProducts}</Empty>
      ) : (
        <>
          <Table
            caption={text.products(current)}
            rows={products}
            keyOf={({ product }) => product}
            columns={[
              {
                name: text.product,
                cell: ({ product }) => <Link href={accountsHref({ product })}>{name(product)}</Link>,
              },
              { name: text.callsIn(current), isNumber: true, cell: (row) => counted(row.current.calls) },
              { name: text.callsThen(before), isNumber: true, cell: (row) => counted(row.before.calls) },
              { name: text.amountIn(current), isNumber: true, cell: (row) => <Amount of={row} /> },
              { name: text.amountThen(before), isNumber: true, cell: (row) => yuan(row.before.amount) },
              { name: text.whole(before), isNumber: true, cell: (row) => yuan(row.before.whole.amount) },
            ]}
          />
          <div className={styles.charts}>
            {products.map((product) => (
              <Days key={product.product} of={product} name={name(product.product)} overview={overview} />
            ))}
          </div>
        </>
      )}
    </section>
  );
};

const Amount = ({ of: { current } }: { readonly of: Product }) => {
  const text = useText(overviewMessages);
  return (
    <>
      {yuan(current.amount)}
      {current.unpriced === 0 ? null : (
        <small className={styles.small}>{text.unpriced(counted(current.unpriced))}</small>
      )}
    </>
  );
};

interface DaysProps {
  readonly of: Product;
  readonly name: string;
  readonly overview: Overview;
}

const DAYS = Array.from({ length: 31 }, (_, i) => String(i + 1).padStart(2, '0'));

/** The two months beside each other, day by day. */
const Days = ({ of: { current, before }, name, overview: { months } }: DaysProps) => {
  const text = useText(overviewMessages);
  const { month } = useInstants();
  const names = [month(months.current), month(months.before)] as const;
  const rows = DAYS.map((day) => ({
    day,
    now: current.days.find((one) => one.day === `${months.current}-${day}`),
    last: before.days.find((one) => one.day === `${months.before}-${day}`),
  }));
  const title = text.daysChart(name);
  return (
    <div className={styles.product}>
      <h3>{title}</h3>
      <DayBars
        title={title}
        isBeside
        series={[
          { name: names[1], color: 3 },
          { name: names[0], color: 2 },
        ]}
        bars={rows.map(({ day, now, last }) => ({
          day: `${months.current}-${day}`,
          values: [Number(last?.calls ?? 0), Number(now?.calls ?? 0)],
        }))}
      />
      <details>
        <summary>{text.asTable}</summary>
        <Table
          caption={title}
          rows={rows.filter(({ now, last }) => now !== undefined || last !== undefined)}
          keyOf={({ day }) => day}
          columns={[
            { name: text.day, cell: ({ day }) => day },
            { name: text.callsIn(names[0]), isNumber: true, cell: ({ now }) => counted(now?.calls ?? 0) },
            { name: text.callsIn(names[1]), isNumber: true, cell: ({ last }) => counted(last?.calls ?? 0) },
            { name: text.amountIn(names[0]), isNumber: true, cell: ({ now }) => yuan(now?.amount ?? '0.00') },
            {
              name: text.amountIn(names[1]),
              isNumber: true,
              cell: ({ last }) => yuan(last?.amount ?? '0.00'),
            },
          ]}
        />
      </details>
    </div>
  );
};

/** A product's name in its latest edition. */
const useProductName = (): ((product: string) => string) => {
  const { language } = useLanguage();
  const { data: editions = [] } = useEditions();
  return (product) => editions.findLast((one) => one.product === product)?.name[language] ?? product;
};
