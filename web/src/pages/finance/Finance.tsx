/** Month's end: what is closed and what is not, what each month brought, money held and owed, packs, downloads. */
import { useText } from '../../messages/language.tsx';
import { Empty, Loaded } from '../../parts/Loaded.tsx';
import { PageHead } from '../../parts/PageHead.tsx';
import { Balances } from './Balances.tsx';
import { Checklist } from './Checklist.tsx';
import { Downloads } from './Downloads.tsx';
import styles from './Finance.module.css';
import { financeMessages } from './messages.ts';
import { Packs } from './Packs.tsx';
import { Revenue } from './Revenue.tsx';
import { useMonths } from './use-months.ts';

/** Each part is a section of its own in one column; the journal's reports go between the packs and the downloads. */
const Finance = () => {
  const text = useText(financeMessages);
  const months = useMonths();
  return (
    <>
      <title>{`${text.title} – Suanpan`}</title>
      <PageHead title={text.title} />
      <div className={styles.parts}>
        <Balances />
        <Loaded query={months} lines={30}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty>{text.noMonths}</Empty>
            ) : (
              <>
                <Checklist months={items} />
                <Revenue months={items} />
                <Packs />
                <Downloads months={items} />
              </>
            )
          }
        </Loaded>
      </div>
    </>
  );
};

export default Finance;
