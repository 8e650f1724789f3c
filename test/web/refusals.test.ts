/** What a refusal says in Chinese: every code of the documentation, and no other. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { PROBLEM_CODES } from '../../src/api/http/problems/problem.ts';
import { REFUSALS } from '../../src/domain/refusals.ts';
import { REFUSALS_IN_CHINESE } from '../../web/src/parts/refusals.ts';

const told = readFileSync(fileURLToPath(new URL('../../docs/refusals.md', import.meta.url)), 'utf8');
const documented = [...told.matchAll(/^\| `([a-z_]+)` /gm)].map(([, code = '']) => code);

test('each code of docs/refusals.md and of the server is said in Chinese, and no other', () => {
  expect(documented.length).toBeGreaterThan(60);
  expect(Object.keys(REFUSALS_IN_CHINESE).sort()).toEqual([...new Set(documented)].sort());
  for (const code of [...PROBLEM_CODES, ...REFUSALS]) expect(REFUSALS_IN_CHINESE, code).toHaveProperty(code);
});

test('each is Chinese, and of its own', () => {
  const texts = Object.values(REFUSALS_IN_CHINESE);
  expect(new Set(texts).size).toBe(texts.length);
  for (const text of texts) expect(text).toMatch(/[一-鿿]/);
});
