/** Light and dark: as chosen, else as the system has it. */
import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

interface Chosen {
  readonly theme: Theme;
  readonly choose: (theme: Theme) => void;
}

const STORED = 'suanpan.theme';
const ThemeContext = createContext<Chosen | null>(null);

const initial = (): Theme => THEMES.find((theme) => theme === localStorage.getItem(STORED)) ?? 'system';

export const ThemeProvider = ({ children }: { readonly children: ReactNode }) => {
  const [theme, setTheme] = useState(initial);
  useEffect(() => {
    const system = matchMedia('(prefers-color-scheme: dark)');
    const apply = (): void => {
      document.documentElement.dataset['theme'] =
        theme === 'system' ? (system.matches ? 'dark' : 'light') : theme;
    };
    apply();
    system.addEventListener('change', apply);
    return () => system.removeEventListener('change', apply);
  }, [theme]);
  const chosen = useMemo(
    () => ({
      theme,
      choose: (wanted: Theme) => {
        localStorage.setItem(STORED, wanted);
        setTheme(wanted);
      },
    }),
    [theme],
  );
  return <ThemeContext value={chosen}>{children}</ThemeContext>;
};

export const useTheme = (): Chosen => {
  const chosen = use(ThemeContext);
  if (!chosen) throw new Error('there is no ThemeProvider above');
  return chosen;
};
