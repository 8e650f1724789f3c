/** Returns an unused pack for its price, where it can be. */
import type { Pack } from '../../../../../client/suanpan.ts';
import { CommandDialog } from '../../../doing/CommandDialog.tsx';
import { useInstants, yuan } from '../../../format/format.ts';
import { useText } from '../../../messages/language.tsx';
import { accountCommandMessages } from './messages.ts';

interface ReturnPackProps {
  readonly account: string;
  readonly pack: Pick<Pack, 'pack' | 'returnableUntil'>;
}

export const ReturnPack = ({ account, pack: { pack, returnableUntil } }: ReturnPackProps) => {
  const text = useText(accountCommandMessages);
  const { instant } = useInstants();
  return (
    <CommandDialog
      label={text.returnPack}
      about={pack}
      scope="operate"
      isOffered={returnableUntil !== undefined}
      initial={{}}
      send={(client, _values, ...sent) => client.postAccountsPacksReturn(account, pack, ...sent)}
      said={({ pool, price, returnedAt }) => [
        { name: text.pool, value: pool },
        { name: text.paid, value: yuan(price) },
        ...(returnedAt === undefined ? [] : [{ name: text.returnedAt, value: instant(returnedAt) }]),
      ]}
      final={text.returnFinal}
    />
  );
};
