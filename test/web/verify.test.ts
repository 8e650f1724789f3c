/** Verifying in the browser: for anybody, without a connection, and nothing is sent; a changed file is told, and where. */
import { createHash } from 'node:crypto';
import { AxeBuilder } from '@axe-core/playwright';
import { describe, expect, test } from 'vitest';
import { expectNothingWrong, skippedWithoutBrowser, useBrowser } from './browser.ts';
import { useDemonstration } from './demonstration.ts';
import { CHANGES } from './tampered-bundles.ts';

const yuan = (amount: string): string => `¥${amount.replace(/\B(?=(\d{3})+\.)/g, ',')}`;

describe.skipIf(skippedWithoutBrowser())('the page that verifies', () => {
  const api = useDemonstration();
  const visit = useBrowser();

  test('a bundle holds without a key and offline, and its bill is shown; each changed one does not', async () => {
    await api().ok('POST', '/checkpoints', {});
    const bill = (await api().ok('GET', '/accounts/demo-02/bills/2020-01')).body;
    const bundle = String((await api().ok('GET', '/accounts/demo-02/bills/2020-01/bundle')).body);
    const { items } = (await api().ok('GET', '/signing-keys')).body;
    const keys = items.map(({ key }: { key: string }) => key).join('\n');
    const shown = await visit(api().base, '/verify');
    const { page, context } = shown;
    await page.getByLabel('Audit bundle').waitFor();
    const asked: string[] = [];
    page.on('request', (request) => {
      // At each new address of the page the browser itself asks for the icon again.
      if (!request.url().endsWith('/icon.svg')) asked.push(request.url());
    });
    await context.setOffline(true);
    const verify = async (text: string): Promise<string> => {
      const name = `${createHash('sha256').update(text).digest('hex').slice(0, 12)}.suanpan`;
      await page
        .getByLabel('Audit bundle')
        .setInputFiles({ name, mimeType: 'application/x-ndjson', buffer: Buffer.from(text) });
      await page.getByText(name).waitFor();
      await expect.poll(() => page.getByText('Checking…').count()).toBe(0);
      return page.locator('[aria-live=polite]').innerText();
    };
    await page.getByLabel('Verifier keys you hold').fill(keys);
    const said = await verify(bundle);
    expect(said).toMatch(/^Verified/);
    expect(said).toContain('The key is one you hold');
    expect(said).toContain(bill.digest);
    for (const { amount } of bill.lines) expect(said).toContain(yuan(amount));
    // The bill's panes, from the file alone: names from its books, a line, its days, one record, and the event.
    const line = bill.lines.find(({ postPaid }: { postPaid: number }) => postPaid > 0);
    await page
      .locator('article')
      .getByRole('link', { name: yuan(line.amount) })
      .first()
      .click();
    const why = page.getByRole('region', { name: 'Why', exact: true });
    await why.getByRole('heading', { name: 'Who paid' }).waitFor();
    await why
      .getByRole('link', { name: /^2020-01-/ })
      .first()
      .click();
    await why.locator('tbody a[href*=record]').first().click();
    await why.getByLabel('One record').getByRole('link').click();
    await why.getByRole('heading', { name: /^Event/ }).waitFor();
    expect(await page.locator('a[href^="/price-books"], a[href^="/accounts"]').count()).toBe(0);
    for (const [what, change] of Object.entries(CHANGES)) {
      const changed = change(bundle);
      expect(changed, what).not.toBe(bundle);
      expect(await verify(changed), what).toMatch(/^Not verified[\s\S]*(What differs|not an audit bundle)/);
    }
    expect(await verify('{"no":"bundle"}\n')).toMatch(/^Not verified[\s\S]*not an audit bundle/);
    expect(asked).toEqual([]);
    expectNothingWrong(shown);
  });

  test.each(['light', 'dark'] as const)('nothing is found by axe in the %s theme', async (theme) => {
    const bundle = String((await api().ok('GET', '/accounts/demo-02/bills/2020-01/bundle')).body);
    const shown = await visit(api().base, '/verify', { theme, language: theme === 'dark' ? 'zh' : 'en' });
    const { page } = shown;
    const change = CHANGES['the calls of a record'] ?? String;
    for (const text of [bundle, change(bundle)]) {
      const buffer = Buffer.from(text);
      await page.locator('input[type=file]').setInputFiles({ name: 'a', mimeType: 'text/plain', buffer });
      await page.locator('article').waitFor();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    }
    expectNothingWrong(shown);
  });
});
