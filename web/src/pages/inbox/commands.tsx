/** Commands that are given from the inbox alone. */
import { CommandDialog } from '../../doing/CommandDialog.tsx';
import { counted, useInstants, yuan } from '../../format/format.ts';
import { useText } from '../../messages/language.tsx';
import { inboxMessages } from './messages.ts';

export const CloseMonth = ({ month }: { readonly month: string }) => {
  const text = useText(inboxMessages);
  const { month: monthName } = useInstants();
  return (
    <CommandDialog
      label={text.closeMonth}
      about={monthName(month)}
      scope="operate"
      kind="primary"
      isAudited={false}
      initial={{}}
      send={(client, _values, ...sent) => client.postMonthsClose(month, ...sent)}
      said={({ job, preview }) =>
        preview === undefined
          ? [{ name: text.job, value: job }]
          : [
              { name: text.wouldClose, value: counted(preview.closed) },
              { name: text.wouldRefuse, value: counted(preview.refused) },
              ...Object.entries(preview.refusedByCode).map(([code, accounts]) => ({
                name: text.ofThese(code),
                value: counted(Number(accounts)),
              })),
              { name: text.due, value: yuan(preview.due) },
              { name: text.total, value: yuan(preview.total) },
              ...(preview.isWhole ? [] : [{ name: text.preview, value: text.notWhole }]),
            ]
      }
      final={text.closeFinal}
    />
  );
};

interface CloseAccountProps {
  readonly account: string;
  readonly month: string;
}

export const CloseAccount = ({ account, month }: CloseAccountProps) => {
  const text = useText(inboxMessages);
  const { month: monthName } = useInstants();
  return (
    <CommandDialog
      label={text.closeMonth}
      about={`${account} · ${monthName(month)}`}
      scope="operate"
      initial={{}}
      send={(client, _values, ...sent) => client.postAccountsMonthsClose(account, month, ...sent)}
      said={(bill) => [
        { name: text.bill, value: monthName(bill.month) },
        { name: text.due, value: yuan(bill.due) },
        { name: text.total, value: yuan(bill.total) },
      ]}
      final={text.closeFinal}
    />
  );
};

export const Resend = ({ delivery }: { readonly delivery: string }) => {
  const text = useText(inboxMessages);
  return (
    <CommandDialog
      label={text.resend}
      about={delivery}
      scope="operate"
      isAudited={false}
      initial={{}}
      send={(client, _values, ...sent) => client.postDeliveriesResend({ delivery }, ...sent)}
      said={(answer) => [{ name: text.delivery, value: answer.delivery }]}
      final={text.resendFinal}
    />
  );
};

export const SignCheckpoint = () => {
  const text = useText(inboxMessages);
  return (
    <CommandDialog
      label={text.sign}
      scope="operate"
      isAudited={false}
      initial={{}}
      send={(client, _values, ...sent) => client.postCheckpoints(...sent)}
      said={({ size }) => [{ name: text.checkpointSize, value: counted(size) }]}
      final={text.signFinal}
    />
  );
};
