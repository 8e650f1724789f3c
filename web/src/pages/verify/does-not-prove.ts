/** What a proof does not prove, in the page's language; the words of the format are English. */
import type { DOES_NOT_PROVE } from '../../../../src/audit/bundle/format.ts';
import { useLanguage } from '../../messages/language.tsx';

type Line = (typeof DOES_NOT_PROVE)[number];

const CHINESE: Readonly<Record<Line, string>> = {
  'that a record was not already metered in an earlier month, or what one of an earlier month was reported as where it is corrected here':
    '某条记录未在更早的月份计量过;以及此处更正的更早月份的记录当初是如何上报的',
  'that everything the account used was reported, or was used at all':
    '账户使用的一切都已上报,或者上报的确实被使用过',
  'what the month before carried forward: its own bundle does': '上一个月结转了什么:由上一个月的审计包证明',
  'what people said: reasons, notes, actors, the holder’s name, evidence of disputes, when something was recorded':
    '人所陈述的内容:原因、说明、操作者、户名、争议证据、记录的时刻',
  'that the key is the operator’s: compare it with the one you were given':
    '该密钥属于运营方:请与您拿到的公钥核对',
};

export const useDoesNotProve = (): ((line: string) => string) => {
  const { language } = useLanguage();
  const known: Readonly<Record<string, string>> = language === 'zh' ? CHINESE : {};
  return (line) => known[line] ?? line;
};
