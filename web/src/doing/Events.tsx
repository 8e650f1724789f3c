/** The events that a command would record, each with its data. */
import { counted } from '../format/format.ts';
import { useText } from '../messages/language.tsx';
import styles from './Command.module.css';
import type { WouldRecord } from './command.ts';
import { commandMessages } from './messages.ts';

/** More are not listed: a purchase of a thousand packs expires others. */
const MOST = 20;

export const Events = ({ events }: { readonly events: readonly WouldRecord[] }) => {
  const text = useText(commandMessages);
  if (events.length === 0) return <p>{text.noEvents}</p>;
  return (
    <>
      <h4>{text.events(counted(events.length))}</h4>
      <ul className={styles.events}>
        {events.slice(0, MOST).map(({ stream, revision, type, data }) => (
          <li key={`${stream} ${revision}`}>
            <details>
              <summary>
                {type} <span className={styles.soft}>{text.event(String(revision), stream)}</span>
              </summary>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
              <pre tabIndex={0}>{JSON.stringify(data, null, 2)}</pre>
            </details>
          </li>
        ))}
      </ul>
      {events.length > MOST ? <p>{text.more(counted(events.length - MOST))}</p> : null}
    </>
  );
};
