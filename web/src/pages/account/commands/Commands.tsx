/** The commands of an account that the key may give; nothing for other keys. */
import { useBooksInForce } from '../../../ledger/use-books.ts';
import { useText } from '../../../messages/language.tsx';
import { useSession } from '../../../session/session.tsx';
import styles from '../Account.module.css';
import { useAccount } from '../use-account.ts';
import { Activate } from './Activate.tsx';
import { AgreePrice } from './AgreePrice.tsx';
import { BuyPacks } from './BuyPacks.tsx';
import own from './Commands.module.css';
import { CorrectUsage } from './CorrectUsage.tsx';
import { Credit, Deposit } from './Money.tsx';
import { accountCommandMessages } from './messages.ts';
import { Prohibition } from './Prohibition.tsx';
import { SetContacts } from './SetContacts.tsx';
import { SetLimits } from './SetLimits.tsx';
import { SwitchPostPaid } from './SwitchPostPaid.tsx';

export const Commands = ({ account }: { readonly account: string }) =>
  useSession().may('operate') ? <Offered account={account} /> : null;

const Offered = ({ account }: { readonly account: string }) => {
  const text = useText(accountCommandMessages);
  const { data: state } = useAccount(account);
  const { data: books = [] } = useBooksInForce();
  if (!state) return null;
  const isActive = ({ product }: { readonly product: string }): boolean => state.services.includes(product);
  const active = books.filter(isActive);
  return (
    <section className={styles.part} aria-label={text.title}>
      <h2>{text.title}</h2>
      <div className={own.commands}>
        <Deposit account={account} />
        <BuyPacks account={account} books={active} />
        <Credit account={account} />
        <CorrectUsage account={account} />
        <Activate account={account} books={books.filter((book) => !isActive(book))} />
        <SwitchPostPaid account={account} books={active} off={state.postPaidOff ?? []} />
        <AgreePrice account={account} books={active} />
        <SetLimits account={account} />
        <SetContacts account={account} />
        <Prohibition
          account={account}
          isProhibited={state.suspensions.some(({ reason }) => reason === 'prohibited')}
        />
      </div>
    </section>
  );
};
