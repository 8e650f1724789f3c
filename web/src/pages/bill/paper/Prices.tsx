/** The tiers that the lines were priced by, as an appendix: with them a tier can be looked up by hand. */
import type { Bill } from '../../../../../client/suanpan.ts';
import type { Explanation } from '../../../../../src/audit/explain/explain-bill.ts';
import { yuan } from '../../../format/format.ts';
import { useText } from '../../../messages/language.tsx';
import { billMessages } from '../messages.ts';
import type { Names } from '../names.ts';
import { usePriceFor } from '../unit-price.ts';
import { rangeText } from './Lines.tsx';
import styles from './Paper.module.css';
import { Section } from './Section.tsx';

type Explained = Explanation['lines'][number];

interface PricesProps {
  readonly bill: Bill;
  readonly names: Names;
  /** Undefined until they have come, or where nobody can be asked for them. */
  readonly explained: readonly Explained[] | undefined;
}

export const Prices = ({ bill, names, explained }: PricesProps) => {
  const text = useText(billMessages);
  if (bill.lines.length === 0 || explained === undefined) return null;
  return (
    <Section title={text.prices} note={text.pricesNote}>
      <ul className={styles.prices}>
        {explained.map((line) => (
          <li key={line.meter}>
            <strong>{names.meter(line.meter)}</strong>
            <Ladder tier={line.tier} unit={bill.lines.find(({ meter }) => meter === line.meter)?.unit} />
          </li>
        ))}
      </ul>
    </Section>
  );
};

/** How a ladder's quantity is formed and applied, in words. */
export const useLadderText = (): ((tier: Explained['tier']) => string) => {
  const text = useText(billMessages);
  const chosen = {
    post_paid: text.byPostPaid,
    post_paid_and_free: text.byPostPaidAndFree,
    metered: text.byMetered,
  };
  return ({ ladder, price, edition }) =>
    [
      price.of === 'list' || price.discount !== undefined
        ? text.list(edition.edition)
        : text.contract(price.from),
      ...(price.of === 'contract' && price.discount !== undefined
        ? [`${text.discount(price.discount)} (${text.contract(price.from)})`]
        : []),
      ...(ladder.mode === 'graduated' ? [] : [chosen[ladder.tierBy]]),
      text[ladder.mode],
    ].join(' · ');
};

interface LadderProps {
  readonly tier: Explained['tier'];
  readonly unit: Bill['lines'][number]['unit'];
}

const Ladder = ({ tier, unit: counts }: LadderProps) => {
  const text = useText(billMessages);
  const said = useLadderText()(tier);
  const { tiers, per, bounds } = tier.ladder;
  const unit = usePriceFor()(counts, per === 1 ? null : String(per));
  return (
    <>
      <span className={styles.how}>{said}</span>
      <span className={styles.tiers}>
        {tiers.map((one) => (
          <span key={one.above} className={styles.price}>
            {`${bounds === 'upper' ? '(' : '['}${rangeText(one)}${bounds === 'upper' && one.upTo !== null ? ']' : ')'}`}{' '}
            <b>{one.unitPrice === null ? text.noPrice : `${yuan(one.unitPrice)} ${unit}`}</b>
          </span>
        ))}
      </span>
    </>
  );
};
