/** The days of a line, each leading to its records. */
import { counted } from '../../../format/format.ts';
import { useText } from '../../../messages/language.tsx';
import { Table } from '../../../parts/Table.tsx';
import { Figure } from '../choice.tsx';
import type { Names } from '../names.ts';
import { Events } from './Events.tsx';
import type { ExplainedLine } from './Line.tsx';
import { whyMessages } from './messages.ts';
import { Part } from './Part.tsx';
import styles from './Why.module.css';

export const Days = ({ line, names }: { readonly line: ExplainedLine; readonly names: Names }) => {
  const text = useText(whyMessages);
  const { meter, days } = line;
  const isOne = days.every((day) => day.interface === days[0]?.interface);
  const called = {
    name: text.interface,
    cell: (day: (typeof days)[number]) => names.interface(day.interface),
  };
  return (
    <Part title={text.days} part="days">
      <Table
        caption={text.days}
        rows={days}
        keyOf={({ day, pool, ...one }) => `${day} ${one.interface} ${pool}`}
        columns={[
          {
            name: text.day,
            cell: ({ day }) => (
              <span className={styles.day}>
                <Figure of={{ line: meter, part: 'records', day }}>{day}</Figure>
              </span>
            ),
          },
          ...(isOne ? [] : [called]),
          { name: text.records, isNumber: true, cell: ({ records }) => counted(records) },
          { name: text.calls, isNumber: true, cell: ({ calls }) => counted(calls) },
          { name: text.free, isNumber: true, cell: ({ free }) => counted(free) },
          { name: text.packs, isNumber: true, cell: ({ packs }) => counted(packs) },
          { name: text.postPaid, isNumber: true, cell: ({ postPaid }) => counted(postPaid) },
          {
            name: text.events,
            cell: ({ events, day }) => <Events events={events} line={meter} day={day} />,
          },
        ]}
      />
    </Part>
  );
};
