/** Why a bill corrects an earlier month: what it was billed, what it comes to now, and the events between. */
import type { Explanation } from '../../../../../src/audit/explain/explain-bill.ts';
import { counted, useInstants, yuan } from '../../../format/format.ts';
import { useText } from '../../../messages/language.tsx';
import { Table } from '../../../parts/Table.tsx';
import { Elsewhere } from '../source.tsx';
import { Events } from './Events.tsx';
import { whyMessages } from './messages.ts';
import { Part } from './Part.tsx';
import styles from './Why.module.css';
import type { WhyProps } from './Why.tsx';

type Corrected = Explanation['corrections'][number];

export const WhyCorrection = ({ bill, names, correction }: WhyProps & { readonly correction: Corrected }) => {
  const text = useText(whyMessages);
  const { month: monthText } = useInstants();
  const { month, meter, calls, amount, billed, now, facts, editions } = correction;
  const causes = { late_usage: text.late_usage, correction: text.correctionFact, contract: text.contract };
  const rows = [
    { name: text.now, calls: now.calls, amount: now.amount },
    { name: text.billed, calls: billed.calls, amount: billed.amount },
    { name: text.difference, calls, amount },
  ];
  return (
    <>
      <header className={styles.head}>
        <h2>{text.correction(monthText(month))}</h2>
        <p className={styles.id}>{names.meter(meter)}</p>
        <p className={styles.amount}>{yuan(amount)}</p>
        <p>
          <Elsewhere href={`/accounts/${bill.account}/bills/${month}?line=${encodeURIComponent(meter)}`}>
            {text.toMonth}
          </Elsewhere>
        </p>
      </header>
      <Table
        caption={text.correction(monthText(month))}
        rows={rows}
        keyOf={({ name }) => name}
        columns={[
          { name: text.meter, cell: ({ name }) => name },
          { name: text.calls, isNumber: true, cell: (row) => counted(row.calls) },
          { name: text.amount, isNumber: true, cell: (row) => yuan(row.amount) },
        ]}
      />
      {editions ? <p>{text.editions(editions.before, editions.now)}</p> : null}
      <Part
        title={text.events}
        note={facts.some(({ what }) => what === 'late_usage') ? text.latePacks : undefined}
      >
        <Table
          caption={text.events}
          rows={facts}
          keyOf={({ event, what }, i) => `${event} ${what} ${i}`}
          columns={[
            { name: text.event, cell: ({ event }) => <Events events={[event]} /> },
            { name: text.what, cell: ({ what }) => causes[what] },
            { name: text.change, isNumber: true, cell: (fact) => counted(fact.calls) },
          ]}
        />
      </Part>
    </>
  );
};
