/** Where the month stands on the ladder of each meter: how far the next tier is, and what it does to the bill. */
import type { TierGauge } from '../../../../../client/suanpan.ts';
import { CostLine } from '../../../charts/CostLine.tsx';
import { counted, yuan } from '../../../format/format.ts';
import { useLanguage, useText } from '../../../messages/language.tsx';
import { Empty, Loaded } from '../../../parts/Loaded.tsx';
import { Table } from '../../../parts/Table.tsx';
import styles from '../Account.module.css';
import { useAccountQuery } from '../moment/moment.tsx';
import { tierMessages } from './messages.ts';
import own from './Tiers.module.css';

export const TierGauges = ({ account }: { readonly account: string }) => {
  const text = useText(tierMessages);
  const query = useAccountQuery(account, ['tiers'], ({ client, after, at, signal }) =>
    client.getAccountsTiers(account, { after, ...at }, { signal }),
  );
  return (
    <section className={styles.part} aria-label={text.title}>
      <h2>{text.title}</h2>
      <p className={styles.soft}>{text.hint}</p>
      <Loaded query={query} lines={12}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty>{text.none}</Empty>
          ) : (
            <div className={own.gauges}>
              {items.map((gauge) => (
                <Gauge key={gauge.meter} gauge={gauge} />
              ))}
            </div>
          )
        }
      </Loaded>
    </section>
  );
};

const Gauge = ({ gauge }: { readonly gauge: TierGauge }) => {
  const text = useText(tierMessages);
  const { language } = useLanguage();
  const { meter, ladder, quantity, tier, next, amount, freeUntil, isContract, discount } = gauge;
  const name = gauge.name[language];
  const priceOf = usePrice(ladder.per);
  return (
    <article className={own.gauge} data-meter={meter}>
      <h3>{name}</h3>
      <p className={styles.soft}>
        {tier
          ? text.inTier(
              String(ladder.tiers.findIndex(({ above }) => above === tier.above) + 1),
              String(ladder.tiers.length),
              priceOf(tier.unitPrice),
            )
          : text.below}
        {isContract ? ` · ${text.contract}` : ''}
        {discount ? ` · ${text.discount(discount)}` : ''}
        {freeUntil === null ? '' : ` · ${text.freeUntil(freeUntil)}`}
      </p>
      {next ? (
        <p>
          <progress
            className={own.bar}
            aria-label={text.bar(name)}
            value={quantity - (tier?.above ?? 0)}
            max={quantity + next.calls - (tier?.above ?? 0)}
          />
          {text.toNext(counted(quantity), counted(next.calls), priceOf(next.unitPrice))}
        </p>
      ) : (
        <p>{text.last(counted(quantity))}</p>
      )}
      <dl className={own.sums}>
        <div>
          <dt>{text.now}</dt>
          <dd>{yuan(amount)}</dd>
        </div>
        {next ? (
          <>
            <div>
              <dt>{text.before}</dt>
              <dd>{yuan(next.before)}</dd>
            </div>
            <div>
              <dt>{text.past}</dt>
              <dd>{yuan(next.past)}</dd>
            </div>
          </>
        ) : null}
      </dl>
      {next?.isCliff ? <p className={own.cliff}>{text.cliff(yuan(next.before), yuan(next.past))}</p> : null}
      {next?.saves ? <p className={own.cliff}>{text.saves(counted(next.calls), yuan(next.saves))}</p> : null}
      <Ladder gauge={gauge} name={name} />
    </article>
  );
};

/** `¥0.0032`, or for how many units. */
const usePrice = (per: number) => {
  const text = useText(tierMessages);
  return (price: string | null): string => {
    if (price === null) return text.noPrice;
    return per === 1 ? `¥${price}` : text.perUnits(price, counted(per));
  };
};

const Ladder = ({ gauge, name }: { readonly gauge: TierGauge; readonly name: string }) => {
  const text = useText(tierMessages);
  const { ladder, tier, cliffs, quantity } = gauge;
  const priceOf = usePrice(ladder.per);
  const cliff = cliffs.find(({ at }) => at >= quantity);
  return (
    <details>
      <summary>{text.ladder}</summary>
      {cliff ? (
        <CostLine
          title={text.cliffChart(name, counted(cliff.at))}
          ladder={ladder}
          {...{ at: cliff.at, costs: Number(cliff.costs), next: Number(cliff.next) }}
          names={{ quantity: text.calls, amount: text.amount }}
        />
      ) : null}
      <Table
        caption={text.ladderOf(name)}
        rows={ladder.tiers}
        keyOf={({ above }) => String(above)}
        columns={[
          { name: text.above, isNumber: true, cell: ({ above }) => counted(above) },
          { name: text.upTo, isNumber: true, cell: ({ upTo }) => (upTo === null ? '–' : counted(upTo)) },
          { name: text.unitPrice, isNumber: true, cell: ({ unitPrice }) => priceOf(unitPrice) },
          { name: text.stands, cell: ({ above }) => (above === tier?.above ? text.here : '') },
        ]}
      />
    </details>
  );
};
