/** The bill in a bundle, as one would print it. */
import type { Bill as Shown } from '../../../../client/suanpan.ts';
import type { ReadBundle } from '../../../../src/browser/read-bundle.ts';
import { useText } from '../../messages/language.tsx';
import { ChoiceProvider } from '../bill/choice.tsx';
import type { Names } from '../bill/names.ts';
import { Paper } from '../bill/paper/Paper.tsx';
import { verifyMessages } from './messages.ts';
import styles from './Verify.module.css';

/** The file has no names but those of the lines. */
const IDS: Names = { product: (id) => id, meter: (id) => id, pool: (id) => id, interface: (id) => id };

export const BillOfFile = ({ bill }: { readonly bill: NonNullable<ReadBundle['bill']> }) => {
  const text = useText(verifyMessages);
  return (
    <section className={styles.block} aria-label={text.billOfFile}>
      <ChoiceProvider path="/verify">
        <Paper bill={bill as Shown} holder={null} names={IDS} />
      </ChoiceProvider>
    </section>
  );
};
