/** Why a line has its unit price: the quantity, the ladder and its origin, and the tier reached. */
import { Link } from 'wouter';
import { counted, yuan } from '../../../format/format.ts';
import { useText } from '../../../messages/language.tsx';
import { Table } from '../../../parts/Table.tsx';
import { useChoice } from '../choice.tsx';
import { billMessages } from '../messages.ts';
import { rangeText } from '../paper/Lines.tsx';
import { useLadderText } from '../paper/Prices.tsx';
import { Elsewhere } from '../source.tsx';
import { usePriceFor } from '../unit-price.ts';
import type { ExplainedLine, WhyLineProps } from './Line.tsx';
import { whyMessages } from './messages.ts';
import { Part } from './Part.tsx';
import styles from './Why.module.css';

export const Price = ({ bill, line, names }: WhyLineProps) => {
  const text = useText(whyMessages);
  const words = useText(billMessages);
  const { tier } = line;
  const { edition, ladder } = tier;
  const said = useLadderText()(tier);
  const issued = bill.lines.find(({ meter }) => meter === line.meter);
  const reached = new Set(
    [...(issued?.bands ?? []), ...(issued?.tier ? [issued.tier] : [])].map(({ above }) => above),
  );
  const unit = usePriceFor()(issued?.unit, ladder.per === 1 ? null : counted(ladder.per));
  return (
    <Part title={text.price} part="price" note={said}>
      <ul className={styles.reasons}>
        <li>
          {text.edition}{' '}
          <Elsewhere
            href={`/price-books/${encodeURIComponent(edition.product)}/${encodeURIComponent(edition.edition)}`}
          >
            {names.product(edition.product)} {edition.edition}
          </Elsewhere>
          <Agreed price={tier.price} />
        </li>
        <Reasons tier={tier} reached={issued?.tier ?? null} />
      </ul>
      <Table
        caption={text.price}
        rows={ladder.tiers}
        keyOf={({ above }) => String(above)}
        columns={[
          {
            name: text.tier,
            cell: (one) => (
              <>
                {rangeText(one)}
                {reached.has(one.above) ? <strong className={styles.mark}>{text.here}</strong> : null}
              </>
            ),
          },
          {
            name: text.unitPrice,
            isNumber: true,
            cell: ({ unitPrice }) => (unitPrice === null ? words.noPrice : `${yuan(unitPrice)} ${unit}`),
          },
        ]}
      />
    </Part>
  );
};

const Agreed = ({ price }: { readonly price: ExplainedLine['tier']['price'] }) => {
  const text = useText(whyMessages);
  const { hrefOf } = useChoice();
  if (price.of === 'list') return null;
  return (
    <>
      {price.until === null ? '' : ` · ${text.until(price.until)}`}
      {price.event === null ? null : (
        <>
          {' · '}
          {text.agreedBy} <Link href={hrefOf({ event: String(price.event) })}>{String(price.event)}</Link>
        </>
      )}
    </>
  );
};

interface ReasonsProps {
  readonly tier: ExplainedLine['tier'];
  readonly reached: { readonly above: number; readonly upTo: number | null } | null;
}

const Reasons = ({ tier, reached }: ReasonsProps) => {
  const text = useText(whyMessages);
  const { ladder, quantity, freeUntil, voucher } = tier;
  if (freeUntil !== null) return <li>{text.freeUntil(freeUntil)}</li>;
  return (
    <>
      {ladder.mode === 'graduated' ? null : (
        <>
          <li>{text.quantity(counted(quantity))}</li>
          <li>
            {reached
              ? text.reached(rangeText(reached))
              : text.notReached(counted(ladder.tiers[0]?.above ?? 0))}
          </li>
        </>
      )}
      {voucher ? <li>{text.voucherOf(counted(voucher.calls), yuan(voucher.amount))}</li> : null}
    </>
  );
};
