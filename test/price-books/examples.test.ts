/** The example books beside the shipped ones: they can be published, say that they are invented, and cost what docs/price-books.md says. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { PriceBook } from '../../src/domain/price-book.ts';
import { shippedPriceBooks } from '../../src/ledger/system/shipped-price-books.ts';
import { checkPriceBook } from '../../src/package/price-book.ts';
import { blocksOf, ROOT } from '../docs/shell-blocks.ts';

const FOLDER = join(ROOT, 'price-books/examples');
const files = readdirSync(FOLDER).sort();
const bookIn = (file: string): PriceBook => {
  const checked = checkPriceBook(JSON.parse(readFileSync(join(FOLDER, file), 'utf8')));
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  expect(checked.warnings).toEqual([]);
  return checked.book;
};

test('there are three', () => {
  expect(files).toEqual(['chat-model.json', 'speech.json', 'translation.json']);
});

describe.each(files)('%s', (file) => {
  test('can be published, without a cliff', () => {
    expect(bookIn(file).product).toBe(file.replace('.json', ''));
  });

  test('says that it is invented, wherever a reader sees it', () => {
    const { name, source } = bookIn(file);
    expect(name.en).toContain('an invented example');
    expect(name.zh).toContain('虚构示例');
    expect(source).toMatch(/^Invented /);
  });

  test('is not one that a new ledger publishes', () => {
    expect(shippedPriceBooks().map(({ product }) => product)).not.toContain(bookIn(file).product);
  });
});

describe('docs/price-books.md', () => {
  const text = readFileSync(join(ROOT, 'docs/price-books.md'), 'utf8');
  const blocks = blocksOf('docs/price-books.md')
    .filter(({ language }) => language === 'json')
    .map((block) => JSON.parse(block.text));
  const [first, measured] = blocks;

  test('its first book can be published, and its example comes out', () => {
    const example = blocks.at(-1);
    expect(checkPriceBook({ ...first, examples: [example] })).toMatchObject({ ok: true, warnings: [] });
    const { name, given, expect: says } = example;
    const wrong = { name, given, expect: { ...says, total: '3.01' } };
    expect(checkPriceBook({ ...first, examples: [wrong] })).toMatchObject({ ok: false });
  });

  test('its interface with measures is that of the example book, with one class', () => {
    const [complete] = bookIn('chat-model.json').interfaces;
    expect({ ...measured, charges: null }).toEqual({ ...complete, charges: null });
  });

  test('explains every member that a book of the catalogue has', () => {
    const members = new Set<string>();
    const walk = (value: unknown, path: string): void => {
      if (Array.isArray(value)) for (const one of value) walk(one, path);
      else if (typeof value === 'object' && value !== null)
        for (const [name, part] of Object.entries(value)) {
          if (!/\.(to|attributes|quantities|lines)$/.test(path) && !['zh', 'en'].includes(name))
            members.add(name);
          walk(part, `${path}.${name}`);
        }
    };
    for (const book of [...shippedPriceBooks(), ...files.map(bookIn)]) walk(book, '');
    expect(
      [...members].filter(
        (name) =>
          !text.includes(`\`${name}\``) && !text.includes(`"${name}"`) && !text.includes(`.${name}\``),
      ),
    ).toEqual([]);
  });
});
