/** The right pane: what made the number that is chosen on the bill. */
import { type ReactNode, useEffect, useRef } from 'react';
import type { Bill } from '../../../../../client/suanpan.ts';
import type { Explanation } from '../../../../../src/audit/explain/explain-bill.ts';
import { useText } from '../../../messages/language.tsx';
import { Empty, Loaded } from '../../../parts/Loaded.tsx';
import { useChoice } from '../choice.tsx';
import { useExplanation } from '../explanation.ts';
import type { Names } from '../names.ts';
import { WhyCorrection } from './Correction.tsx';
import { Fact } from './Fact.tsx';
import { WhyLine } from './Line.tsx';
import { whyMessages } from './messages.ts';
import { Records } from './Records.tsx';
import { WhySum } from './Sum.tsx';
import styles from './Why.module.css';

export interface WhyProps {
  readonly bill: Bill;
  readonly explanation: Explanation;
  readonly names: Names;
}

interface PaneProps extends Omit<WhyProps, 'explanation'> {
  /** What is shown while nothing is chosen: what proves the bill. */
  readonly proof: ReactNode;
}

export const Why = ({ bill, names, proof }: PaneProps) => {
  const text = useText(whyMessages);
  const query = useExplanation(bill.account, bill.month);
  const pane = useRef<HTMLElement>(null);
  const { choice } = useChoice();
  const { line, sum, correction, event } = choice;
  const chosen = line ?? sum ?? correction ?? event;
  // Where the panes are one above the other, a number that is followed, or was sent, leads to what made it.
  useEffect(() => {
    if (chosen !== undefined && innerWidth < NARROW) pane.current?.scrollIntoView({ block: 'start' });
  }, [chosen]);
  return (
    <section ref={pane} className={styles.why} aria-label={text.title}>
      {chosen === undefined ? (
        proof
      ) : (
        <Loaded query={query} lines={20}>
          {(explanation) => <Chosen bill={bill} explanation={explanation} names={names} />}
        </Loaded>
      )}
    </section>
  );
};

const NARROW = 992;

const Chosen = (props: WhyProps) => {
  const text = useText(whyMessages);
  const { line, sum, correction, event } = useChoice().choice;
  const { explanation } = props;
  if (line !== undefined) {
    const own = explanation.lines.find(({ meter }) => meter === line);
    if (own) return <WhyLine {...props} line={own} />;
  } else if (sum !== undefined && sum in explanation.totals) {
    return <WhySum {...props} sum={sum} />;
  } else if (correction !== undefined) {
    const own = explanation.corrections.find(({ month, meter }) => `${month}/${meter}` === correction);
    if (own) return <WhyCorrection {...props} correction={own} />;
  } else if (event !== undefined && /^\d{1,15}$/.test(event)) {
    const { account, month } = props.bill;
    return (
      <>
        <Fact key={event} account={account} event={event} />
        <Records key={`${event} records`} account={account} month={month} names={props.names} event={event} />
      </>
    );
  }
  return (
    <>
      <h2>{text.title}</h2>
      <Empty>{text.gone}</Empty>
    </>
  );
};
