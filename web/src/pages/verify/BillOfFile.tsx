/** The bill in a bundle, read as one of the ledger: the paper, and what made each number of it, from the file alone. */
import { useId, useMemo } from 'react';
import { useLocation } from 'wouter';
import type { Bill } from '../../../../client/suanpan.ts';
import type { ReadBundle } from '../../../../src/browser/read-bundle.ts';
import { useText } from '../../messages/language.tsx';
import { Button } from '../../parts/Button.tsx';
import bill from '../bill/Bill.module.css';
import { ChoiceProvider } from '../bill/choice.tsx';
import { useExplanation } from '../bill/explanation.ts';
import { useNames } from '../bill/names.ts';
import { Paper } from '../bill/paper/Paper.tsx';
import { type BillSource, SourceProvider } from '../bill/source.tsx';
import why from '../bill/why/Why.module.css';
import { Why } from '../bill/why/Why.tsx';
import { fileSource } from './file-source.ts';
import { verifyMessages } from './messages.ts';
import styles from './Verify.module.css';

/** A file that cannot be explained has no more than its bill. */
const NOTHING: BillSource = {
  name: 'no file',
  isLedger: false,
  explanation: () => Promise.reject(new Error('the file cannot be explained')),
  records: async () => ({ items: [], next: null }),
  event: async () => null,
  books: async () => [],
};

export const BillOfFile = ({ bundle }: { readonly bundle: ReadBundle }) => {
  const text = useText(verifyMessages);
  const [path] = useLocation();
  const id = useId();
  const source = useMemo(() => fileSource(bundle, id), [bundle, id]);
  if (!bundle.bill) return null;
  const shown = bundle.bill as Bill;
  return (
    <SourceProvider value={source ?? NOTHING}>
      <ChoiceProvider path={path}>
        <section className={styles.block} aria-label={text.billOfFile}>
          <div className={styles.head}>
            <h2>{bundle.isSound ? text.billOfFile : text.billUnproved}</h2>
            <Button onPress={() => print()}>{text.print}</Button>
          </div>
          {source ? <Panes bundle={bundle} shown={shown} /> : <Alone shown={shown} bundle={bundle} />}
        </section>
      </ChoiceProvider>
    </SourceProvider>
  );
};

interface PanesProps {
  readonly bundle: ReadBundle;
  readonly shown: Bill;
}

const Panes = ({ bundle, shown }: PanesProps) => {
  const names = useNames(shown.priceBooks);
  const { data } = useExplanation(shown.account, shown.month);
  return (
    <div className={bill.panes}>
      <Paper bill={shown} holder={bundle.holder} names={names} explained={data?.lines} />
      <div className={bill.why}>
        <Why bill={shown} names={names} proof={<Intro bundle={bundle} />} />
      </div>
    </div>
  );
};

const Intro = ({ bundle }: { readonly bundle: ReadBundle }) => {
  const text = useText(verifyMessages);
  return (
    <>
      <h3>{text.why}</h3>
      <p className={why.note}>{text.choose1}</p>
      <p className={why.note}>{text.notLater}</p>
      {bundle.made?.beganEarlier ? <p className={why.note}>{text.beganEarlier}</p> : null}
    </>
  );
};

const Alone = ({ bundle, shown }: PanesProps) => {
  const text = useText(verifyMessages);
  const names = useNames(shown.priceBooks);
  return (
    <>
      <p>{text.notExplained}</p>
      <Paper bill={shown} holder={bundle.holder} names={names} />
    </>
  );
};
