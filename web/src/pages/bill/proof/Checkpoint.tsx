/** The checkpoint that covers a bill, and how old it is. */
import type { Bill } from '../../../../../client/suanpan.ts';
import { counted, useInstants } from '../../../format/format.ts';
import { useLedgerQuery } from '../../../ledger/queries.ts';
import { useLanguage, useText } from '../../../messages/language.tsx';
import { Empty, Loaded } from '../../../parts/Loaded.tsx';
import { Part } from '../why/Part.tsx';
import styles from '../why/Why.module.css';
import { proofMessages } from './messages.ts';

export const Checkpoint = ({ bill: { account, month } }: { readonly bill: Bill }) => {
  const text = useText(proofMessages);
  const { locale } = useLanguage();
  const { instant } = useInstants();
  const query = useLedgerQuery(['ledger', 'checkpoint', account, month], ({ client, signal }) =>
    client.getAccountsBillsCheckpoint(account, month, { signal }),
  );
  return (
    <Part title={text.checkpoint}>
      <Loaded query={query} lines={5}>
        {({ checkpoint }) =>
          checkpoint === null ? (
            <Empty>{text.noCheckpoint}</Empty>
          ) : (
            <>
              <p>{text.covered(counted(checkpoint.size))}</p>
              <dl className={styles.fact}>
                {checkpoint.signedAt === null ? null : (
                  <>
                    <dt>{text.signed}</dt>
                    <dd>
                      {instant(checkpoint.signedAt)} ({ageText(locale, checkpoint.signedAt, Date.now())})
                    </dd>
                  </>
                )}
                <dt>{text.root}</dt>
                <dd>
                  <code>{checkpoint.root}</code>
                </dd>
                <dt>{text.signer}</dt>
                <dd>
                  <code>{checkpoint.key}</code>
                </dd>
              </dl>
            </>
          )
        }
      </Loaded>
    </Part>
  );
};

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** `3 hours ago`: a checkpoint is signed at a real instant, also on a ledger with a test clock. */
export const ageText = (locale: string, at: string, now: number): string => {
  const past = now - Date.parse(at);
  const [unit, ms] = UNITS.find(([, length]) => past >= length) ?? (['minute', 60_000] as const);
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-Math.floor(past / ms), unit);
};
