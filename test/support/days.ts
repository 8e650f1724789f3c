/**
 * Instants in Shanghai, the billing zone of the specifications, as they are said: `jan(10)`, `jan(10, '10:00')`, and of
 * other years `year(2020).feb(29)`.
 */
export type OfMonth = (day: number, time?: string) => number;

const two = (n: number): string => String(n).padStart(2, '0');

/** The months of a year. A day's time is `HH:MM`, `HH:MM:SS` or `HH:MM:SS.mmm`; without one it is the day's first instant. */
export const year = (of: number) => {
  const ofMonth =
    (month: number): OfMonth =>
    (day, time = '00:00') => {
      const at = Date.parse(`${of}-${two(month)}-${two(day)}T${time}+08:00`);
      if (Number.isNaN(at)) throw new Error(`there is no day ${day} at ${time}`);
      return at;
    };
  return {
    jan: ofMonth(1),
    feb: ofMonth(2),
    mar: ofMonth(3),
    apr: ofMonth(4),
    may: ofMonth(5),
    jun: ofMonth(6),
    jul: ofMonth(7),
    aug: ofMonth(8),
    sep: ofMonth(9),
    oct: ofMonth(10),
    nov: ofMonth(11),
    dec: ofMonth(12),
  };
};

export const { jan, feb, mar, apr, may, jun, jul, aug, sep, oct, nov, dec } = year(2019);
/** The last millisecond before an instant. */
export const justBefore = (at: number): number => at - 1;
