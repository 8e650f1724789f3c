/** The rules of an edition in words: allowance, freeze, grace, notices. */
import type { PriceBook } from '../../../../../client/suanpan.ts';
import { counted } from '../../../format/format.ts';
import { useLanguage, useText } from '../../../messages/language.tsx';
import styles from './Edition.module.css';
import { rulesMessages } from './messages.ts';

export interface Rule {
  readonly id: 'allowance' | 'freeze' | 'arrears' | 'notices';
  readonly name: string;
  readonly value: string;
}

/** The rules of a book, each as one sentence. */
export const useRules = (): ((book: PriceBook) => readonly Rule[]) => {
  const text = useText(rulesMessages);
  const { locale } = useLanguage();
  const share = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 10 });
  return ({ allowance, freeze, arrears, notices }) => [
    {
      id: 'allowance',
      name: text.allowance,
      value: [
        text.allowanceOf(counted(allowance.calls)),
        text[allowance.grant],
        allowance.inFirstMonth ? text.inFirstMonth : text.notInFirstMonth,
      ].join(text.next),
    },
    {
      id: 'freeze',
      name: text.freeze,
      value: freeze ? [text[freeze.of](freeze.rate), text[freeze.onFailure]].join(text.next) : text.noFreeze,
    },
    {
      id: 'arrears',
      name: text.arrears,
      value: arrears.graceDays === 0 ? text.noGrace : text.grace(counted(arrears.graceDays)),
    },
    {
      id: 'notices',
      name: text.notices,
      value: notices
        ? [
            text[notices.low.of](share.format(Number(notices.low.below))),
            notices.channels.map((channel) => text[channel]).join(text.and),
            notices.onTheHour ? text.onTheHour(notices.onTheHour.from, notices.onTheHour.to) : text.atOnce,
          ].join(text.next)
        : text.noNotices,
    },
  ];
};

export const Rules = ({ book }: { readonly book: PriceBook }) => (
  <dl className={styles.rules}>
    {useRules()(book).map(({ id, name, value }) => (
      <div key={id}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);
