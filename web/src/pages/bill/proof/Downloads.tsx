/** The files of a bill: its audit bundle, its tables for a spreadsheet, and the statement of its month. */
import { useState } from 'react';
import type { Bill, Suanpan } from '../../../../../client/suanpan.ts';
import { useText } from '../../../messages/language.tsx';
import { Button } from '../../../parts/Button.tsx';
import { Problem } from '../../../parts/Problem.tsx';
import { saveAs, withMark } from '../../../parts/save.ts';
import { useSession } from '../../../session/session.tsx';
import { Part } from '../why/Part.tsx';
import { proofMessages } from './messages.ts';
import proof from './Proof.module.css';

const TIMEOUT = { timeoutMs: 600_000 } as const;
const BUNDLE = 'application/x-ndjson';
const CSV = 'text/csv;charset=utf-8';

interface File {
  readonly name: string;
  readonly type: string;
  readonly read: (client: Suanpan) => Promise<string>;
}

export const Downloads = ({ bill }: { readonly bill: Bill }) => {
  const text = useText(proofMessages);
  const { client } = useSession();
  const [fetching, setFetching] = useState<string | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const save = async ({ name, type, read }: File): Promise<void> => {
    setFetching(name);
    setFailure(null);
    try {
      const content = await read(client);
      saveAs(name, new Blob([type === CSV ? withMark(content) : content], { type }));
    } catch (error) {
      setFailure(error);
    } finally {
      setFetching(null);
    }
  };
  const files = filesOf(bill);
  const labels = [text.bundle, text.bills, text.usage, text.records, text.statement, text.focus];
  return (
    <Part title={text.downloads}>
      <div className={proof.files}>
        {files.map((file, i) => (
          <Button key={file.name} isDisabled={fetching !== null} onPress={() => void save(file)}>
            {fetching === file.name ? text.fetching : labels[i]}
          </Button>
        ))}
      </div>
      <Problem failure={failure} />
    </Part>
  );
};

/** In the order of their labels. */
const filesOf = ({ account, month }: Bill): readonly File[] => {
  const named = (name: string): string => `${account}-${month}${name}`;
  const csv = (name: string, read: File['read']): File => ({ name: named(name), type: CSV, read });
  return [
    {
      name: named('.suanpan'),
      type: BUNDLE,
      read: (client) => client.getAccountsBillsBundle(account, month, {}, TIMEOUT),
    },
    csv('-bills.csv', (client) => client.getAccountsExportsOne(account, 'bills.csv', { month }, TIMEOUT)),
    csv('-usage.csv', (client) => client.getAccountsExportsOne(account, 'usage.csv', { month }, TIMEOUT)),
    csv('-records.csv', (client) =>
      client.getAccountsExportsOne(account, 'usage.csv', { month, by: 'record' }, TIMEOUT),
    ),
    csv('-statement.csv', async (client) =>
      String(
        await client.getAccountsStatement(
          account,
          { from: month, to: monthAfter(month), format: 'csv' },
          TIMEOUT,
        ),
      ),
    ),
    csv('-focus.csv', (client) => client.getAccountsExportsOne(account, 'focus.csv', { month }, TIMEOUT)),
  ];
};

/** `2019-12` → `2020-01`. */
const monthAfter = (month: string): string => {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
};
