/** Data larger than any append are not parsed: an event of 400 MB would take a process its memory. */
import { expect, test, vi } from 'vitest';
import { decodeEvent, headerText, StoredEventUnreadable } from '../../src/codec/event-codec.ts';
import { decodeSystem, readSystemEvent } from '../../src/ledger/system/codec.ts';

const huge = (type: string) => ({
  ...{ stream: 'account-acme', revision: 3, position: '9', records: null, hash: new Uint8Array(32) },
  header: headerText(type, 1, 0, '2019-01-01T00:00:00Z'),
  data: `{"amount":"${'9'.repeat(64 * 1024 * 1024)}"}`,
});

test('it is unreadable, by its place and length, and nothing of it is parsed', () => {
  const [deposit, contacts] = [huge('FundsDeposited'), huge('ContactsSet')];
  const parse = vi.spyOn(JSON, 'parse');
  const said = /event 3 of account-acme cannot be read: it has 671088\d\d characters, at most 67108864/;
  expect(() => decodeEvent(deposit)).toThrow(said);
  expect(() => decodeEvent(deposit)).toThrow(StoredEventUnreadable);
  expect(() => decodeSystem(contacts)).toThrow(said);
  expect(readSystemEvent(contacts)).toMatchObject({ type: 'Unreadable', data: { said: null } });
  expect(parse.mock.calls.filter(([text]) => text.length > 1_000)).toEqual([]);
  parse.mockRestore();
});
