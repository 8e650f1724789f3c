/** TLS and credentials from the address: a real TLS connection to the double, by a certificate made for the test. */
import { describe, expect, test } from 'vitest';
import { StoreUnavailable } from '../../../src/eventstore/event-store.ts';
import {
  engineAddress,
  isEngineAddress,
  shownAddress,
} from '../../../src/eventstore/eventstoredb/address.ts';
import { appendTo } from '../../contract/event-store.contract.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { openDouble } from '../double/esdb-double.ts';
import { engineStore } from '../engines.ts';
import { certificateIn, secured } from '../secured.ts';

const draft = { header: '{"type":"Test"}', data: '{}' };

test('an address with TLS, its own authority and a user is used as it says', async ({ skip }) => {
  const files = certificateIn(temporaryFolder());
  if (!files) {
    console.warn('skipped: there is no openssl to make a certificate with');
    return skip();
  }
  const double = await openDouble();
  const { port, close } = await secured(double.port, files);
  const at = `localhost:${port}?tls=true&tlsCAFile=${encodeURI(files.cert)}`;
  const store = engineStore(`kurrentdb://ops:change%20me@${at}`);
  await appendTo(store, 'a', draft);
  expect((await store.head('a')).length).toBe(1);
  expect(double.authorization()).toBe(`Basic ${Buffer.from('ops:change me').toString('base64')}`);
  await store.close();

  const stranger = engineStore(`esdb://ops:x@localhost:${port}?tls=true`, { patienceMs: 500 });
  await expect(stranger.head('a')).rejects.toBeInstanceOf(StoreUnavailable);
  await stranger.close();
  close();
  await double.stop();
});

describe('addresses', () => {
  test('are those of EventStoreDB and KurrentDB; others are none', () => {
    for (const address of ['esdb://h:1?tls=false', 'esdb+discover://u:p@h', 'kurrentdb://u:p@a:1,b:2,c:3'])
      expect(isEngineAddress(address)).toBe(true);
    for (const address of ['sqlite:esdb://h', 'http://h', 'memory:'])
      expect(isEngineAddress(address)).toBe(false);
  });

  test.each([
    ['esdb://', 'is not HOST:PORT'],
    ['esdb://?tls=false', 'is not HOST:PORT'],
    ['esdb://h:2113', 'has TLS and no USER:PASSWORD@'],
    ['esdb://h:2113?tls=false&ledger=a/b', 'ledger=a/b'],
    ['esdb://h:2113?tls=false&ledger=', 'ledger='],
  ])('%s is refused: %s', (address, why) => {
    expect(() => engineAddress(address)).toThrow(why);
  });

  test('a ledger of its own is no business of the client', () => {
    expect(engineAddress('esdb://h?ledger=one&tls=false')).toMatchObject({
      connectionString: 'esdb://h?tls=false',
      prefix: 'one.',
    });
    expect(engineAddress('kurrentdb://u:p@h?tls=true&ledger=one')).toMatchObject({
      connectionString: 'esdb://u:p@h?tls=true',
      prefix: 'one.',
      credentials: { username: 'u', password: 'p' },
    });
  });

  test('are shown without a password', () => {
    expect(shownAddress('esdb://ops:s3cret@h:1?tls=true')).toBe('esdb://h:1?tls=true');
    expect(shownAddress('sqlite:a:b@c.db')).toBe('sqlite:a:b@c.db');
  });
});
