/** The two languages of the dashboard. Each page has its messages in a file of its own, in both. */
import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react';
import { I18nProvider } from 'react-aria-components';

export const LANGUAGES = ['zh', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** A message is a text, or a function of what it speaks about. */
// biome-ignore lint/suspicious/noExplicitAny: the parameters of a message are checked where it is called.
type Message = string | ((...parameters: any[]) => string);
type Texts = Readonly<Record<string, Message>>;
type Like<T extends Texts> = { readonly [Name in keyof T]: T[Name] extends string ? string : T[Name] };

export interface Messages<T extends Texts> {
  readonly en: T;
  readonly zh: Like<T>;
}

/** Messages in both languages; a missing or misnamed one does not type-check. */
export const messages = <T extends Texts>(en: T, zh: Like<T>): Messages<T> => ({ en, zh });

const LOCALES = { zh: 'zh-CN', en: 'en-US' } as const;
const STORED = 'suanpan.language';

interface Chosen {
  readonly language: Language;
  /** As `Intl` names it. */
  readonly locale: (typeof LOCALES)[Language];
  readonly choose: (language: Language) => void;
}

const LanguageContext = createContext<Chosen | null>(null);

const isLanguage = (text: string | null): text is Language => text === 'zh' || text === 'en';

/** The chosen language, else the browser's first one that is known, else English. */
const initial = (): Language => {
  const stored = localStorage.getItem(STORED);
  if (isLanguage(stored)) return stored;
  for (const wanted of navigator.languages) {
    const short = wanted.slice(0, 2);
    if (isLanguage(short)) return short;
  }
  return 'en';
};

export const LanguageProvider = ({ children }: { readonly children: ReactNode }) => {
  const [language, setLanguage] = useState(initial);
  const locale = LOCALES[language];
  useEffect(() => {
    document.documentElement.lang = locale;
  }, [locale]);
  const chosen = useMemo(
    () => ({
      language,
      locale,
      choose: (wanted: Language) => {
        localStorage.setItem(STORED, wanted);
        setLanguage(wanted);
      },
    }),
    [language, locale],
  );
  return (
    <LanguageContext value={chosen}>
      <I18nProvider locale={locale}>{children}</I18nProvider>
    </LanguageContext>
  );
};

export const useLanguage = (): Chosen => {
  const chosen = use(LanguageContext);
  if (!chosen) throw new Error('there is no LanguageProvider above');
  return chosen;
};

/** The messages of a page in the chosen language. */
export const useText = <T extends Texts>({ en, zh }: Messages<T>): T =>
  (useLanguage().language === 'zh' ? zh : en) as T;
