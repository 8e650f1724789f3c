/** `suanpan price-book init`, `lint` and `diff`: to begin a book, to see all that is wrong in it, and what a change does. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkPriceBook } from '../../src/package/price-book.ts';
import { ROOT } from '../docs/shell-blocks.ts';
import { commandLine } from '../support/command-line.ts';
import { temporaryFolder } from '../support/folder.ts';

const TOKENS = [
  '--product',
  'llm',
  '--name',
  'Model',
  '--unit',
  'token',
  '--price',
  '2.00',
  '--month',
  '2026-01',
];
const init = (...args: readonly string[]) => commandLine(['price-book', 'init', ...args]);
const saved = (book: unknown) => {
  const file = join(temporaryFolder(), 'book.json');
  writeFileSync(file, JSON.stringify(book));
  return file;
};
const speech = () => JSON.parse(readFileSync(join(ROOT, 'price-books/examples/speech.json'), 'utf8'));

test('init writes a book that can be published, to a file that is not there yet', async () => {
  const file = join(temporaryFolder(), 'llm.json');
  const more = ['--unit-zh', '词元', '--per', '1000000', '--free', '5000'];
  expect((await init(file, ...TOKENS, ...more)).status).toBe(0);
  const checked = checkPriceBook(JSON.parse(readFileSync(file, 'utf8')));
  expect(checked).toMatchObject({
    ok: true,
    warnings: [],
    book: {
      product: 'llm',
      effectiveFrom: '2026-01',
      interfaces: [{ id: 'llm/standard', unit: { zh: '词元', en: 'token' } }],
      meters: [{ ladder: { per: 1_000_000, tiers: [{ unitPrice: '2.00' }] } }],
      allowance: { calls: 5_000 },
    },
  });
  expect((await commandLine(['price-book', 'lint', file])).status).toBe(0);
  expect((await init(file, ...TOKENS)).status).toBe(2);
});

test('init writes to standard output where no file is named, and says what it lacks', async () => {
  expect(checkPriceBook(JSON.parse((await init(...TOKENS)).stdout))).toMatchObject({ ok: true });
  expect(checkPriceBook(JSON.parse((await init(...TOKENS, '--json')).stdout))).toMatchObject({ ok: true });
  expect(await init('--product', 'llm')).toMatchObject({
    status: 2,
    stderr: 'suanpan: init needs --name, --price, --month\n',
  });
  expect((await init(...TOKENS.with(1, 'LLM'))).stderr).toContain('product: a product is lower-case');
});

test('lint lists every problem of the shape with its place and what is allowed', async () => {
  const book = { ...speech(), colour: 'red', postPaid: 'never' };
  delete book.arrears;
  const { status, stdout } = await commandLine(['price-book', 'lint', saved(book)]);
  expect(status).toBe(1);
  expect(stdout).toContain('colour: unknown; known are product, ');
  expect(stdout).toContain('postPaid: Invalid option: expected one of "on"|"off"');
  expect(stdout).toContain('problem arrears: ');
  expect(stdout).toContain('3 problems');
});

test('diff says what differs, prices in percent', async () => {
  const [before, after] = [speech(), speech()];
  after.meters[0].ladder.tiers[0].unitPrice = '1.40';
  after.pools[0].packs[0].price = '16.50';
  after.pools[0].packs.pop();
  after.interfaces.push({ ...after.interfaces[0], id: 'speech/other' });
  const files = [saved(before), saved(after)];
  const { stdout } = await commandLine(['price-book', 'diff', ...files]);
  expect(stdout).toContain('meters[speech/transcribe].ladder.tiers[0].unitPrice: 1.75 → 1.40 (-20.0 %)');
  expect(stdout).toContain('pools[speech/transcribe].packs[36000].price: 15.00 → 16.50 (+10.0 %)');
  expect(stdout).toContain('pools[speech/transcribe].packs[360000].price: 140.00 → nothing');
  expect(stdout).toContain('interfaces[speech/other].id: nothing → speech/other');
  expect((await commandLine(['price-book', 'diff', files[0] ?? '', files[0] ?? ''])).stdout).toBe(
    '0 differences\n',
  );
});
