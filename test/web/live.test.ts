/**
 * Live pages: a fact of another client is on the page by itself; where the stream is cut the page says since when it may
 * be stale, goes on by itself, and misses nothing.
 */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import { ADMIN } from '../support/api.ts';
import { yuan } from './account-figures.ts';
import { expectNothingWrong, skippedWithoutBrowser, useBrowser } from './browser.ts';
import { useDemonstration } from './demonstration.ts';

/** A way to the server that can be cut, and mended at the same address. */
const cuttable = async (to: number) => {
  const open = new Set<Socket>();
  let server: Server | null = null;
  let port = 0;
  const mend = async (): Promise<void> => {
    const made = createServer((near) => {
      const far = connect(to, '127.0.0.1');
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        open.add(one);
        one
          .on('error', () => undefined)
          .on('close', () => {
            open.delete(one);
            other.destroy();
          });
        one.pipe(other);
      }
    });
    await new Promise<void>((resolve) => made.listen(port, '127.0.0.1', resolve));
    const address = made.address();
    port = typeof address === 'object' && address ? address.port : 0;
    server = made;
  };
  const cut = async (): Promise<void> => {
    const closed = new Promise((resolve) => server?.close(resolve) ?? resolve(null));
    for (const socket of open) socket.destroy();
    await closed;
    server = null;
  };
  await mend();
  return { base: `http://127.0.0.1:${port}`, cut, mend };
};

describe.skipIf(skippedWithoutBrowser())('live', () => {
  const api = useDemonstration();
  const visit = useBrowser();
  const ends: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const end of ends) await end();
  });
  const get = async (path: string) => (await api().ok('GET', path)).body;
  const deposit = (reference: string) =>
    api().ok('POST', '/accounts/demo-03/deposits', { amount: '1234.56', reference });

  test('a deposit by another client is on every part of the page without a reload', async () => {
    const shown = await visit(api().base, '/accounts/demo-03', { key: ADMIN });
    const cards = shown.page.locator('main dl').first();
    const before = (await get('/accounts/demo-03')).balance.total;
    await cards.getByText(yuan(before)).first().waitFor();
    await deposit('web-1');
    const after = (await get('/accounts/demo-03')).balance.total;
    await cards.getByText(yuan(after)).first().waitFor();
    await shown.page.getByRole('link', { name: 'Events', exact: true }).click();
    await shown.page.getByText('"reference":"web-1"').waitFor();
    await deposit('web-2');
    await shown.page.getByText('"reference":"web-2"').waitFor();
    expectNothingWrong(shown);
  });

  test('a stream that is cut is told, goes on by itself, and nothing is missing', {
    timeout: 120_000,
  }, async () => {
    const way = await cuttable(Number(new URL(api().base).port));
    ends.push(way.cut);
    const shown = await visit(way.base, '/accounts/demo-03/events', { key: ADMIN });
    const { page } = shown;
    const stale = page.locator('[role=status]').getByText('may be out of date');
    await deposit('before');
    await page.getByText('"reference":"before"').waitFor();
    await way.cut();
    for (const reference of ['cut-1', 'cut-2', 'cut-3']) await deposit(reference);
    await stale.waitFor({ timeout: 60_000 });
    expect(await page.getByText('"reference":"cut-1"').count()).toBe(0);
    await way.mend();
    for (const reference of ['cut-1', 'cut-2', 'cut-3'])
      await page.getByText(`"reference":"${reference}"`).waitFor({ timeout: 60_000 });
    await stale.waitFor({ state: 'detached', timeout: 60_000 });
    await deposit('after');
    await page.getByText('"reference":"after"').waitFor({ timeout: 60_000 });
    const { items } = await get('/accounts/demo-03/events?order=newest&limit=50');
    const revisions = () => page.locator('main tbody tr td:first-child').allInnerTexts();
    await expect.poll(revisions).toEqual(items.map(({ revision }: { revision: number }) => String(revision)));
    // The browser itself logs every connection that was refused.
    expect(shown.wrong.filter((line) => !/ERR_|Failed to (load|fetch)/.test(line))).toEqual([]);
  });
});
