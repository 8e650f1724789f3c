/** The reasons of corrections that the ledger itself gives, in the page's language; those that people gave are theirs. */
import { messages, useText } from '../../messages/language.tsx';

const reasonMessages = messages(
  {
    'late usage': 'late usage',
    'contract price': 'contract price',
    'price published': 'price published',
    correction: (why: string) => `correction: ${why}`,
  },
  {
    'late usage': '迟到用量',
    'contract price': '商务报价',
    'price published': '新价目表发布',
    correction: (why: string) => `更正:${why}`,
  },
);

const CORRECTION = 'correction: ';

/** A correction line gives its reasons one after the other. */
export const useReasons = (): ((reason: string) => string) => {
  const text = useText(reasonMessages);
  const named: Readonly<Record<string, unknown>> = text;
  const said = (reason: string): string => {
    if (reason.startsWith(CORRECTION)) return text.correction(reason.slice(CORRECTION.length));
    const known = named[reason];
    return typeof known === 'string' ? known : reason;
  };
  return (reason) => reason.split('; ').map(said).join('; ');
};
