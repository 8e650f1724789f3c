/** What each month brought, of all products or of one; each figure leads to what made it. */
import { Link, useLocation, useSearch } from 'wouter';
import { counted, useInstants, yuan } from '../../format/format.ts';
import { useBooksInForce, useNamed } from '../../ledger/use-books.ts';
import { useText } from '../../messages/language.tsx';
import { SelectField } from '../../parts/Field.tsx';
import { type Column, Table } from '../../parts/Table.tsx';
import { type FinanceMonth, type Kind, monthHref, sharesHref } from './addresses.ts';
import styles from './Finance.module.css';
import { financeMessages } from './messages.ts';

type Amounts = Pick<FinanceMonth, 'postPaid' | 'corrections' | 'packs'>;
const NOTHING: Amounts = { postPaid: '0.00', corrections: '0.00', packs: { sold: 0, amount: '0.00' } };

export const Revenue = ({ months }: { readonly months: readonly FinanceMonth[] }) => {
  const text = useText(financeMessages);
  const { month: monthText } = useInstants();
  const nameOf = useProductName();
  const [, navigate] = useLocation();
  const product = new URLSearchParams(useSearch()).get('product') ?? '';
  const products = [...new Set(months.flatMap((one) => one.products.map((of) => of.product)))].sort();
  const of = (month: FinanceMonth): Amounts =>
    product === '' ? month : (month.products.find((one) => one.product === product) ?? NOTHING);
  /** Of all products a figure leads to the month by product, where each leads on. */
  const amount = (name: string, kind: Kind, read: (amounts: Amounts) => string): Column<FinanceMonth> => ({
    name,
    isNumber: true,
    cell: (one) => (
      <Amount
        amount={read(of(one))}
        href={product === '' ? monthHref(one.month) : sharesHref(one.month, kind, product)}
      />
    ),
  });
  const ofAll: readonly Column<FinanceMonth>[] = [
    {
      name: text.due,
      isNumber: true,
      cell: ({ month, due }) => <Amount amount={due} href={sharesHref(month, 'bills')} />,
    },
    {
      name: text.credits,
      isNumber: true,
      cell: ({ month, credits }) => <Amount amount={credits.amount} href={sharesHref(month, 'credits')} />,
    },
  ];
  return (
    <section className={styles.part}>
      <div className={styles.head}>
        <h2>{text.revenue}</h2>
        <SelectField
          label={text.product}
          value={product}
          options={[
            { value: '', label: text.allProducts },
            ...products.map((value) => ({ value, label: nameOf(value) })),
          ]}
          onChange={(value) =>
            navigate(value === '' ? '/finance' : `/finance?product=${encodeURIComponent(value)}`, {
              replace: true,
            })
          }
        />
      </div>
      <Table
        caption={text.revenue}
        rows={months}
        keyOf={({ month }) => month}
        columns={[
          {
            name: text.month,
            cell: ({ month }) => <Link href={monthHref(month)}>{monthText(month)}</Link>,
          },
          amount(text.postPaid, 'post_paid', ({ postPaid }) => postPaid),
          amount(text.corrections, 'corrections', ({ corrections }) => corrections),
          amount(text.packs, 'packs', ({ packs }) => packs.amount),
          { name: text.packsSold, isNumber: true, cell: (one) => counted(of(one).packs.sold) },
          ...(product === '' ? ofAll : []),
        ]}
      />
    </section>
  );
};

/** Nothing leads nowhere. */
export const Amount = ({ amount, href }: { readonly amount: string; readonly href: string }) =>
  amount === '0.00' ? yuan(amount) : <Link href={href}>{yuan(amount)}</Link>;

/** A product's name in its book that is in force, else its id. */
export const useProductName = (): ((product: string) => string) => {
  const named = useNamed();
  const { data: books = [] } = useBooksInForce();
  return (id) => {
    const book = books.find(({ product }) => product === id);
    return book ? named(book.name) : id;
  };
};
