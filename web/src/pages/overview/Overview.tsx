/** All accounts at a look: today's intake, the month by product beside the last one, money, and packs; each leads on. */
import type { Overview as Found } from '../../../../client/suanpan.ts';
import { useLedgerQuery } from '../../ledger/queries.ts';
import { useText } from '../../messages/language.tsx';
import { Loaded } from '../../parts/Loaded.tsx';
import { Intake } from './Intake.tsx';
import { Money } from './Money.tsx';
import { overviewMessages } from './messages.ts';
import styles from './Overview.module.css';
import { Packs } from './Packs.tsx';
import { Products } from './Products.tsx';

const Overview = () => {
  const text = useText(overviewMessages);
  const query = useLedgerQuery(['ledger', 'overview'], ({ client, after, signal }) =>
    client.getOverview({ after }, { signal }),
  );
  return (
    <div className={styles.overview}>
      <title>{`${text.title} – Suanpan`}</title>
      <h1>{text.title}</h1>
      <Loaded query={query} lines={40}>
        {(overview: Found) => (
          <>
            <Money overview={overview} />
            <Intake overview={overview} />
            <Products overview={overview} />
            <Packs overview={overview} />
          </>
        )}
      </Loaded>
    </div>
  );
};

export default Overview;
