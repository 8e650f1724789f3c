/** What lies beside a ledger, and outside of it, shows an end that was lost; an operator may go on without it. */
import { copyFileSync, cpSync, existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { derivedPath } from '../../src/derived/files.ts';
import { LedgerShorter } from '../../src/eventstore/event-store.ts';
import { watermarkPath } from '../../src/eventstore/sqlite/watermark.ts';
import { type OpenOptions, openLedgerAt } from '../../src/ledger/open.ts';
import { served } from '../support/api.ts';
import { temporaryFolder } from '../support/folder.ts';
import { instant } from '../support/given.ts';

const AT = instant('2019-01-05T00:00:00+08:00');

const openAt = (folder: string, more: Partial<OpenOptions> = {}) =>
  openLedgerAt({ store: `sqlite:${join(folder, 'ledger.db')}`, clock: 'driven', books: [], ...more });

const opens = async (folder: string, name: string) => {
  const ledger = await openAt(folder);
  await ledger.execute(name, { name: 'open-account', body: { name } }, AT, null);
  return ledger;
};

/** A folder as a power cut leaves it, with the last of what was synced gone from the log; all accounts were in the views. */
const cutLedger = async (): Promise<string> => {
  const folder = join(temporaryFolder(), 'live');
  const cut = join(temporaryFolder(), 'cut');
  const ledger = await opens(folder, 'first');
  await ledger.viewsCaughtUp();
  const size = readFileSync(join(folder, 'ledger.db-wal')).length;
  await ledger.execute('second', { name: 'open-account', body: { name: 'second' } }, AT, null);
  await ledger.viewsCaughtUp();
  cpSync(folder, cut, { recursive: true });
  await ledger.close();
  truncateSync(join(cut, 'ledger.db-wal'), size);
  rmSync(join(cut, 'ledger.db-shm'));
  return cut;
};

describe('an end that was lost', () => {
  test('is known to the views, also where the mark is gone; told that it is accepted, all of it is derived again', async () => {
    const cut = await cutLedger();
    rmSync(watermarkPath(join(cut, 'ledger.db')), { force: true });
    await expect(openAt(cut)).rejects.toThrow(/ledger\.db\.views was derived up to event \d+/);
    // Refused again: the first refusal closed it as it was found.
    await expect(openAt(cut)).rejects.toThrow(LedgerShorter);
    const ledger = await openAt(cut, { acceptLoss: true });
    await ledger.viewsCaughtUp();
    expect(ledger.views?.list('account', '', null, 10).map(({ key }) => key) ?? []).not.toContain('second');
    expect(await ledger.store.end()).toBe(ledger.views?.anchor()?.position);
    expect((await ledger.store.head('account-second')).length).toBe(0);
    await ledger.close();
    await (await openAt(cut)).close();
  });

  test('of a ledger that was put back is told, and opened', async () => {
    const folder = join(temporaryFolder(), 'live');
    await (await opens(folder, 'first')).close();
    const backup = join(folder, 'earlier');
    copyFileSync(join(folder, 'ledger.db'), backup);
    await (await opens(folder, 'second')).close();
    copyFileSync(backup, join(folder, 'ledger.db'));
    const notices: string[] = [];
    const ledger = await openAt(folder, { onNotice: (notice) => void notices.push(notice) });
    expect(notices).toEqual([
      expect.stringMatching(/is not the ledger that was here before .*2 events are missing/),
    ]);
    await ledger.close();
  });

  test('that was signed is known to the file of checkpoints', async () => {
    const folder = temporaryFolder();
    const [path, kept] = [join(folder, 'ledger.db'), join(folder, 'checkpoints')];
    const env = { SUANPAN_STORE: `sqlite:${path}`, SUANPAN_CHECKPOINT_FILE: kept };
    const first = await served(env);
    await first.ok('POST', '/accounts', { account: 'a', name: '' });
    await first.ok('POST', '/checkpoints');
    await first.stop();
    const earlier = readFileSync(path);
    const second = await served(env);
    await second.ok('POST', '/accounts', { account: 'b', name: '' });
    await second.ok('POST', '/checkpoints');
    await second.stop();
    await (await served(env)).stop();
    writeFileSync(path, earlier);
    await expect(served(env)).rejects.toThrow(/lacks what was signed: the checkpoint of .*put back/);
    await (await served({ ...env, SUANPAN_ACCEPT_LOSS: 'true' })).stop();
    expect(existsSync(derivedPath(path, 'tree'))).toBe(true);
  });
});
