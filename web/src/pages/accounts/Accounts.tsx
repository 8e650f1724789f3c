/** All accounts that the key may see. */
import { Link } from 'wouter';
import { yuan } from '../../format/format.ts';
import { useLedgerQuery } from '../../ledger/queries.ts';
import { useText } from '../../messages/language.tsx';
import { Empty, Loaded } from '../../parts/Loaded.tsx';
import { PageHead } from '../../parts/PageHead.tsx';
import { Table } from '../../parts/Table.tsx';
import { OpenAccount } from '../account/commands/OpenAccount.tsx';
import { accountsMessages } from './messages.ts';

const Accounts = () => {
  const text = useText(accountsMessages);
  const query = useLedgerQuery(['ledger', 'accounts'], ({ client, after, signal }) =>
    client.getAccounts({ after }, { signal }),
  );
  return (
    <>
      <PageHead title={text.title}>
        <OpenAccount />
      </PageHead>
      <Loaded query={query} lines={20}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty>{text.empty}</Empty>
          ) : (
            <Table
              caption={text.title}
              rows={items}
              keyOf={({ account }) => account}
              columns={[
                {
                  name: text.account,
                  cell: ({ account }) => (
                    <Link href={`/accounts/${encodeURIComponent(account)}`}>{account}</Link>
                  ),
                },
                { name: text.name, cell: ({ name }) => name },
                { name: text.status, cell: ({ status }) => text[status] },
                { name: text.available, isNumber: true, cell: ({ balance }) => yuan(balance.available) },
                { name: text.frozen, isNumber: true, cell: ({ balance }) => yuan(balance.frozen) },
                { name: text.services, cell: ({ services }) => services.join(', ') },
              ]}
            />
          )
        }
      </Loaded>
    </>
  );
};

export default Accounts;
