/** The calendar of Asia/Shanghai by hand: since 1992 a constant +08:00, which every life here stays within. */

export const MINUTE = 60_000;
export const DAY = 86_400_000;
const OFFSET = 8 * 60 * MINUTE;

const SHAPE = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/i;

/** Milliseconds since 1970; finer digits are cut off (section 7). */
export function instant(text: string): number {
  const m = SHAPE.exec(text);
  if (m === null) throw new Error(`not an instant: ${text}`);
  const field = (i: number): number => Number(m[i] ?? '0');
  const millis = Number((m[7] ?? '').padEnd(3, '0').slice(0, 3));
  const zone = m[8] ?? 'Z';
  const minutes =
    zone.toUpperCase() === 'Z'
      ? 0
      : (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4))) * (zone[0] === '-' ? -1 : 1);
  return Date.UTC(field(1), field(2) - 1, field(3), field(4), field(5), field(6), millis) - minutes * MINUTE;
}

const two = (n: number): string => String(n).padStart(2, '0');

/** Local time as printed with its offset. */
export function printed(at: number): string {
  return `${new Date(at + OFFSET).toISOString().slice(0, -1)}+08:00`;
}

export function monthAt(at: number): string {
  const local = new Date(at + OFFSET);
  return `${local.getUTCFullYear()}-${two(local.getUTCMonth() + 1)}`;
}

/** The month so many months after another (or before it). */
export function monthPlus(month: string, count: number): string {
  const index = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 + count;
  return `${Math.floor(index / 12)}-${two((index % 12) + 1)}`;
}

export function firstInstant(month: string): number {
  return Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)) - 1, 1) - OFFSET;
}

/** The same local time one calendar year later; 29 February becomes 28 February (section 5). */
export function yearLater(at: number): number {
  const local = new Date(at + OFFSET);
  const [month, day] = [local.getUTCMonth(), local.getUTCDate()];
  const lastDay = month === 1 && day === 29 ? 28 : day;
  const time = (((at + OFFSET) % DAY) + DAY) % DAY;
  return Date.UTC(local.getUTCFullYear() + 1, month, lastDay) + time - OFFSET;
}
