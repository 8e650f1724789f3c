/** The lines of a bill: who paid for the calls of each meter, and how its amount comes about. */
import type { Bill } from '../../../../../client/suanpan.ts';
import { counted, grouped, groupedIn, yuan } from '../../../format/format.ts';
import { useLanguage, useText } from '../../../messages/language.tsx';
import { Empty } from '../../../parts/Loaded.tsx';
import { Figure, useChoice } from '../choice.tsx';
import { billMessages } from '../messages.ts';
import { usePriceFor } from '../unit-price.ts';
import styles from './Paper.module.css';
import { Section, Sheet } from './Section.tsx';

export type Line = Bill['lines'][number];

export const Lines = ({ bill }: { readonly bill: Bill }) => {
  const text = useText(billMessages);
  const { choice } = useChoice();
  const numbers = [text.metered, text.free, text.packs, text.postPaid, text.amount];
  return (
    <Section title={text.lines}>
      {bill.lines.length === 0 ? (
        <Empty>{text.noLines}</Empty>
      ) : (
        <Sheet isFolding caption={text.lines} head={[text.item, ...numbers.map((number) => ({ number }))]}>
          {bill.lines.map((line) => (
            <tbody
              key={line.meter}
              className={choice.line === line.meter ? styles.chosen : undefined}
              data-meter={line.meter}
            >
              <LineRows line={line} />
            </tbody>
          ))}
        </Sheet>
      )}
    </Section>
  );
};

const LineRows = ({ line }: { readonly line: Line }) => {
  const text = useText(billMessages);
  const { language } = useLanguage();
  const { meter, metered, free, packs, postPaid } = line;
  const figures = [
    ['days', text.metered, counted(metered)],
    ['payers', text.free, counted(free)],
    ['packs', text.packs, counted(packs)],
    ['payers', text.postPaid, counted(postPaid)],
  ] as const;
  return (
    <>
      <tr className={styles.first}>
        <th scope="row">
          <span className={styles.item}>{line.name[language]}</span>
          <span className={styles.id}>{meter}</span>
        </th>
        {figures.map(([part, name, figure]) => (
          <td key={name} className={styles.number} data-name={name}>
            <Figure of={{ line: meter, part }}>{figure}</Figure>
          </td>
        ))}
        <td className={styles.amount} data-name={text.amount}>
          <Figure of={{ line: meter }}>{yuan(line.amount)}</Figure>
        </td>
      </tr>
      <tr className={styles.second}>
        <td colSpan={6}>
          <Formula line={line} />
        </td>
      </tr>
    </>
  );
};

/** `1 ÷ 1000` of a formula: the price is for a thousand. */
const perOf = (formula: string): string | null => /÷ (\d+)/.exec(formula)?.[1] ?? null;

const Formula = ({ line }: { readonly line: Line }) => {
  const text = useText(billMessages);
  const { tier, unitPrice, discount, formula, voucher, bands } = line;
  const per = perOf(formula);
  const unit = usePriceFor()(line.unit, per === null ? null : grouped(per));
  const factor = discount === undefined ? '' : ` × ${discount}`;
  const said = [
    ...(tier ? [`${text.tier} ${rangeText(tier)}`] : []),
    ...(unitPrice === null ? [] : [`${text.unitPrice} ${yuan(unitPrice)} ${unit}`]),
    ...(discount === undefined ? [] : [text.discount(discount)]),
    ...(tier === null && unitPrice === null && !bands?.length ? [text.noTier] : []),
    ...(bands ?? []).map(
      (band) =>
        `${text.tier} ${rangeText(band)}: ${counted(band.quantity)} × ${yuan(band.unitPrice)} ${unit}${factor} = ${grouped(band.amount)}`,
    ),
    ...(voucher === null || isNothing(voucher) ? [] : [`${text.voucher} ${yuan(voucher)}`]),
  ];
  return (
    <>
      <span className={styles.formula}>
        <Figure of={{ line: line.meter, part: 'price' }}>{groupedIn(formula)}</Figure>
        {isRounded(line) ? ` → ${text.rounded} ${yuan(line.amount)}` : null}
      </span>
      <span className={styles.tier}>{said.join(' · ')}</span>
    </>
  );
};

/** `0 – 3,000,000`; the last tier has no end. */
export const rangeText = ({
  above,
  upTo,
}: {
  readonly above: number;
  readonly upTo: number | null;
}): string => `${counted(above)} – ${upTo === null ? '∞' : counted(upTo)}`;

const isNothing = (amount: string): boolean => /^-?0(\.0*)?$/.test(amount);

/** Whether the amount on the bill is another number than the exact one. */
const isRounded = ({ exact, amount }: Line): boolean =>
  exact !== null && amount !== null && withoutZeros(exact) !== withoutZeros(amount);

const withoutZeros = (decimal: string): string =>
  decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
