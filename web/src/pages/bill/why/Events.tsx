/** Events of the account's stream, as links to their records or, where they have none, to themselves. */
import { Link } from 'wouter';
import { counted } from '../../../format/format.ts';
import { useChoice } from '../choice.tsx';

interface EventsProps {
  readonly events: readonly number[];
  /** With a meter: the records of it in the event. */
  readonly line?: string;
  readonly day?: string;
}

/** More are not shown: a busy day has thousands. */
const MOST = 12;

export const Events = ({ events, line, day }: EventsProps) => {
  const { hrefOf } = useChoice();
  const shown = events.slice(0, MOST);
  return (
    <>
      {shown.map((event, i) => (
        <span key={event}>
          {i === 0 ? '' : ' '}
          <Link href={hrefOf({ line, day, part: line ? 'records' : undefined, event: String(event) })}>
            {String(event)}
          </Link>
        </span>
      ))}
      {events.length > MOST ? ` + ${counted(events.length - MOST)}` : null}
    </>
  );
};
