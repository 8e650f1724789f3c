/** The packs that an account held of a product: which paid, in which order, and why the others did not. */
import { counted, useInstants } from '../../../format/format.ts';
import { useText } from '../../../messages/language.tsx';
import { Empty } from '../../../parts/Loaded.tsx';
import { Table } from '../../../parts/Table.tsx';
import type { Names } from '../names.ts';
import { Elsewhere } from '../source.tsx';
import { Events } from './Events.tsx';
import type { ExplainedLine } from './Line.tsx';
import { whyMessages } from './messages.ts';
import { Part } from './Part.tsx';
import styles from './Why.module.css';

type Held = ExplainedLine['held'][number];

interface PacksProps {
  readonly account: string;
  readonly line: ExplainedLine;
  readonly names: Names;
}

export const Packs = ({ account, line, names }: PacksProps) => {
  const text = useText(whyMessages);
  const { instant } = useInstants();
  const why = ({ reason, place }: Held): string =>
    reason === 'paid' ? text.paidAt(counted(place ?? 0)) : text[reason];
  return (
    <Part title={text.held} part="packs">
      {line.held.length === 0 ? (
        <Empty>{text.noneHeld}</Empty>
      ) : (
        <Table
          caption={text.held}
          rows={line.held}
          keyOf={({ pack }) => pack}
          columns={[
            {
              name: text.pack,
              cell: ({ pack, pool, size, events }) => (
                <>
                  <Elsewhere href={`/accounts/${account}/packs`}>{pack}</Elsewhere>
                  <span className={styles.small}>
                    {names.pool(pool)} · {counted(size)}
                  </span>
                  <span className={styles.small}>
                    {text.event} <Events events={events} />
                  </span>
                </>
              ),
            },
            {
              name: text.reason,
              cell: (held) => (
                <>
                  {why(held)}
                  <span className={styles.small}>
                    {instant(held.purchasedAt)} – {instant(held.expiresAt)}
                  </span>
                </>
              ),
            },
            { name: text.paid, isNumber: true, cell: ({ paid }) => counted(paid) },
            { name: text.left, isNumber: true, cell: ({ left }) => counted(left) },
          ]}
        />
      )}
      {line.heldMore ? <p className={styles.note}>{text.more(counted(line.heldMore))}</p> : null}
    </Part>
  );
};
