/** A bill on the page and on paper: its figures are those of the API. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { Bill } from '../../client/suanpan.ts';
import { ADMIN, type ServedApi } from '../support/api.ts';
import { runs, spread } from '../support/proof.ts';
import { expectNothingWrong, skippedWithoutBrowser, useBrowser } from './browser.ts';
import { useDemonstration } from './demonstration.ts';

const PDFTOTEXT = '/usr/bin/pdftotext';

const billsOf = async (api: ServedApi): Promise<Bill[]> => {
  const bills: Bill[] = [];
  for (const { account } of (await api.ok('GET', '/accounts')).body.items)
    for (const { month } of (await api.ok('GET', `/accounts/${account}/bills`)).body.items)
      bills.push((await api.ok('GET', `/accounts/${account}/bills/${month}`)).body);
  return bills;
};

/** To another address without loading the page again, which would forget the key. */
const go = (page: Page, path: string): Promise<void> =>
  page.evaluate(`history.pushState(null, '', ${JSON.stringify(path)})`);

/** `−¥1,234.50` as the API has it. */
const plain = (text: string): string => text.replaceAll(/[¥,]/g, '').replaceAll('−', '-');

interface Shown {
  readonly lines: readonly (readonly string[])[];
  readonly corrections: readonly (readonly string[])[];
  readonly sums: Readonly<Record<string, string>>;
}

/** The name in an attribute, and the texts of the cells, of each of some rows. */
const rowsOf = (page: Page, attribute: string): Promise<string[][]> =>
  page
    .locator(`article [${attribute}]`)
    .evaluateAll(
      (rows, name) =>
        rows.map((row) => [
          row.getAttribute(name) ?? '',
          ...[...(row.querySelector('tr') ?? row).querySelectorAll('td')].map((cell) =>
            (cell.textContent ?? '').trim(),
          ),
        ]),
      attribute,
    );

const shownOn = async (page: Page): Promise<Shown> => ({
  lines: await rowsOf(page, 'data-meter'),
  corrections: (await rowsOf(page, 'data-correction')).map((row) => [row[0] ?? '', ...row.slice(-2)]),
  sums: Object.fromEntries((await rowsOf(page, 'data-sum')).map(([name, amount]) => [name, amount ?? ''])),
});

const figuresOf = (bill: Bill): Shown => ({
  lines: bill.lines.map(({ meter, metered, free, packs, postPaid, amount }) => [
    meter,
    ...[metered, free, packs, postPaid, amount].map(String),
  ]),
  corrections: bill.corrections.map(({ month, meter, calls, amount }) => [
    `${month}/${meter}`,
    String(calls),
    amount,
  ]),
  sums: {
    due: String(bill.due),
    packs: bill.packsTotal,
    total: String(bill.total),
    unfrozen: bill.unfrozen,
    frozen: String(bill.frozen.total),
  },
});

const plainly = ({ lines, corrections, sums }: Shown): Shown => ({
  lines: lines.map((row) => row.map((text, i) => (i === 0 ? text : plain(text)))),
  corrections: corrections.map((row) => row.map((text, i) => (i === 0 ? text : plain(text)))),
  sums: Object.fromEntries(Object.entries(sums).map(([name, text]) => [name, plain(text)])),
});

describe.skipIf(skippedWithoutBrowser())('a bill', () => {
  const api = useDemonstration();
  const visit = useBrowser();

  test('every figure of the bills of the demonstration is the API’s', { timeout: 300_000 }, async () => {
    const bills = await billsOf(api());
    expect(bills.some(({ lines }) => lines.some(({ packs, postPaid }) => packs > 0 && postPaid > 0))).toBe(
      true,
    );
    const shown = await visit(api().base, '/accounts', { key: ADMIN });
    for (const bill of spread(bills, runs('bills on their page', 24, bills.length))) {
      await go(shown.page, `/accounts/${bill.account}/bills/${bill.month}`);
      await shown.page.getByText(bill.digest).waitFor();
      expect(plainly(await shownOn(shown.page)), `${bill.account} ${bill.month}`).toEqual(figuresOf(bill));
    }
    expectNothingWrong(shown);
  });

  const isReadable = existsSync(PDFTOTEXT);
  if (!isReadable) console.log('skipped: a printed bill is not read (Debian: apt-get install poppler-utils)');

  test.skipIf(!isReadable)('prints on A4, in both languages, with every amount and formula', async () => {
    const bills = await billsOf(api());
    const long = bills.toSorted((a, b) => b.corrections.length - a.corrections.length)[0] as Bill;
    for (const language of ['zh', 'en'] as const) {
      const shown = await visit(api().base, `/accounts/${long.account}/bills/${long.month}`, {
        key: ADMIN,
        language,
        theme: 'dark',
      });
      await shown.page.getByText(long.digest).waitFor();
      await shown.page.locator('article li').first().waitFor();
      const pdf = await shown.page.pdf({ preferCSSPageSize: true });
      const { text, size } = readPdf(pdf);
      expect(size).toMatch(/A4/);
      for (const line of long.lines) {
        expect(text).toContain(line.name[language]);
        expect(text).toContain(line.meter);
        expect(plain(text)).toContain(line.formula.replaceAll('−', '-'));
        expect(plain(text)).toContain(String(line.amount));
      }
      for (const { amount } of long.corrections) expect(plain(text)).toContain(amount);
      for (const sum of Object.values(figuresOf(long).sums)) expect(plain(text)).toContain(sum);
      expect(text).toContain(long.digest);
      // What belongs to the page and not to the bill is not printed.
      expect(text).not.toContain(language === 'zh' ? '退出登录' : 'Sign out');
      expectNothingWrong(shown);
    }
  });
});

const readPdf = (pdf: Buffer): { text: string; size: string } => {
  const folder = mkdtempSync(join(tmpdir(), 'suanpan-pdf-'));
  try {
    const file = join(folder, 'bill.pdf');
    writeFileSync(file, pdf);
    const text = execFileSync(PDFTOTEXT, ['-raw', file, '-'], { encoding: 'utf8' });
    return { text, size: execFileSync('/usr/bin/pdfinfo', [file], { encoding: 'utf8' }) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
