/**
 * Numbers, money and instants as text. Money stays decimal text from the API to the page: it is grouped here, never
 * computed with. Instants are shown in the ledger's zone, which the page names.
 */
import { createContext, use, useMemo } from 'react';
import { useLanguage } from '../messages/language.tsx';
import { useSessionIfAny } from '../session/session.tsx';

/** Digits in groups of three; the decimals as they came. */
export const grouped = (decimal: string): string => {
  const [, sign = '', whole = '', rest = ''] = /^(-?)(\d+)(\.\d+)?$/.exec(decimal) ?? [];
  if (whole === '') return decimal;
  return `${sign === '-' ? '−' : ''}${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${rest}`;
};

/** `¥1,234.50`; a dash for an amount that is not known. */
export const yuan = (amount: string | null): string => {
  if (amount === null) return '–';
  const text = grouped(amount);
  return text.startsWith('−') ? `−¥${text.slice(1)}` : `¥${text}`;
};

/** An amount as one that is taken off; zero stays so. */
export const negative = (amount: string): string => (/^0(\.0+)?$/.test(amount) ? amount : `-${amount}`);
export const counted = (count: number | string): string => grouped(String(count));

/** A formula with the digits of its numbers in groups: `(52,000,000 − 10,000) × 0.0032 = 166,368`. */
export const groupedIn = (formula: string): string =>
  formula.replace(/\d+(\.\d+)?/g, (number) => grouped(number));

export interface InstantText {
  /** Date and time to the second. */
  readonly instant: (text: string) => string;
  /** The date alone. */
  readonly date: (text: string) => string;
  /** `2019-03` as a month's name. */
  readonly month: (month: string) => string;
  readonly zone: string;
}

/** Instants in a zone. */
export const instantTextIn = (locale: string, zone: string): InstantText => {
  const date = { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' } as const;
  const time = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
  const instants = new Intl.DateTimeFormat(locale, { ...date, ...time });
  const dates = new Intl.DateTimeFormat(locale, date);
  const months = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', year: 'numeric', month: 'long' });
  return {
    instant: (text) => instants.format(new Date(text)),
    date: (text) => dates.format(new Date(text)),
    month: (month) => months.format(new Date(`${month}-15T00:00:00Z`)),
    zone,
  };
};

/** The zone of what is shown, where that is not of the ledger of this session: a file of another. */
export const ZoneProvider = createContext<string | null>(null);

/** Instants in the zone of what is shown, else of the ledger of this session. */
export const useInstants = (): InstantText => {
  const { locale } = useLanguage();
  const session = useSessionIfAny();
  const zone = use(ZoneProvider) ?? session?.ledger.zone ?? 'UTC';
  return useMemo(() => instantTextIn(locale, zone), [locale, zone]);
};
