/** Why a sum of the bill is what it is: its arithmetic, and the events that moved the money. */
import type { Explanation } from '../../../../../src/audit/explain/explain-bill.ts';
import { groupedIn, yuan } from '../../../format/format.ts';
import { useText } from '../../../messages/language.tsx';
import { Table } from '../../../parts/Table.tsx';
import { Figure, type Sum } from '../choice.tsx';
import type { Names } from '../names.ts';
import { useBillSource } from '../source.tsx';
import { Events } from './Events.tsx';
import { whyMessages } from './messages.ts';
import { Formula, Part } from './Part.tsx';
import styles from './Why.module.css';
import type { WhyProps } from './Why.tsx';

export const WhySum = ({ explanation, names, sum }: WhyProps & { readonly sum: Sum }) => {
  const text = useText(whyMessages);
  const { amount, formula, events } = explanation.totals[sum];
  const titles = {
    due: text.due,
    packs: text.packsTotal,
    total: text.total,
    unfrozen: text.unfrozen,
    frozen: text.frozen,
  };
  return (
    <>
      <header className={styles.head}>
        <h2>{titles[sum]}</h2>
        <p className={styles.amount}>{yuan(amount)}</p>
        {sum === 'unfrozen' ? (
          <p>{/^0\.00$/.test(amount ?? '') ? text.nothingFrozen : text.given}</p>
        ) : (
          <Formula>{groupedIn(formula)}</Formula>
        )}
      </header>
      {sum === 'due' ? <Parts explanation={explanation} names={names} /> : null}
      {sum === 'frozen' ? <Frozen explanation={explanation} names={names} /> : null}
      {events.length === 0 ? null : (
        <Part title={text.events}>
          <p>
            <Events events={events} />
          </p>
        </Part>
      )}
    </>
  );
};

interface PartsProps {
  readonly explanation: Explanation;
  readonly names: Names;
}

/** The lines and corrections that a due amount is made of. */
const Parts = ({ explanation: { lines, corrections }, names }: PartsProps) => {
  const text = useText(whyMessages);
  const rows = [
    ...lines.map(({ meter, amount }) => ({ meter, amount, month: null, of: { line: meter } })),
    ...corrections.map(({ meter, amount, month }) => ({
      ...{ meter, amount, month },
      of: { correction: `${month}/${meter}` },
    })),
  ];
  return (
    <Table
      caption={text.due}
      rows={rows}
      keyOf={({ meter, month }) => `${month} ${meter}`}
      columns={[
        {
          name: text.meter,
          cell: ({ meter, month }) => (
            <>
              {names.meter(meter)}
              {month === null ? null : <span className={styles.small}>{text.correction(month)}</span>}
            </>
          ),
        },
        {
          name: text.amount,
          isNumber: true,
          cell: ({ amount, of }) => <Figure of={of}>{yuan(amount)}</Figure>,
        },
      ]}
    />
  );
};

const Frozen = ({ explanation, names }: PartsProps) => {
  const text = useText(whyMessages);
  const { isLedger } = useBillSource();
  const { outcome, byProduct } = explanation.totals.frozen;
  const outcomes = {
    frozen: text.outcomeFrozen,
    failed: text.outcomeFailed,
    nothing: text.outcomeNothing,
  };
  return (
    <>
      <p>{isLedger ? outcomes[outcome] : text.outcomeLater}</p>
      {byProduct.map(({ product, amount, basis, policy, meters }) => (
        <Part
          key={product}
          title={`${names.product(product)} ${yuan(amount)}`}
          note={[
            `${text.policy(policy.rate)} ${policy.of === 'list' ? text.ofList : text.ofBill}`,
            policy.onFailure === 'suspend' ? text.onSuspend : text.onNotify,
          ].join(' · ')}
        >
          <Formula>{groupedIn(basis)}</Formula>
          <Table
            caption={names.product(product)}
            rows={meters}
            keyOf={({ meter }) => meter}
            columns={[
              { name: text.meter, cell: ({ meter }) => names.meter(meter) },
              { name: text.cost, isNumber: true, cell: ({ cost }) => yuan(cost) },
            ]}
          />
        </Part>
      ))}
    </>
  );
};
