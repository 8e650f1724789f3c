/** Records behind a line, a day or an event, page by page; and one of them in full. */
import { useState } from 'react';
import { Link } from 'wouter';
import { counted, useInstants } from '../../../format/format.ts';
import { useText } from '../../../messages/language.tsx';
import { Button } from '../../../parts/Button.tsx';
import { Empty, Loaded } from '../../../parts/Loaded.tsx';
import { Table } from '../../../parts/Table.tsx';
import { Figure, useChoice } from '../choice.tsx';
import type { Names } from '../names.ts';
import { useFromSource } from '../source.tsx';
import { whyMessages } from './messages.ts';
import { OneRecord, paidText, type RecordShown } from './OneRecord.tsx';
import { Part } from './Part.tsx';
import styles from './Why.module.css';

interface RecordsProps {
  readonly account: string;
  readonly month: string;
  readonly names: Names;
  readonly meter?: string;
  readonly day?: string;
  readonly event?: string;
}

const PAGE = 50;

export const Records = (props: RecordsProps) => {
  const text = useText(whyMessages);
  const { hrefOf } = useChoice();
  const [limit, setLimit] = useState(PAGE);
  const { account, month, meter, day, event } = props;
  const query = useFromSource(['records', account, month, meter, day, event, limit], (source, signal) => {
    const asked = { meter, day, event: event === undefined ? undefined : Number(event), limit };
    return source.records(account, month, asked, signal);
  });
  const title = event === undefined ? text.ofDay(day ?? '') : text.ofEvent(event);
  return (
    <Part title={title} part="records">
      {meter === undefined ? null : (
        <p>
          <Link href={hrefOf({ line: meter, part: 'days' })}>{text.allDays}</Link>
        </p>
      )}
      <Loaded query={query} lines={8}>
        {({ items, next }) =>
          items.length === 0 ? (
            <Empty>{text.noRecords}</Empty>
          ) : (
            <>
              <Chosen {...props} items={items} />
              <List {...props} items={items} title={title} />
              {next === null ? null : (
                <Button onPress={() => setLimit(Math.min(limit * 4, 1000))} isDisabled={limit >= 1000}>
                  {text.showMore}
                </Button>
              )}
            </>
          )
        }
      </Loaded>
    </Part>
  );
};

interface ListProps extends RecordsProps {
  readonly items: readonly RecordShown[];
}

export const placeOf = ({ event, index }: RecordShown): string => `${event}.${index}`;

const Chosen = ({ items, names }: ListProps) => {
  const { record } = useChoice().choice;
  const chosen = items.find((one) => placeOf(one) === record);
  return chosen ? <OneRecord record={chosen} names={names} /> : null;
};

const List = ({ items, meter, day, event, title }: ListProps & { readonly title: string }) => {
  const text = useText(whyMessages);
  const { instant } = useInstants();
  return (
    <Table
      caption={title}
      rows={items}
      keyOf={placeOf}
      columns={[
        {
          name: text.id,
          cell: (one) => (
            <>
              <Figure of={{ line: meter, part: 'records', day, event, record: placeOf(one) }}>
                {one.id}
              </Figure>
              {one.kind === 'correction' ? <span className={styles.small}>{text.change}</span> : null}
            </>
          ),
        },
        { name: text.time, cell: ({ time }) => instant(time) },
        { name: text.calls, isNumber: true, cell: ({ calls }) => counted(calls) },
        { name: text.paidBy, cell: ({ paid }) => paidText(paid, text) },
      ]}
    />
  );
};
