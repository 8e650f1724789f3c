/** Signing secrets at rest: readable with the server's key alone. */
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { urlProblem } from '../../src/delivery/webhooks.ts';
import { decrypted, encrypted, SecretUnreadable } from '../../src/ledger/secrets/encryption.ts';

test('a secret is read with the key it was written with, and is never the same text twice', () => {
  const key = randomBytes(32);
  const stored = encrypted('whsec_one', key);
  expect(stored).not.toContain('whsec_one');
  expect(encrypted('whsec_one', key)).not.toBe(stored);
  expect(decrypted(stored, key)).toBe('whsec_one');
  expect(() => decrypted(stored, randomBytes(32))).toThrow(SecretUnreadable);
  expect(() => decrypted(`${stored.slice(0, -4)}AAA=`, key)).toThrow(SecretUnreadable);
  expect(() => decrypted('nothing', key)).toThrow(SecretUnreadable);
});

test.each([
  ['https://example.com/hook', null],
  ['http://example.com:8080/hook?x=1', null],
  ['ftp://example.com/', 'must be https: or http:'],
  ['https://user:secret@example.com/', 'must have no user or password in it'],
  ['example.com', 'is not a valid URL'],
])('%s: %s', (url, problem) => {
  expect(urlProblem(url)).toBe(problem);
});
