/**
 * What a month's post-paid calls cost, around a cliff of the ladder: amount over quantity. The points are geometry
 * alone; the amounts are in the table beside it.
 */
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { useLanguage } from '../messages/language.tsx';
import styles from './charts.module.css';

interface Ladder {
  readonly per: number;
  readonly tiers: readonly {
    readonly above: number;
    readonly upTo: number | null;
    readonly unitPrice: string | null;
  }[];
}

interface CostLineProps {
  readonly title: string;
  readonly ladder: Ladder;
  /** The last quantity before the price falls, what it costs, and what one more costs. */
  readonly at: number;
  readonly costs: number;
  readonly next: number;
  readonly names: { readonly quantity: string; readonly amount: string };
}

const WIDTH = 400;
const HEIGHT = 220;
const LEFT = 64;
const RIGHT = 20;
const TOP = 30;
const BOTTOM = 40;
const TICKS = 4;

/** How far to either side of the cliff is drawn, as a part of its quantity. */
const AROUND = 0.6;

export const CostLine = ({ title, ladder, at, costs, next, names }: CostLineProps) => {
  const [from, to] = [at * (1 - AROUND), at * (1 + AROUND)];
  const segments = drawn(ladder, from, to);
  const amounts = segments.flat().map(([, amount]) => amount);
  const x = scaleLinear()
    .domain([from, to])
    .range([LEFT, WIDTH - RIGHT]);
  const y = scaleLinear()
    .domain([Math.min(...amounts), Math.max(...amounts)])
    .nice(TICKS)
    .range([HEIGHT - BOTTOM, TOP]);
  const path = line<Point>(
    ([quantity]) => x(quantity),
    ([, amount]) => y(amount),
  );
  // Before the cliff the amount grows in proportion: from here on it exceeds that behind the cliff.
  const dearer = Math.max(from, (next / costs) * at);
  const short = new Intl.NumberFormat(useLanguage().locale, { notation: 'compact' });
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={title} className={styles.chart}>
      <rect
        x={x(dearer)}
        width={x(at) - x(dearer)}
        y={TOP}
        height={HEIGHT - BOTTOM - TOP}
        className={styles.shade}
      />
      {y.ticks(TICKS).map((tick) => (
        <g key={tick}>
          <line x1={LEFT} x2={WIDTH - RIGHT} y1={y(tick)} y2={y(tick)} className={styles.grid} />
          <text x={LEFT - 8} y={y(tick)} className={styles.value}>
            ¥{short.format(tick)}
          </text>
        </g>
      ))}
      {x.ticks(TICKS).map((tick) => (
        <text key={tick} x={x(tick)} y={HEIGHT - BOTTOM + 16} className={styles.day}>
          {short.format(tick)}
        </text>
      ))}
      {segments.map((points) => (
        <path key={points[0]?.[0]} d={path(points) ?? ''} className={styles.line} />
      ))}
      <line x1={x(at)} x2={x(at)} y1={y(costs)} y2={y(next)} className={styles.drop} />
      <circle cx={x(at)} cy={y(costs)} r={3.5} className={styles.dot} />
      <circle cx={x(at)} cy={y(next)} r={3.5} className={styles.dotOpen} />
      <text x={LEFT - 8} y={TOP - 20} className={styles.value}>
        {names.amount}
      </text>
      <text x={(LEFT + WIDTH - RIGHT) / 2} y={HEIGHT - 6} className={styles.day}>
        {names.quantity}
      </text>
    </svg>
  );
};

type Point = readonly [quantity: number, amount: number];

/** One straight part for each tier that has a price and lies in the range. */
const drawn = ({ per, tiers }: Ladder, from: number, to: number): readonly (readonly Point[])[] =>
  tiers.flatMap(({ above, upTo, unitPrice }) => {
    const [start, end] = [Math.max(above, from), Math.min(upTo ?? to, to)];
    if (unitPrice === null || start >= end) return [];
    const price = Number(unitPrice) / per;
    return [[[start, start * price] as const, [end, end * price] as const]];
  });
