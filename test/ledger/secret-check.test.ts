/** The key that secrets are encrypted under is the ledger's, or the start is refused before anything is encrypted. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { currentSigner } from '../../src/checkpoint/signing-keys.ts';
import type { EventStore } from '../../src/eventstore/event-store.ts';
import { BadSetting, whereOf } from '../../src/ledger/location.ts';
import { openLedgerAt } from '../../src/ledger/open.ts';
import { ledgerSecret, SECRET, SecretMismatch, type SecretOf } from '../../src/ledger/secrets/check-value.ts';
import { heldKey, madeKey } from '../../src/ledger/secrets/server-key.ts';
import { readSystem } from '../../src/ledger/system/streams.ts';
import { ADMIN, served } from '../support/api.ts';
import { temporaryFolder } from '../support/folder.ts';

const NO_BOOKS = { clock: 'driven', books: [] } as const;

/** Runs work on a ledger that is open for writing. */
const withLedger = async <T>(path: string, work: (store: EventStore) => Promise<T>): Promise<T> => {
  const ledger = await openLedgerAt({ store: `sqlite:${path}`, ...NO_BOOKS });
  try {
    return await work(ledger.store);
  } finally {
    await ledger.close();
  }
};

const started = (path: string, how: Partial<SecretOf> = {}): Promise<Buffer> => {
  const where = whereOf(`sqlite:${path}`, null);
  return withLedger(path, (store) => ledgerSecret({ store, where, secret: null, mode: 'write', ...how }));
};
const checks = (path: string): Promise<number> =>
  withLedger(path, async (store) => (await readSystem(store, SECRET)).length);

describe('the check value of the secret', () => {
  test('is recorded once, at the first start', async () => {
    const path = join(temporaryFolder(), 'ledger.db');
    const first = await started(path);
    expect(await started(path)).toEqual(first);
    expect(await checks(path)).toBe(1);
  });

  test('is not written where a command only reads', async () => {
    const path = join(temporaryFolder(), 'ledger.db');
    await started(path, { mode: 'read' });
    expect([existsSync(`${path}.key`), await checks(path)]).toEqual([false, 0]);
  });

  test('refuses another secret, another key file and a missing one; nothing is made or recorded', async () => {
    const path = join(temporaryFolder(), 'ledger.db');
    await started(path);
    const key = readFileSync(`${path}.key`, 'utf8');
    await expect(started(path, { secret: 'another' })).rejects.toThrow(/SUANPAN_SECRET is not the secret/);
    writeFileSync(`${path}.key`, randomBytes(32).toString('base64'));
    await expect(started(path)).rejects.toThrow(SecretMismatch);
    rmSync(`${path}.key`);
    await expect(started(path)).rejects.toThrow(/ledger\.db\.key is missing.*put back.*SUANPAN_NEW_SECRET/);
    await expect(started(path, { mode: 'read' })).rejects.toThrow(SecretMismatch);
    expect([existsSync(`${path}.key`), await checks(path)]).toEqual([false, 1]);
    writeFileSync(`${path}.key`, key);
    await started(path);
  });

  test('gives way when an operator says that the secret is lost, and then the earlier one is refused', async () => {
    const path = join(temporaryFolder(), 'ledger.db');
    await started(path);
    renameSync(`${path}.key`, `${path}.earlier`);
    const replaced = await started(path, { mode: 'replace' });
    expect(await started(path)).toEqual(replaced);
    renameSync(`${path}.earlier`, `${path}.key`);
    await expect(started(path)).rejects.toThrow(SecretMismatch);
  });

  test.each([true, false])(
    'comes to a ledger of an earlier release that has a signing key: %s',
    async (has) => {
      const path = join(temporaryFolder(), 'ledger.db');
      const key = madeKey(whereOf(`sqlite:${path}`, null));
      await withLedger(path, async (store) => {
        if (has) await currentSigner(store, key, 0);
      });
      if (has) await expect(started(path, { secret: 'another' })).rejects.toThrow(SecretMismatch);
      expect(await started(path)).toEqual(key);
      expect(await checks(path)).toBe(1);
      await expect(started(path, { secret: 'another' })).rejects.toThrow(SecretMismatch);
    },
  );

  test('is that of one of two servers that start at once with different secrets', async () => {
    const path = join(temporaryFolder(), 'ledger.db');
    const outcomes = await withLedger(path, (store) =>
      Promise.allSettled(
        ['one', 'two'].map((secret) =>
          ledgerSecret({ store, where: whereOf('esdb://h:1?tls=false', null), secret, mode: 'write' }),
        ),
      ),
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('a file that holds no key is named', async () => {
    const path = join(temporaryFolder(), 'ledger.db');
    writeFileSync(`${path}.key`, '');
    expect(() => heldKey(null, whereOf(`sqlite:${path}`, null))).toThrow(BadSetting);
  });
});

test('a server whose key file is gone says so at its start; told that it is lost, it signs with a new key', async () => {
  const path = join(temporaryFolder(), 'ledger.db');
  const env = { SUANPAN_STORE: `sqlite:${path}` };
  const first = await served(env);
  await first.ok('POST', '/accounts', { account: 'acme', name: '' });
  await first.ok('POST', '/accounts/acme/services', { product: 'face-recognition' });
  await first.ok('PUT', '/clock', { now: '2019-02-02T00:00:00+08:00' });
  const before = (await first.ok('POST', '/checkpoints')).body.key;
  await first.ok('GET', '/accounts/acme/bills/2019-01/bundle');
  await first.stop();
  rmSync(`${path}.key`);
  await expect(served(env)).rejects.toThrow(SecretMismatch);
  expect(existsSync(`${path}.key`)).toBe(false);
  const again = await served({ ...env, SUANPAN_NEW_SECRET: 'true' });
  const { body } = await again.ok('POST', '/checkpoints');
  expect(body.key).not.toBe(before);
  const bundle = await again.send('GET', '/accounts/acme/bills/2019-01/bundle');
  expect([bundle.status, bundle.body.code]).toEqual([503, 'secret_unreadable']);
  await again.stop();
});

test('a checkpoint file that cannot be written is a named problem, and the checkpoint is signed', async () => {
  const file = join(temporaryFolder(), 'gone', 'checkpoints');
  const api = await served({ SUANPAN_CHECKPOINT_FILE: file });
  const { status, body } = await api.send('POST', '/checkpoints', undefined, {
    authorization: `Bearer ${ADMIN}`,
  });
  expect([status, body.code]).toEqual([503, 'checkpoint_file_unwritable']);
  expect((await api.ok('GET', '/checkpoints')).body.items).toHaveLength(1);
  await api.stop();
});
