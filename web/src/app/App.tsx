/** The whole dashboard: what is around every page, and which page an address shows. */
import { QueryClientProvider } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { Route, Switch } from 'wouter';
import { LiveProvider } from '../ledger/live.tsx';
import { openQueries } from '../ledger/queries.ts';
import { LanguageProvider } from '../messages/language.tsx';
import { Loading } from '../parts/Loaded.tsx';
import { SignIn } from '../session/SignIn.tsx';
import { SessionProvider, useSessionState } from '../session/session.tsx';
import { Layout } from './Layout.tsx';
import { NotFound } from './NotFound.tsx';
import { isFor, PAGES } from './pages.ts';
import { ThemeProvider } from './theme.tsx';

export const App = () => {
  const [queries] = useState(openQueries);
  return (
    <LanguageProvider>
      <ThemeProvider>
        <QueryClientProvider client={queries}>
          <SessionProvider>
            <Signed />
          </SessionProvider>
        </QueryClientProvider>
      </ThemeProvider>
    </LanguageProvider>
  );
};

const Signed = () => {
  const { session } = useSessionState();
  const pages = PAGES.filter((page) => isFor(page, session));
  const shown = (
    <Layout pages={pages}>
      <Suspense fallback={<Loading />}>
        <Switch>
          {pages.map(({ path, Page }) => (
            <Route key={path} path={path} component={Page} />
          ))}
          <Route>{session ? <NotFound /> : <SignIn />}</Route>
        </Switch>
      </Suspense>
    </Layout>
  );
  return session ? <LiveProvider>{shown}</LiveProvider> : shown;
};
