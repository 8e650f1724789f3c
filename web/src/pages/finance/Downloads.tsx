/** Tables of a month of all accounts, by level. */
import { useState } from 'react';
import type { Suanpan } from '../../../../client/suanpan.ts';
import { useInstants } from '../../format/format.ts';
import { useText } from '../../messages/language.tsx';
import { Button } from '../../parts/Button.tsx';
import { SelectField } from '../../parts/Field.tsx';
import { Problem } from '../../parts/Problem.tsx';
import { saveAs, withMark } from '../../parts/save.ts';
import { useSession } from '../../session/session.tsx';
import type { FinanceMonth } from './addresses.ts';
import styles from './Finance.module.css';
import { financeMessages } from './messages.ts';

type File = Parameters<Suanpan['getExportsOne']>[0];

const TIMEOUT = { timeoutMs: 600_000 } as const;
const CSV = 'text/csv;charset=utf-8';

export const Downloads = ({ months }: { readonly months: readonly FinanceMonth[] }) => {
  const text = useText(financeMessages);
  const { client } = useSession();
  const { month: monthText } = useInstants();
  const [chosen, setChosen] = useState<string | null>(null);
  const [fetching, setFetching] = useState<File | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  // The last month that is over is the one that is being closed.
  const month = chosen ?? (months.find(({ isOver }) => isOver) ?? months[0])?.month;
  if (month === undefined) return null;
  const save = async (file: File): Promise<void> => {
    setFetching(file);
    setFailure(null);
    try {
      const content = withMark(await client.getExportsOne(file, { month }, TIMEOUT));
      saveAs(`${month}-${file}`, new Blob([content], { type: CSV }));
    } catch (error) {
      setFailure(error);
    } finally {
      setFetching(null);
    }
  };
  const levels: readonly (readonly [File, string])[] = [
    ['bill-sums.csv', text.levelBills],
    ['products.csv', text.levelProducts],
    ['bills.csv', text.levelLines],
    ['usage.csv', text.levelDays],
    ['focus.csv', text.levelFocus],
  ];
  return (
    <section className={styles.part}>
      <h2>{text.downloads}</h2>
      <p className={styles.soft}>{text.downloadsHint}</p>
      <div className={styles.files}>
        <SelectField
          label={text.month}
          value={month}
          options={months.map((one) => ({ value: one.month, label: monthText(one.month) }))}
          onChange={setChosen}
        />
        {levels.map(([file, label]) => (
          <Button key={file} isDisabled={fetching !== null} onPress={() => void save(file)}>
            {fetching === file ? text.fetching : label}
          </Button>
        ))}
      </div>
      <Problem failure={failure} />
    </section>
  );
};
