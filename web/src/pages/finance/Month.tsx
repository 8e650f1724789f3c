/** A month by product: each figure leads to the accounts that made it. */
import { Link, useParams } from 'wouter';
import { counted, useInstants } from '../../format/format.ts';
import { useText } from '../../messages/language.tsx';
import { Empty, Loaded } from '../../parts/Loaded.tsx';
import { PageHead } from '../../parts/PageHead.tsx';
import { Table } from '../../parts/Table.tsx';
import { type FinanceMonth, isMonth, sharesHref } from './addresses.ts';
import { Checklist } from './Checklist.tsx';
import styles from './Finance.module.css';
import { financeMessages } from './messages.ts';
import { Amount, useProductName } from './Revenue.tsx';
import { useMonths } from './use-months.ts';

const Month = () => {
  const text = useText(financeMessages);
  const { month: monthText } = useInstants();
  const { month: given = '' } = useParams();
  const months = useMonths();
  const title = isMonth(given) ? monthText(given) : given;
  return (
    <>
      <title>{`${title} – Suanpan`}</title>
      <p>
        <Link href="/finance">{text.back}</Link>
      </p>
      <PageHead title={title} />
      <Loaded query={months} lines={12}>
        {({ items }) => {
          const month = items.find((one) => one.month === given);
          return month ? (
            <div className={styles.parts}>
              <Checklist months={[month]} />
              <ByProduct of={month} title={text.byProduct(title)} />
            </div>
          ) : (
            <Empty>{text.none}</Empty>
          );
        }}
      </Loaded>
    </>
  );
};

const ByProduct = ({ of, title }: { readonly of: FinanceMonth; readonly title: string }) => {
  const text = useText(financeMessages);
  const nameOf = useProductName();
  const { month, due, credits, products } = of;
  return (
    <section className={styles.part}>
      <h2>{title}</h2>
      <Table
        caption={title}
        rows={products}
        keyOf={({ product }) => product}
        columns={[
          { name: text.product, cell: ({ product }) => nameOf(product) },
          {
            name: text.postPaid,
            isNumber: true,
            cell: ({ product, postPaid }) => (
              <Amount amount={postPaid} href={sharesHref(month, 'post_paid', product)} />
            ),
          },
          {
            name: text.corrections,
            isNumber: true,
            cell: ({ product, corrections }) => (
              <Amount amount={corrections} href={sharesHref(month, 'corrections', product)} />
            ),
          },
          {
            name: text.packs,
            isNumber: true,
            cell: ({ product, packs }) => (
              <Amount amount={packs.amount} href={sharesHref(month, 'packs', product)} />
            ),
          },
          { name: text.packsSold, isNumber: true, cell: ({ packs }) => counted(packs.sold) },
        ]}
      />
      <dl className={styles.cards}>
        <div>
          <dt>{text.due}</dt>
          <dd>
            <Amount amount={due} href={sharesHref(month, 'bills')} />
          </dd>
        </div>
        <div>
          <dt>{text.credits}</dt>
          <dd>
            <Amount amount={credits.amount} href={sharesHref(month, 'credits')} />
          </dd>
        </div>
      </dl>
    </section>
  );
};

export default Month;
