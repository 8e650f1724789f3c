/** Lines of bytes are the same in whatever pieces the bytes come, and what is kept of a long one has a bound. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linesOf, NotLines } from '../../src/audit/bundle/lines.ts';
import { byteLines, lineBlocks } from '../../src/text/byte-lines.ts';
import { runs } from '../support/proof.ts';

async function* piecesOf(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

const utf8 = new TextEncoder();
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const texts = fc
  .array(fc.constantFrom('a', 'bc', '\n', '\n\n', '\r\n', '\u2028', 'é', '中', '😀'), { maxLength: 40 })
  .map((parts) => parts.join(''));
const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });

/** A last line without its end counts too. */
const linesIn = (whole: string): string[] => {
  const lines = whole.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
};

const all = async <Item>(batches: AsyncIterable<readonly Item[]>): Promise<Item[]> => {
  const items: Item[] = [];
  for await (const batch of batches) items.push(...batch);
  return items;
};

describe('lines of bytes', () => {
  test('are the same in whatever pieces they come', () =>
    fc.assert(
      fc.asyncProperty(texts, sizes, fc.integer({ min: 1, max: 12 }), async (whole, cut, most) => {
        const lines = await all(byteLines(piecesOf(utf8.encode(whole), cut), most));
        const expected = linesIn(whole).map((line) => utf8.encode(line));
        expect(lines.map(({ length }) => length)).toEqual(expected.map(({ length }) => length));
        for (const [i, { bytes }] of lines.entries())
          expect([...bytes]).toEqual([...(expected[i] ?? [])].slice(0, most));
      }),
      { numRuns: runs('lines of bytes in pieces', 300, 20_000) },
    ));

  test('a long one is noticed before it ends, and only its beginning is kept', async () => {
    const noticed: string[] = [];
    const pieces = piecesOf(utf8.encode('abcdefghij\nk\n'), [3]);
    const blocks: (readonly [string, number | null, boolean])[] = [];
    const onLong = (beginning: Uint8Array) => noticed.push(`${text(beginning)} after ${blocks.length}`);
    for await (const { bytes, length, hasEnd } of lineBlocks(pieces, 4, onLong))
      blocks.push([text(bytes), length, hasEnd]);
    expect(noticed).toEqual(['abcd after 0']);
    expect(blocks).toEqual([
      ['abcd', 10, true],
      ['k', null, true],
    ]);
  });
});

describe('lines of a bundle', () => {
  test('are the same in whatever pieces they come; a last one without its end is refused', () =>
    fc.assert(
      fc.asyncProperty(texts, sizes, async (whole, cut) => {
        const read = all(linesOf(piecesOf(utf8.encode(whole), cut)));
        if (whole === '' || whole.endsWith('\n')) expect(await read).toEqual(linesIn(whole));
        else
          await expect(read).rejects.toThrow(
            new NotLines(`the file is cut: line ${linesIn(whole).length} has no end`),
          );
      }),
      { numRuns: runs('lines of a bundle in pieces', 300, 20_000) },
    ));

  test('what is not UTF-8 is named by line and byte, when the lines before it were read', () =>
    fc.assert(
      fc.asyncProperty(texts, sizes, async (whole, cut) => {
        const before = utf8.encode(whole);
        const bytes = Uint8Array.from([...before, 0xe4, 0xb8, 10, 0x61, 10]);
        const lines: string[] = [];
        const read = async () => {
          for await (const batch of linesOf(piecesOf(bytes, cut))) lines.push(...batch);
        };
        const good = whole.split('\n');
        const own = utf8.encode(good.at(-1) ?? '').length;
        await expect(read()).rejects.toThrow(new NotLines(`line ${good.length}, byte ${own + 1}: not UTF-8`));
        expect(lines).toEqual(good.slice(0, -1));
      }),
      { numRuns: runs('bundles that are not UTF-8', 300, 20_000) },
    ));

  test('one that never ends is refused without being read', async () => {
    const piece = new Uint8Array(1024 * 1024).fill(0x61);
    let given = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (; given < 100; given++) yield piece;
    }
    await expect(all(linesOf(endless()))).rejects.toThrow('line 1 has more than 4194304 characters');
    expect(given).toBeLessThan(20);
  });
});
