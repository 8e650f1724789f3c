/** The accounts of the demonstration and what they do; every rule of the ledger occurs at least once. */
import type { CommandName } from '../input/commands.ts';

/** A command of the demonstration, at a local time in Shanghai. */
export interface Step {
  readonly at: string;
  readonly name: CommandName;
  readonly body: object;
}

export interface Character {
  readonly products: readonly string[];
  /** The interfaces called, with the maximum calls per record, which decides the tier. */
  readonly calls: readonly { readonly interface: string; readonly most: number; readonly images?: true }[];
  readonly deposit: string;
  readonly steps: readonly Step[];
}

const face = (name: string, most: number) => ({ interface: `face-recognition/${name}`, most });
const body = (name: string, most: number) => ({ interface: `body-analysis/${name}`, most });
const ocr = (name: string, most: number) => ({ interface: `ocr/${name}`, most });
const image = (name: string, most: number) => ({ interface: `image-analysis/${name}`, most });
const step = (at: string, name: CommandName, more: object): Step => ({ at: `${at}+08:00`, name, body: more });
const buy = (at: string, pool: string, size: number, quantity = 1) =>
  step(at, 'buy-packs', { pool, size, quantity });

const contract = (tierBy: string, price: string) => ({
  mode: 'volume',
  tierBy,
  bounds: 'upper',
  per: 1,
  tiers: [{ above: 0, upTo: null, unitPrice: price }],
});

/** Ten patterns of behaviour, assigned to accounts in turn. */
export const CHARACTERS: readonly [Character, ...Character[]] = [
  {
    // A pack for a year, exhausted; more packs; one left to expire.
    products: ['face-recognition'],
    calls: [
      face('compare', 1_600),
      face('search', 900),
      face('person-create', 40),
      face('person-management-other', 5),
    ],
    deposit: '500000',
    steps: [
      buy('2019-01-20T10:00:00', 'face-recognition/compare', 1_000_000, 2),
      buy('2019-02-28T23:59:59', 'face-recognition/search', 10_000_000),
    ],
  },
  {
    // Post-paid only, reaching the second tier; a freeze that fails and suspends until money comes.
    products: ['face-recognition'],
    calls: [face('landmarks', 3_400), face('multi-search', 200)],
    deposit: '9000',
    steps: [
      step('2019-03-05T12:00:00', 'deposit', { amount: '8000', reference: 'wire-2' }),
      step('2019-05-03T12:00:00', 'deposit', { amount: '300000', reference: 'wire-3' }),
    ],
  },
  {
    // Arrears: the account stops and goes on with a deposit.
    products: ['body-analysis'],
    calls: [
      body('segmentation', 30),
      body('attributes', 60),
      body('keypoints', 20),
      body('library-other', 3),
    ],
    deposit: '100',
    steps: [
      step('2019-04-09T09:00:00', 'deposit', { amount: '20', reference: 'wire-2' }),
      step('2019-06-09T09:00:00', 'deposit', { amount: '90000', reference: 'wire-3' }),
      buy('2019-06-10T09:00:00', 'body-analysis/detection', 10_000, 3),
    ],
  },
  {
    // Both OCR editions; a shared pack that lives through the change; vouchers in the first.
    products: ['ocr'],
    calls: [ocr('driver-license', 12), ocr('vehicle-license', 9), ocr('id-card', 30), ocr('vat-invoice', 4)],
    deposit: '80000',
    steps: [
      buy('2019-06-15T08:30:00', 'ocr/vehicle-and-driver-license', 10_000),
      buy('2020-01-10T08:30:00', 'ocr/driver-license', 1_000, 2),
    ],
  },
  {
    // Image analysis: none free in the first month; the beta interfaces wait for a price from December on.
    products: ['image-analysis'],
    calls: [image('image-tag-legacy', 700), image('content-moderation', 20), image('vehicle-recognition', 6)],
    deposit: '60000',
    steps: [
      buy('2019-03-01T00:00:00', 'image-analysis/image-analysis', 1_000_000),
      step('2020-01-20T11:00:00', 'agree-price', {
        meter: 'image-analysis/content-moderation',
        from: '2019-12',
        ladder: contract('post_paid', '0.0015'),
      }),
      step('2020-01-20T11:05:00', 'agree-price', {
        meter: 'image-analysis/vehicle-recognition',
        from: '2019-12',
        until: '2020-03',
        ladder: contract('post_paid', '0.002'),
      }),
    ],
  },
  {
    // A pack bought by mistake, credited and void; a contract price agreed for months already closed.
    products: ['face-recognition', 'ocr'],
    calls: [face('detect', 2_500), face('verify', 300), ocr('bank-card', 25)],
    deposit: '150000',
    steps: [
      buy('2019-02-11T15:00:00', 'face-recognition/landmarks', 1_000_000),
      step('2019-02-12T15:00:00', 'credit', {
        amount: '1900',
        reference: 'credit-1',
        reason: 'pack bought by mistake',
        pack: 'pack-000001',
      }),
      step('2019-07-15T10:00:00', 'agree-price', {
        meter: 'face-recognition/detect',
        from: '2019-04',
        until: '2020-01',
        ladder: contract('post_paid', '0.00025'),
      }),
    ],
  },
  {
    // Stopped by the operator for two weeks; its calls then are refused.
    products: ['body-analysis', 'ocr'],
    calls: [body('search', 90), ocr('general-handwriting', 15)],
    deposit: '40000',
    steps: [
      step('2019-08-05T00:00:00', 'suspend', { reason: 'prohibited', note: 'reported content' }),
      step('2019-08-19T00:00:00', 'lift-suspension', { reason: 'prohibited' }),
    ],
  },
  {
    // Recognised images of the old API, and everything on one account.
    products: ['face-recognition', 'body-analysis', 'ocr', 'image-analysis'],
    calls: [
      ocr('general-print', 20),
      face('liveness', 400),
      body('person-create', 9),
      image('image-tag-legacy', 90),
    ],
    deposit: '120000',
    steps: [buy('2019-05-31T23:00:00', 'ocr/general-print', 1_000, 4)],
  },
  {
    // From 2020: recognised images (API 2017), and a leap day's pack.
    products: ['ocr'],
    calls: [ocr('general-print', 14), ocr('license-plate', 8)],
    deposit: '30000',
    steps: [buy('2020-02-29T12:00:00', 'ocr/license-plate', 1_000)],
  },
  {
    // Too little money for a pack: refused; then the smaller one.
    products: ['face-recognition'],
    calls: [face('compare', 260)],
    deposit: '3200',
    steps: [
      buy('2019-01-25T10:00:00', 'face-recognition/compare', 10_000_000),
      buy('2019-01-25T10:01:00', 'face-recognition/compare', 1_000_000),
      step('2019-04-15T10:00:00', 'deposit', { amount: '50000', reference: 'wire-2' }),
    ],
  },
];
