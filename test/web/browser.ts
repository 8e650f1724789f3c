/**
 * A real browser on a real server: pages as the four people see them. Whatever a page logs as an error, whatever its
 * policy forbids, and whatever it asks of another host fails the test.
 *
 * What a test costs: a visit (a context of its own, and signing in) about a second of a processor, going on within it
 * (`open`) a seventh of that, and axe half a second a page. So a file has `useDemonstration()` once, a test visits once
 * for each kind of person it is about, and goes from page to page with `open`.
 */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterEach, expect } from 'vitest';
import { CHROMIUM, launchBrowser } from './chromium.ts';

/** Wide enough for everything; and a phone. */
export const WIDE = { width: 1280, height: 900 } as const;
export const PHONE = { width: 390, height: 844 } as const;

export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What went wrong on the page so far; a test that means to provoke an error takes it out of here. */
  readonly wrong: string[];
  readonly close: () => Promise<void>;
}

interface VisitOptions {
  readonly language?: 'zh' | 'en';
  readonly theme?: 'light' | 'dark';
  readonly size?: { readonly width: number; readonly height: number };
  /** Signs in with this key, at the sign-in page. */
  readonly key?: string;
}

/** The browser of this process, which runs one file of tests after another; it ends with the process. */
let launched: Promise<Browser> | null = null;
const browserOf = (executablePath: string): Promise<Browser> => {
  launched ??= launchBrowser(executablePath);
  return launched;
};

/** Visits of a file's tests, each in a context of its own: nothing is kept from one to another. */
export const useBrowser = (): ((base: string, path: string, options?: VisitOptions) => Promise<Visit>) => {
  const visits: Visit[] = [];
  afterEach(async () => {
    for (const visit of visits.splice(0)) await visit.close();
  });
  return async (base, path, { language = 'en', theme = 'light', size = WIDE, key } = {}) => {
    if (!CHROMIUM) throw new Error('there is no browser; the test should have been skipped');
    const browser = await browserOf(CHROMIUM);
    const context = await browser.newContext({
      locale: language === 'zh' ? 'zh-CN' : 'en-US',
      colorScheme: theme,
      // Another zone than the ledger's: an instant in the browser's own would be seen.
      timezoneId: 'America/New_York',
      viewport: size,
    });
    const page = await context.newPage();
    const wrong: string[] = [];
    page.on('pageerror', (error) => wrong.push(`error: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') wrong.push(message.text());
    });
    page.on('request', (request) => {
      const { origin, protocol } = new URL(request.url());
      if (
        (protocol === 'file:' ? 'file://' : origin) !== base &&
        !request.url().startsWith('data:') &&
        !request.url().startsWith('blob:')
      )
        wrong.push(`asked another host: ${request.url()}`);
    });
    await page.goto(`${base}${path}`);
    if (key !== undefined) await signIn(page, key);
    const visit: Visit = {
      page,
      context,
      wrong,
      close: async () => {
        await context.close().catch(() => undefined);
      },
    };
    visits.push(visit);
    return visit;
  };
};

const signIn = async (page: Page, key: string): Promise<void> => {
  await page.locator('input[type=password]').fill(key);
  await page.locator('button[type=submit]').click();
  await page.locator('input[type=password]').waitFor({ state: 'detached' });
};

/** Goes to another address within the page, as a link does: a key that is kept in memory alone stays. */
export const open = (page: Page, path: string): Promise<unknown> =>
  page.evaluate(
    `history.pushState(null, '', ${JSON.stringify(path)}); dispatchEvent(new PopStateEvent('popstate'))`,
  );

/** Nothing went wrong on the page. */
export const expectNothingWrong = ({ wrong }: Visit): void => expect(wrong).toEqual([]);

/** Prints why tests are skipped, once a file. */
export const skippedWithoutBrowser = (): boolean => {
  if (CHROMIUM) return false;
  console.log('skipped: there is no Chromium here (Debian: apt-get install chromium)');
  return true;
};
