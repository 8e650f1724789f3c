/**
 * Values that stay until they change, over time, as stepped lines. Everything in it is in the table beside it, so it is
 * one picture to a screen reader.
 */
import { scaleLinear } from 'd3-scale';
import { curveStepAfter, line } from 'd3-shape';
import { useInstants } from '../format/format.ts';
import { useLanguage } from '../messages/language.tsx';
import styles from './charts.module.css';
import type { Series } from './DayBars.tsx';

export interface Point {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** One for each series. */
  readonly values: readonly number[];
}

interface StepLinesProps {
  readonly title: string;
  readonly series: readonly Series[];
  /** In the order of time; the last one is where the lines end. */
  readonly points: readonly Point[];
  /** What stands before a value on the axis. */
  readonly unit?: string;
  /** An instant that is marked, also behind the last point. */
  readonly mark?: { readonly at: number; readonly name: string };
}

const WIDTH = 720;
const HEIGHT = 220;
const LEFT = 72;
const RIGHT = 12;
const TOP = 20;
const BOTTOM = 24;
const TICKS = 4;
const DATES = 5;

export const StepLines = ({ title, series, points, unit = '', mark }: StepLinesProps) => {
  const { locale } = useLanguage();
  const { date } = useInstants();
  const short = new Intl.NumberFormat(locale, { notation: 'compact' });
  const from = points[0]?.at ?? 0;
  const to = Math.max(points.at(-1)?.at ?? 0, mark?.at ?? 0, from + 1);
  const all = points.flatMap(({ values }) => values);
  const x = scaleLinear()
    .domain([from, to])
    .range([LEFT, WIDTH - RIGHT]);
  const y = scaleLinear()
    .domain([Math.min(0, ...all), Math.max(1, ...all)])
    .nice(TICKS)
    .range([HEIGHT - BOTTOM, TOP]);
  const dates = Array.from({ length: DATES }, (_, i) => from + ((to - from) * i) / (DATES - 1));
  return (
    <figure className={styles.figure}>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={title} className={styles.wide}>
        {y.ticks(TICKS).map((tick) => (
          <g key={tick}>
            <line x1={LEFT} x2={WIDTH - RIGHT} y1={y(tick)} y2={y(tick)} className={styles.grid} />
            <text x={LEFT - 8} y={y(tick)} className={styles.value}>
              {unit}
              {short.format(tick)}
            </text>
          </g>
        ))}
        {dates.map((at, i) => (
          <text key={at} x={x(at)} y={HEIGHT - 6} className={styles[ANCHORS[i] ?? 'middle']}>
            {date(new Date(at).toISOString())}
          </text>
        ))}
        {mark ? (
          <g>
            <line x1={x(mark.at)} x2={x(mark.at)} y1={TOP} y2={HEIGHT - BOTTOM} className={styles.drop} />
            <text x={x(mark.at)} y={TOP - 8} className={styles.last}>
              {mark.name}
            </text>
          </g>
        ) : null}
        {series.map(({ name, color }, i) => (
          <path
            key={name}
            className={`${styles.step} ${styles[`stroke${color}`]}`}
            d={
              line<Point>(
                ({ at }) => x(at),
                ({ values }) => y(values[i] ?? 0),
              ).curve(curveStepAfter)(points) ?? ''
            }
          />
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

/** The first and the last date stay within the picture; those beside the middle are left out on a phone. */
const ANCHORS: Readonly<Record<number, 'first' | 'day' | 'last'>> = {
  0: 'first',
  2: 'day',
  [DATES - 1]: 'last',
};
