/** An event of the account as it is stored. */
import { useInstants } from '../../../format/format.ts';
import { useText } from '../../../messages/language.tsx';
import { Empty, Loaded } from '../../../parts/Loaded.tsx';
import { useFromSource } from '../source.tsx';
import { whyMessages } from './messages.ts';
import styles from './Why.module.css';

export const Fact = ({ account, event }: { readonly account: string; readonly event: string }) => {
  const text = useText(whyMessages);
  const { instant } = useInstants();
  const query = useFromSource(['event', account, event], (source, signal) =>
    source.event(account, Number(event), signal),
  );
  return (
    <section className={styles.part} aria-label={text.fact}>
      <h2>
        {text.event} {event}
      </h2>
      <Loaded query={query} lines={10}>
        {(fact) =>
          fact ? (
            <>
              <dl className={styles.fact}>
                <dt>{text.type}</dt>
                <dd>{fact.type}</dd>
                <dt>{text.at}</dt>
                <dd>{instant(fact.at)}</dd>
                <dt>{text.recordedAt}</dt>
                <dd>{instant(fact.recordedAt)}</dd>
                <dt>{text.hash}</dt>
                <dd>
                  <code>{fact.hash}</code>
                </dd>
                <dt>{text.previous}</dt>
                <dd>
                  <code>{fact.previous ?? '–'}</code>
                </dd>
              </dl>
              <details className={styles.data}>
                <summary>{text.data}</summary>
                <pre>{JSON.stringify(fact.data, null, 2)}</pre>
              </details>
            </>
          ) : (
            <Empty>{text.gone}</Empty>
          )
        }
      </Loaded>
    </section>
  );
};
