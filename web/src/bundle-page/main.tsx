/** Starts the page that `suanpan bundle --html` writes: the verifier, and the bundle in the page itself. */
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '../app/tokens.css';
import { ThemeProvider } from '../app/theme.tsx';
import { openQueries } from '../ledger/queries.ts';
import { LanguageProvider } from '../messages/language.tsx';
import { BundlePage } from './BundlePage.tsx';

/** The bundle as `src/cli/bundle-page.ts` wrote it into the page. */
const written = document.getElementById('bundle')?.textContent ?? '';
const bundle = new Blob([written.replaceAll('&lt;', '<').replaceAll('&amp;', '&')]);

const root = document.getElementById('root');
if (!root) throw new Error('the page has no #root');
createRoot(root).render(
  <StrictMode>
    <LanguageProvider>
      <ThemeProvider>
        <QueryClientProvider client={openQueries()}>
          <BundlePage bundle={bundle} />
        </QueryClientProvider>
      </ThemeProvider>
    </LanguageProvider>
  </StrictMode>,
);
