/** The test clock. */
import { CommandDialog } from '../../doing/CommandDialog.tsx';
import { useInstants } from '../../format/format.ts';
import { useLedgerQuery } from '../../ledger/queries.ts';
import { useText } from '../../messages/language.tsx';
import { TextField } from '../../parts/Field.tsx';
import { Loaded } from '../../parts/Loaded.tsx';
import { settingsMessages } from './messages.ts';
import styles from './Settings.module.css';

export const Clock = () => {
  const text = useText(settingsMessages);
  const { instant } = useInstants();
  const query = useLedgerQuery(['ledger', 'clock'], ({ client, signal }) => client.getClock({ signal }));
  return (
    <section className={styles.part}>
      <div className={styles.head}>
        <h2>{text.clock}</h2>
        <CommandDialog
          label={text.setClock}
          scope="admin"
          isAudited={false}
          initial={{ now: '' }}
          fields={({ now }, change) => (
            <TextField
              label={text.now}
              hint={text.instantHint}
              value={now}
              onChange={(value) => change({ now: value.trim() })}
              isRequired
            />
          )}
          send={(client, values, ...sent) => client.putClock(values, ...sent)}
          said={({ now }) => [{ name: text.now, value: instant(now) }]}
          final={text.setClockFinal}
        />
      </div>
      <Loaded query={query} lines={1}>
        {({ now }) => <p>{text.clockNow(instant(now))}</p>}
      </Loaded>
    </section>
  );
};
