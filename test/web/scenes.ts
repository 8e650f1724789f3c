/**
 * Every page of the dashboard at an address where there is something to see on the demonstration, and what happens on it
 * before that: for the screenshots, and for what is looked for on every page.
 */
import { type RequestsTo, usage } from '../support/api.ts';

type Viewer = 'operator' | 'customer' | 'nobody';

export interface Scene {
  /** Of its screenshots. */
  readonly name: string;
  /** As in `web/src/app/pages.ts`. */
  readonly page: string;
  readonly path: string;
  readonly by: Viewer;
  /** A page that customers see is made for phones too; one of the operator's for tablets. */
  readonly narrow: 'phone' | 'tablet';
  /** The audit bundle of a bill that is dropped on the page: the path of its API. */
  readonly drops?: string;
}

const OWN = 'demo-01';
const BILL = `/accounts/${OWN}/bills/2019-02`;
const operators = (name: string, page: string, path = page): Scene => ({
  ...{ name, page, path, by: 'operator', narrow: 'tablet' },
});
const shared = (name: string, page: string, path = page): Scene => ({
  ...operators(name, page, path),
  narrow: 'phone',
});
const customers = (name: string, page: string, path = page): Scene => ({
  ...shared(name, page, path),
  by: 'customer',
});
const anybodys = (name: string, page: string, path = page): Scene => ({
  ...shared(name, page, path),
  by: 'nobody',
});
const account = (section: string): Scene =>
  customers(`account-${section}`, '/accounts/:account/:section?', `/accounts/${OWN}/${section}`);

export const SCENES: readonly Scene[] = [
  anybodys('sign-in', '/'),
  operators('inbox', '/inbox'),
  operators('overview', '/overview'),
  operators('refused-usage', '/refused-usage/:account?', '/refused-usage/demo-04'),
  shared('accounts', '/accounts'),
  customers('account', '/accounts/:account/:section?', `/accounts/${OWN}`),
  ...['usage', 'packs', 'bills', 'notices', 'events'].map(account),
  customers('bill', '/accounts/:account/bills/:month', BILL),
  customers(
    'bill-why',
    '/accounts/:account/bills/:month',
    `${BILL}?line=face-recognition%2Fcompare&part=payers`,
  ),
  shared('disputes', '/disputes', '/disputes?state=all'),
  shared('dispute', '/disputes/:dispute', `/disputes/${OWN}:1`),
  operators('finance', '/finance'),
  operators('finance-month', '/finance/:month', '/finance/2019-02'),
  operators('finance-accounts', '/finance/:month/:kind', '/finance/2019-02/bills'),
  operators('finance-packs', '/finance/packs', '/finance/packs?pool=face-recognition%2Fcompare'),
  shared('price-books', '/price-books'),
  shared('price-book', '/price-books/:product/:edition', '/price-books/ocr/2020-01'),
  operators('price-book-draft', '/price-books/draft'),
  operators('settings', '/settings'),
  anybodys('verify', '/verify'),
  { ...anybodys('verify-bundle', '/verify'), drops: `${BILL}/bundle` },
];

/** What a day brings: refused usage, a prohibition, disputes, keys and a webhook. Gives the keys of the viewers. */
export const happenings = async (
  api: RequestsTo,
): Promise<{ readonly customer: string; readonly operator: string }> => {
  const at = { subject: 'demo-04', time: '2020-03-05T08:30:00+08:00' };
  const refused = ['ocr/pasport', 'ocr/pasport', 'ocr/menu'].map((name, i) =>
    usage(`refused-${i}`, { ...at, data: { interface: name, calls: 12 } }),
  );
  const own = (name: string, calls: number) =>
    usage(`own-${name}`, { ...at, subject: OWN, data: { interface: `face-recognition/${name}`, calls } });
  await api.ok('POST', `/accounts/${OWN}/packs`, { pool: 'face-recognition/compare', size: 1_000_000 });
  await api.ok('POST', '/usage', [
    own('compare', 412_500),
    own('search', 2_750_000),
    own('person-create', 900),
  ]);
  const accepted = usage('today', { ...at, data: { interface: 'ocr/id-card', calls: 1_850 } });
  await api.ok('POST', '/usage', [...refused, accepted, usage('nobody', { ...at, subject: 'demo-99' })]);
  await api.ok('POST', '/accounts/demo-07/suspensions', { reason: 'prohibited', note: 'reported content' });
  const dispute = { meter: 'face-recognition/compare', reason: 'our own log has fewer calls' };
  await api.ok('POST', `${BILL}/disputes`, dispute);
  await api.ok('POST', '/accounts/demo-02/bills/2020-01/disputes', { reason: 'the tier is not ours' });
  const upheld = { outcome: 'upheld', note: 'the quantity reaches the second tier' };
  await api.ok('POST', '/disputes/demo-02:1/resolution', upheld);
  await api.ok('POST', '/keys', { name: 'gateway 1', scopes: ['meter'] });
  await api.ok('POST', '/webhooks', { url: 'https://example.com/hooks', types: ['bill.issued'] });
  const bound = { name: 'Example', scopes: ['read'], accounts: [OWN] };
  const { secret: customer } = (await api.ok('POST', '/keys', bound)).body;
  const { secret: operator } = (await api.ok('POST', '/keys', { name: 'operator', scopes: ['admin'] })).body;
  return { customer, operator };
};

export interface Shot {
  readonly file: string;
  readonly language: 'zh' | 'en';
  readonly theme: 'light' | 'dark';
  readonly width: number;
}

const WIDE = 1280;
const NARROW = { phone: 390, tablet: 820 } as const;

/** The screenshots of a scene, in `docs/screenshots`. */
export const shotsOf = ({ name, narrow }: Scene): Shot[] =>
  (['en', 'zh'] as const).flatMap((language) =>
    (['light', 'dark'] as const).flatMap((theme) =>
      [WIDE, NARROW[narrow]].map((width) => ({
        ...{ file: `${name}.${language}.${theme}.${width}.png`, language, theme, width },
      })),
    ),
  );
