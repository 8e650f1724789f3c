/** Canonical JSON (RFC 8785), and the digests by which bills name the shipped books: a published book never changes. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { shippedPriceBooks } from '../../src/catalogue/shipped.ts';
import { canonicalJson } from '../../src/domain/canonical.ts';
import { editionOf } from '../../src/ledger/catalogue-stream.ts';

test('the sample of RFC 8785, section 3.2.2', () => {
  const sample = {
    // biome-ignore lint/correctness/noPrecisionLoss: the RFC's own vector
    numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
    string: '\u20ac$\u000f\u000aA\u0027\u0042\u0022\u005c\\"/',
    literals: [null, true, false],
  };
  expect(canonicalJson(sample)).toBe(
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
      '"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  );
});

test('members are sorted by UTF-16 code units (RFC 8785, section 3.2.3)', () => {
  const keys = ['\u20ac', '\r', '\ufb33', '1', '\u{1f600}', '\u0080', '\u00f6'];
  const text = canonicalJson(Object.fromEntries(keys.map((key) => [key, 0])));
  expect(Object.keys(JSON.parse(text))).not.toEqual(keys);
  expect([...text.matchAll(/"([^"]*)":/g)].map(([, key]) => key)).toEqual([
    '\\r',
    '1',
    '\u0080',
    '\u00f6',
    '\u20ac',
    '\u{1f600}',
    '\ufb33',
  ]);
});

test('one text for one value: the order of members and blanks do not matter, that of a list does', () => {
  expect(canonicalJson(JSON.parse('{ "b": [1, 2], "a": {"d": -0, "c": "中"} }'))).toBe(
    '{"a":{"c":"中","d":0},"b":[1,2]}',
  );
  expect(canonicalJson([2, 1])).not.toBe(canonicalJson([1, 2]));
});

test.each([undefined, Number.NaN, Number.POSITIVE_INFINITY, () => 1, 1n])('%s has no text', (value) => {
  expect(() => canonicalJson(value)).toThrow();
});

test('the digests of the shipped books', () => {
  const digests = shippedPriceBooks().map((book) => {
    const digest = createHash('sha256').update(canonicalJson(book)).digest('hex');
    expect(editionOf(book).digest).toBe(digest);
    return [`${book.product} ${book.edition}`, digest];
  });
  expect(Object.fromEntries(digests)).toEqual({
    'image-analysis 2019-01': '0736b0ea1159fa46ea7481263310ee776e4af9cfe3d6e0973675250551b165ab',
    'face-recognition 2019-01': '54fb2f01f390dffa78c87b5caad59d43ee5ca74b41593865fd73fbdbb45ed5d3',
    'body-analysis 2019-01': 'baf1e96360a04e239dcba069097016a2699a462f6c21e5aa573dad5e0a780c7e',
    'ocr 2019-01': 'a06a86c274ae106ad163f4ea6148cf4c697cf6a814635272069ce267c0966cd3',
    'ocr 2020-01': '6b8ac026a3d83a6a38db6fe94d7a514788f541b5f7badd3697eb33494456f1ee',
  });
});
