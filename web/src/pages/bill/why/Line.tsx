/** Why a line costs what it costs: price, who paid, packs, days, down to records. */
import type { Explanation } from '../../../../../src/audit/explain/explain-bill.ts';
import { counted, groupedIn, yuan } from '../../../format/format.ts';
import { useText } from '../../../messages/language.tsx';
import { Table } from '../../../parts/Table.tsx';
import { useChoice } from '../choice.tsx';
import { Days } from './Days.tsx';
import { whyMessages } from './messages.ts';
import { Packs } from './Packs.tsx';
import { Formula, Part } from './Part.tsx';
import { Price } from './Price.tsx';
import { Records } from './Records.tsx';
import styles from './Why.module.css';
import type { WhyProps } from './Why.tsx';

export type ExplainedLine = Explanation['lines'][number];

export interface WhyLineProps extends WhyProps {
  readonly line: ExplainedLine;
}

export const WhyLine = (props: WhyLineProps) => {
  const { line, names, bill } = props;
  const { day, event, record } = useChoice().choice;
  const isDown = day !== undefined || event !== undefined || record !== undefined;
  const { account, month } = bill;
  return (
    <>
      <header className={styles.head}>
        <h2>{names.meter(line.meter)}</h2>
        <p className={styles.id}>{line.meter}</p>
        <p className={styles.amount}>{yuan(line.amount)}</p>
        <Formula>{groupedIn(line.formula)}</Formula>
      </header>
      {isDown ? (
        <Records
          key={`${line.meter} ${day} ${event}`}
          {...{ account, month, names }}
          meter={line.meter}
          {...(day === undefined ? {} : { day })}
          {...(event === undefined ? {} : { event })}
        />
      ) : null}
      <Price {...props} />
      <Payers {...props} />
      <Packs account={account} line={line} names={names} />
      <Days line={line} names={names} />
    </>
  );
};

const Payers = ({ line, names }: WhyLineProps) => {
  const text = useText(whyMessages);
  return (
    <Part title={text.payers} part="payers" note={text.payersNote}>
      <Table
        caption={text.payers}
        rows={line.pools}
        keyOf={({ pool }) => pool ?? ''}
        columns={[
          { name: text.pool, cell: ({ pool }) => (pool === null ? text.noPool : names.pool(pool)) },
          { name: text.free, isNumber: true, cell: ({ free }) => counted(free) },
          { name: text.packs, isNumber: true, cell: ({ packs }) => counted(packs) },
          { name: text.postPaid, isNumber: true, cell: ({ postPaid }) => counted(postPaid) },
        ]}
        foot={
          line.pools.length < 2 ? null : (
            <tr>
              <th scope="row" />
              {[line.quantities.free, line.quantities.packs, line.quantities.postPaid].map((count, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the columns are always the same.
                <td key={i} className={styles.number}>
                  {counted(count)}
                </td>
              ))}
            </tr>
          )
        }
      />
    </Part>
  );
};
