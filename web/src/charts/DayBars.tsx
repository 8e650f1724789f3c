/** Bars by day, stacked by series. Everything in it is in the table beside it, so it is one picture to a screen reader. */
import { scaleBand, scaleLinear } from 'd3-scale';
import { useLanguage } from '../messages/language.tsx';
import styles from './charts.module.css';

export interface Series {
  readonly name: string;
  /** One of the colours of the theme. */
  readonly color: 1 | 2 | 3 | 4 | 5;
}

export interface Bar {
  /** `2019-03-04`. */
  readonly day: string;
  /** One for each series, from the bottom up. */
  readonly values: readonly number[];
}

interface DayBarsProps {
  readonly title: string;
  readonly series: readonly Series[];
  readonly bars: readonly Bar[];
  /** The series beside each other, to be compared, and not stacked. */
  readonly isBeside?: boolean;
}

const WIDTH = 720;
const HEIGHT = 240;
const LEFT = 72;
const BOTTOM = 24;
const TICKS = 4;

export const DayBars = ({ title, series, bars, isBeside = false }: DayBarsProps) => {
  const placed = isBeside ? beside : stacked;
  const most = Math.max(1, ...bars.flatMap(({ values }) => placed(values).map(({ to }) => to)));
  const x = scaleBand<string>()
    .domain(bars.map(({ day }) => day))
    .range([LEFT, WIDTH])
    .padding(0.2);
  const y = scaleLinear()
    .domain([0, most])
    .nice(TICKS)
    .range([HEIGHT - BOTTOM, 8]);
  const short = new Intl.NumberFormat(useLanguage().locale, { notation: 'compact' });
  const step = Math.ceil(bars.length / 10);
  return (
    <figure className={styles.figure}>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={title} className={styles.wide}>
        {y.ticks(TICKS).map((tick) => (
          <g key={tick}>
            <line x1={LEFT} x2={WIDTH} y1={y(tick)} y2={y(tick)} className={styles.grid} />
            <text x={LEFT - 8} y={y(tick)} className={styles.value}>
              {short.format(tick)}
            </text>
          </g>
        ))}
        {bars.map(({ day, values }, i) => (
          <g key={day}>
            {placed(values).map(({ from, to, at, share }, s) => (
              <rect
                key={series[s]?.name}
                x={(x(day) ?? 0) + at * x.bandwidth()}
                width={share * x.bandwidth()}
                y={y(to)}
                height={y(from) - y(to)}
                className={styles[`series${series[s]?.color ?? 1}`]}
              />
            ))}
            {i % step === 0 ? (
              <text x={(x(day) ?? 0) + x.bandwidth() / 2} y={HEIGHT - 6} className={styles.day}>
                {day.slice(8)}
              </text>
            ) : null}
          </g>
        ))}
      </svg>
      <figcaption className={styles.legend}>
        {series.map(({ name, color }) => (
          <span key={name} className={styles.entry}>
            <span className={`${styles.swatch} ${styles[`swatch${color}`]}`} aria-hidden="true" />
            {name}
          </span>
        ))}
      </figcaption>
    </figure>
  );
};

interface Part {
  readonly from: number;
  readonly to: number;
  /** Of the width of a day's bar: where it begins, and how much of it is its own. */
  readonly at: number;
  readonly share: number;
}

const stacked = (values: readonly number[]): readonly Part[] => {
  let sum = 0;
  return values.map((value) => {
    const from = sum;
    sum += value;
    return { from, to: sum, at: 0, share: 1 };
  });
};

const beside = (values: readonly number[]): readonly Part[] =>
  values.map((value, i) => ({ from: 0, to: value, at: i / values.length, share: 1 / values.length }));
