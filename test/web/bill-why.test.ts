/** What made a bill's numbers, its replay, its files and its disputes: from the bill down to a record, and to the end. */
import { readFileSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import { describe, expect, test } from 'vitest';
import type { Bill, Dispute, ExplainedRecord } from '../../client/suanpan.ts';
import { ADMIN, type ServedApi } from '../support/api.ts';
import { pairs } from '../support/proof.ts';
import { expectNothingWrong, PHONE, skippedWithoutBrowser, useBrowser } from './browser.ts';
import { useDemonstration } from './demonstration.ts';

const ACCOUNT = 'demo-01';
const LINE = 'face-recognition/compare';
const BILL = `/accounts/${ACCOUNT}/bills/2019-01`;

const recordsOf = async (api: ServedApi, day: string): Promise<ExplainedRecord[]> =>
  (await api.ok('GET', `${BILL}/explain/records?meter=${encodeURIComponent(LINE)}&day=${day}`)).body.items;

describe.skipIf(skippedWithoutBrowser())('what made a bill', () => {
  const api = useDemonstration();
  const visit = useBrowser();

  test('a number leads to its line, a day and one record; its address shows the same again', async () => {
    const { body: explained } = await api().ok('GET', `${BILL}/explain?meter=${encodeURIComponent(LINE)}`);
    const [line] = explained.lines;
    const shown = await visit(api().base, BILL, { key: ADMIN });
    const { page } = shown;
    const why = page.getByRole('region', { name: 'Why' });
    await page.locator(`[data-meter="${LINE}"]`).getByRole('link').last().click();
    await why.getByRole('heading', { name: 'Face comparison' }).waitFor();
    for (const held of line.held) await why.getByRole('cell', { name: held.pack }).waitFor();
    await why.getByText('Paid, number 1 in the order of deduction').waitFor();
    const quantity = line.tier.quantity.toLocaleString('en-US');
    await why.getByText(`The quantity that chooses the tier is ${quantity}.`).waitFor();
    const [day] = line.days;
    await why.getByRole('link', { name: day.day, exact: true }).click();
    const records = await recordsOf(api(), day.day);
    const [record] = records as [ExplainedRecord];
    await why.getByRole('link', { name: record.id }).click();
    const one = why.getByRole('region', { name: 'One record' });
    await one.getByText(record.source).waitFor();
    const chosen = new URL(page.url());
    expect(Object.fromEntries(chosen.searchParams)).toEqual({
      line: LINE,
      part: 'records',
      day: day.day,
      record: `${record.event}.${record.index}`,
    });
    await one.getByRole('link', { name: String(record.event) }).click();
    await why.getByText('CallsMetered').waitFor();
    expectNothingWrong(shown);
    const again = await visit(api().base, `${chosen.pathname}${chosen.search}`, {
      key: ADMIN,
      language: 'zh',
      size: PHONE,
    });
    await again.page.getByRole('region', { name: '单条记录' }).getByText(record.id).waitFor();
    expectNothingWrong(again);
  });

  test('corrections and the months they are of are linked both ways', async () => {
    const { body: bills } = await api().ok('GET', `/accounts/${ACCOUNT}/bills`);
    const later = bills.items.find(({ corrects }: { corrects: string[] }) => corrects.includes('2019-01'));
    const { body: bill }: { body: Bill } = await api().ok('GET', `/accounts/${ACCOUNT}/bills/${later.month}`);
    const [correction] = bill.corrections;
    const shown = await visit(api().base, BILL, { key: ADMIN, language: 'zh' });
    const { page } = shown;
    await page.getByText('本月已被以下账单更正').getByRole('link').first().click();
    await page.getByText(bill.digest).waitFor();
    await page.locator(`[data-correction="2019-01/${correction?.meter}"]`).getByRole('link').last().click();
    const why = page.getByRole('region', { name: '依据' });
    await why.getByText('差额,计入本账单').waitFor();
    await why.getByRole('link', { name: '该月账单' }).click();
    await page.waitForURL(
      (url) => url.pathname === BILL && url.searchParams.get('line') === correction?.meter,
    );
    expectNothingWrong(shown);
  });

  test('a replay shows both digests and every line; the files are those of the API', async () => {
    const { body: replay } = await api().ok('GET', `${BILL}/replay`);
    const shown = await visit(api().base, `${BILL}?view=replay`, { key: ADMIN });
    const { page } = shown;
    await page.getByText('The replayed bill is the issued one, byte for byte.').waitFor();
    const pane = page.getByRole('region', { name: 'Why' });
    expect(await pane.getByText(replay.issued).count()).toBe(2);
    expect(await pane.getByRole('region', { name: 'Replay' }).locator('tbody tr').count()).toBe(
      replay.lines.length,
    );
    const saved = async (button: string): Promise<string> => {
      const waiting = page.waitForEvent('download');
      await page.getByRole('button', { name: button }).click();
      return readFileSync(await (await waiting).path(), 'utf8');
    };
    const bundle = await saved('Audit bundle');
    expect(bundle).toBe((await api().ok('GET', `${BILL}/bundle`)).body);
    const { body: csv } = await api().ok('GET', `/accounts/${ACCOUNT}/exports/bills.csv?month=2019-01`);
    expect(await saved('Bill as CSV')).toBe(csv.startsWith('\ufeff') ? csv : `\ufeff${csv}`);
    expect(await saved('Statement of the month')).toContain('deposit');
    await page.reload();
    await page.locator('input[type=password]').fill(ADMIN);
    await page.locator('button[type=submit]').click();
    const { body } = await api().ok('GET', `${BILL}/checkpoint`);
    await page.getByText(body.checkpoint.root).waitFor();
    expectNothingWrong(shown);
  });

  test('a dispute is tried, opened, listed, and resolved by a credit', async () => {
    const shown = await visit(api().base, BILL, { key: ADMIN });
    const { page } = shown;
    await page.getByRole('button', { name: 'Open a dispute' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('What is disputed').selectOption(LINE);
    await dialog.getByLabel('Reason of the dispute').fill('our own log has <b>fewer</b> calls');
    await dialog.getByRole('button', { name: 'Dry run' }).click();
    await dialog.getByText(`${ACCOUNT}:1`, { exact: true }).waitFor();
    await dialog.getByText('A dispute cannot be taken back.').waitFor();
    const listed = async (): Promise<Dispute[]> => (await api().ok('GET', '/disputes')).body.items;
    expect(await listed()).toEqual([]);
    await dialog.getByRole('button', { name: 'Open a dispute' }).click();
    await dialog.getByRole('link', { name: `${ACCOUNT}:1` }).click();
    await page.getByRole('heading', { name: `Dispute ${ACCOUNT}:1` }).waitFor();
    expect(await listed()).toMatchObject([{ meter: LINE, state: 'open' }]);
    await page.getByRole('link', { name: 'All disputes' }).click();
    await page.getByRole('link', { name: `${ACCOUNT}:1` }).click();
    await page.getByRole('button', { name: 'Resolve' }).click();
    await dialog.getByLabel('Outcome').selectOption('adjusted');
    await dialog.getByLabel('Note').fill('goodwill');
    await dialog.getByLabel('Credit, in yuan').fill('1.234');
    await dialog.getByRole('button', { name: 'Dry run' }).click();
    await dialog.getByRole('alert').getByText('amount').waitFor();
    await dialog.getByLabel('Credit, in yuan').fill('12.00');
    await dialog.getByRole('button', { name: 'Dry run' }).click();
    await dialog.getByText(`dispute-${ACCOUNT}:1`, { exact: true }).waitFor();
    await dialog.getByText('A resolution cannot be taken back').waitFor();
    expect(await listed()).toMatchObject([{ state: 'open' }]);
    await dialog.getByRole('button', { name: 'Resolve', exact: true }).click();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('heading', { name: 'Resolved: Adjusted' }).waitFor();
    expect(await listed()).toMatchObject([{ state: 'adjusted', resolved: { note: 'goodwill' } }]);
    // The refused dry run is logged by the browser itself.
    expect(shown.wrong.filter((line) => !line.includes('422') && !line.includes('400'))).toEqual([]);
  });

  const line = encodeURIComponent(LINE);
  const chosen = ['view=replay', `line=${line}&part=records&event=8`];
  const paths = [...chosen.map((one) => `${BILL}?${one}`), '/disputes?state=all', `/disputes/${ACCOUNT}:1`];
  const themed = pairs('pages of a bill under axe, by theme', ['light', 'dark'] as const, paths);
  test.each(['light', 'dark'] as const)('nothing is found by axe in the %s theme', async (theme) => {
    const shown = await visit(api().base, '/accounts', { key: ADMIN, theme });
    for (const [, path] of themed.filter(([under]) => under === theme)) {
      await shown.page.evaluate(`history.pushState(null, '', ${JSON.stringify(path)})`);
      await shown.page.locator('main h1').waitFor();
      await expect.poll(() => shown.page.locator('[aria-busy=true]').count()).toBe(0);
      const { violations } = await new AxeBuilder({ page: shown.page }).analyze();
      expect(violations.map(({ id, nodes }) => [path, id, nodes.map(({ html }) => html)])).toEqual([]);
    }
    expectNothingWrong(shown);
  });

  test('a customer sees and follows the own disputes, and is offered none to open', async () => {
    const { body: key } = await api().ok('POST', '/keys', {
      name: 'customer',
      scopes: ['read'],
      accounts: [ACCOUNT],
    });
    const shown = await visit(api().base, '/disputes?state=all', {
      key: key.secret,
      language: 'zh',
      size: PHONE,
    });
    const { page } = shown;
    await page.getByRole('link', { name: `${ACCOUNT}:1` }).click();
    await page.getByRole('heading', { name: '解决: 已调整' }).waitFor();
    await page.getByRole('link', { name: '2019年1月' }).click();
    await page.getByRole('heading', { name: '2019年1月账单' }).waitFor();
    await page.getByRole('link', { name: '证明与下载' }).click();
    await page.getByRole('heading', { name: '争议' }).waitFor();
    expect(await page.getByRole('button', { name: '提出争议' }).count()).toBe(0);
    const [wide, screen] = await page.evaluate<[number, number]>(
      '[document.documentElement.scrollWidth, innerWidth]',
    );
    expect(wide).toBeLessThanOrEqual(screen);
    expectNothingWrong(shown);
  });
});
