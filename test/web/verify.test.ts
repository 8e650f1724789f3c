/** Verifying in the browser: for anybody, without a connection, and nothing is sent; a changed file is told, and where. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { expectNothingWrong, skippedWithoutBrowser, useBrowser } from './browser.ts';
import { useDemonstration } from './demonstration.ts';

/** Changes of a bundle: a digit, a letter or a line somewhere, each in a part of its own. */
const CHANGES: Readonly<Record<string, (text: string) => string>> = {
  'the due of the bill': (text) => text.replace('"due":"', '"due":"1'),
  'the month it is about': (text) => text.replace('"month":"2020-01"', '"month":"2020-02"'),
  'the account it is about': (text) => text.replace('"account":"demo-02"', '"account":"demo-03"'),
  'the price of a book': (text) => text.replace('\\"unitPrice\\":\\"0.', '\\"unitPrice\\":\\"1.'),
  'the calls of a record': (text) => text.replace(/(\n\[\d+,"[^"]+",\d+,\d+,)(\d)/, '$19$2'),
  'an event that is left out': (text) => text.replace(/\n[^\n]*BillSettled[^\n]*/, ''),
  'a line twice': (text) => text.replace(/\n(\[\d+,"[^\n]*)/, '\n$1\n$1'),
  'the time of the checkpoint': (text) => text.replace(/time \d/, 'time 9'),
  'the digest of the bill': (text) => text.replace(/"digest":"[0-9a-f]{4}/, '"digest":"0000'),
  'the end of the file': (text) => text.slice(0, -200),
};

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
    page.on('request', (request) => asked.push(request.url()));
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
    for (const { amount } of bill.lines)
      expect(said).toContain(`¥${amount.replace(/\B(?=(\d{3})+\.)/g, ',')}`);
    for (const [what, change] of Object.entries(CHANGES)) {
      const changed = change(bundle);
      expect(changed, what).not.toBe(bundle);
      expect(await verify(changed), what).toMatch(/^Not verified[\s\S]*(What differs|not an audit bundle)/);
    }
    expect(await verify('{"no":"bundle"}\n')).toMatch(/^Not verified[\s\S]*not an audit bundle/);
    expect(asked).toEqual([]);
    expectNothingWrong(shown);
  });
});
