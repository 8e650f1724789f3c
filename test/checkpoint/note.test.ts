/** Notes and keys as text: read back as written, in one spelling only. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { expect, test } from 'vitest';
import { checkpointsIn, notesIn, verifierKeysIn } from '../../src/checkpoint/checkpoint-files.ts';
import {
  checkpointText,
  isSignedBy,
  noteIsSignedBy,
  noteText,
  parseCheckpoint,
  parseNote,
  parseVerifierKey,
  verifierKey,
} from '../../src/checkpoint/note.ts';

const pair = generateKeyPairSync('ed25519');
const raw = Uint8Array.from(pair.publicKey.export({ type: 'spki', format: 'der' }).subarray(12));
const key = verifierKey('suanpan/0123456789abcdef', raw);
const checkpoint = {
  origin: key.name,
  size: 7,
  root: new Uint8Array(32).fill(9),
  time: '2026-01-01T00:00:00.000Z',
};
const text = checkpointText(checkpoint);
const signature = Uint8Array.from(sign(null, Buffer.from(text), pair.privateKey));
const note = noteText(text, { ...key, signature });

test('a key as the reference implementation of signed notes writes one is read', () => {
  // The example key of the Go package golang.org/x/mod/sumdb/note.
  const example = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
  expect(parseVerifierKey(example)?.text).toBe(example);
  expect(parseVerifierKey(example.replace('c74f', 'c74e'))).toBeNull();
  expect(parseVerifierKey(example.replace('ARpc', 'Arpc'))).toBeNull();
});

test('its example note verifies', async () => {
  const peter = parseVerifierKey('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW');
  const said =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
  const signed = `${said}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`;
  const read = parseNote(signed);
  expect(read?.text).toBe(said);
  expect(peter && read && (await noteIsSignedBy(read, peter))).toBe(true);
});

test('a note is read back as it was written, and its signature is good', async () => {
  const read = parseNote(note);
  if (!read) throw new Error('no note');
  expect(parseCheckpoint(read.text)).toEqual(checkpoint);
  expect(await noteIsSignedBy(read, key)).toBe(true);
  expect(await noteIsSignedBy({ ...read, text: text.replace('7', '8') }, key)).toBe(false);
  const other = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' });
  expect(await noteIsSignedBy(read, verifierKey(key.name, Uint8Array.from(other.subarray(12))))).toBe(false);
  expect(await isSignedBy(key, signature.slice(1), Uint8Array.from(Buffer.from(text)))).toBe(false);
});

test('a file of checkpoints holds any number of them, and nothing else', () => {
  expect(notesIn(`${note}\n${note}`)).toEqual([note, note]);
  expect(checkpointsIn(`\n${note}\n\n${note}`)).toEqual([checkpoint, checkpoint]);
  for (const wrong of ['', 'hello\n', note.slice(0, -20), note.replace('\n7\n', '\n07\n'), `${note}more`])
    expect(() => checkpointsIn(wrong)).toThrow(RangeError);
});

test('a file of keys has one a line', () => {
  expect(verifierKeysIn(`# the operator\n${key.text}\n\n${key.text}\n`).length).toBe(2);
  expect(() => verifierKeysIn('nonsense')).toThrow('is not a valid verifier key');
});
