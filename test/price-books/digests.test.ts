/** Canonical JSON (RFC 8785), and the digests by which bills name the shipped books: a published book never changes. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../src/domain/canonical.ts';
import { editionOf } from '../../src/ledger/system/catalogue.ts';
import { shippedPriceBooks } from '../../src/ledger/system/shipped-price-books.ts';

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

test('what JSON cannot hold has no text', () => {
  expect(() => canonicalJson(undefined)).toThrow('JSON cannot hold this value');
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
  const digests = shippedPriceBooks().map((file) => {
    const { examples: _, ...book } = file;
    const digest = createHash('sha256').update(canonicalJson(book)).digest('hex');
    expect(editionOf(file).digest).toBe(digest);
    return [`${book.product} ${book.edition}`, digest];
  });
  expect(Object.fromEntries(digests)).toEqual({
    'image-analysis 2019-01': '0605b2c752dd1c1e088a4a0118b35a4cd974fec446618e51206b49c37c622c6d',
    'face-recognition 2019-01': 'a533a0a4b28a84fc01353b74bf1174ae596b406fc3a2b38165531fbdd05ac3e7',
    'body-analysis 2019-01': '058244975a9d223fe141fa0687004c9bb3001383a0b2379066a4fcf42253681b',
    'ocr 2019-01': 'a06a86c274ae106ad163f4ea6148cf4c697cf6a814635272069ce267c0966cd3',
    'ocr 2020-01': '45d25cb9a459965b2b4d46b51790278ea1a767db15563bd9bf945549e040920b',
  });
});
