/** Language and appearance of the page. */
import { LANGUAGES, useLanguage, useText } from '../messages/language.tsx';
import { SelectField } from '../parts/Field.tsx';
import styles from './Layout.module.css';
import { layoutMessages } from './messages.ts';
import { THEMES, useTheme } from './theme.tsx';

const LANGUAGE_NAMES = { zh: '中文', en: 'English' } as const;

export const Choices = () => {
  const text = useText(layoutMessages);
  const { language, choose } = useLanguage();
  const { theme, choose: chooseTheme } = useTheme();
  const themeNames = { system: text.themeSystem, light: text.themeLight, dark: text.themeDark };
  return (
    <div className={styles.choices}>
      <SelectField
        label={text.language}
        value={language}
        options={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
        onChange={(value) => choose(value === 'zh' ? 'zh' : 'en')}
      />
      <SelectField
        label={text.theme}
        value={theme}
        options={THEMES.map((value) => ({ value, label: themeNames[value] }))}
        onChange={(value) => chooseTheme(THEMES.find((one) => one === value) ?? 'system')}
      />
    </div>
  );
};
