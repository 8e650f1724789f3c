/** CSV that a spreadsheet opens: what was written comes back, and nothing of it is run. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Cell, csvFile, csvRow, neutralised, numberCell, withoutGuard } from '../../src/exports/csv.ts';
import { runs } from '../support/proof.ts';
import { parsedCsv, whole } from './parsed-csv.ts';

describe('a text cell', () => {
  test.each([
    '=1+1',
    "=cmd|' /C calc'!A0",
    '+86 138',
    '-2+3',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    ' =1',
    '\n=1',
    '\u00a0=1',
    '\u3000+1',
    '\u200b=1',
    '\ufeff@x',
    '\0=1',
    '＝1+1',
    '＋1',
    '－1',
    '＠x',
    ' ＝1',
    '−1',
    '\tplain',
    '=HYPERLINK("http://evil","x")',
  ])('that could be a formula gets an apostrophe: %j', (text) => {
    expect(neutralised(text)).toBe(`'${text}`);
    expect(parsedCsv(csvRow([text]))).toEqual([[`'${text}`]]);
  });

  test.each(["'=1", "'", "''", "'plain", "''=1"])(
    'that begins with an apostrophe gets one more: %j',
    (text) => {
      expect(neutralised(text)).toBe(`'${text}`);
    },
  );

  test.each(['acme', '人脸比对', '1-2', 'a=b', '(5 − 3) = 2', '', 'x@y', '5+5', "it's"])(
    'that could not stays: %j',
    (text) => {
      expect(neutralised(text)).toBe(text);
    },
  );
});

test('numbers are numbers, negative ones too, and are never taken from text that is none', () => {
  expect(csvRow([numberCell(-5), numberCell('-0.50'), numberCell(null), numberCell(0)])).toBe(
    '-5,-0.50,,0\r\n',
  );
  for (const bad of ['=1', '1e5', '', ' 1', '1,000', 'NaN', '+1', '１'])
    expect(() => numberCell(bad)).toThrow(RangeError);
  expect(() => numberCell(Number.NaN)).toThrow(RangeError);
});

test('a file begins with a byte order mark and its columns, in UTF-8 with CRLF', async () => {
  const rows: Cell[][] = [
    ['示例, "A"', numberCell(1)],
    [null, 'two\nlines'],
  ];
  const text = await whole(csvFile(['name', 'n'], rows));
  expect(Buffer.from(text).subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
  expect(text.slice(1)).toBe('name,n\r\n"示例, ""A""",1\r\n,"two\nlines"\r\n');
});

test('whatever text is written comes back, and no cell begins a formula', () => {
  const text = fc.oneof(
    fc.string(),
    fc.string({
      unit: fc.constantFrom('=', '+', '-', '@', "'", '"', ',', '\r', '\n', '\t', ' ', 'a', '＝', '\u3000'),
    }),
  );
  fc.assert(
    fc.property(fc.array(fc.array(text, { minLength: 2, maxLength: 4 }), { maxLength: 5 }), (rows) => {
      const read = parsedCsv(rows.map((row) => csvRow(row)).join(''));
      expect(read.map(({ length }) => length)).toEqual(rows.map(({ length }) => length));
      for (const [i, row] of rows.entries())
        for (const [j, cell] of row.entries()) {
          const back = read[i]?.[j] ?? '';
          expect(withoutGuard(back)).toBe(cell);
          expect(back.trimStart()).not.toMatch(/^[=+\-@＝＋－＠]/);
        }
    }),
    { seed: 1, numRuns: runs('CSV cells come back and are no formulas', 300, 20_000) },
  );
});
