/** `suanpan backup` and `restore`: a whole copy of an embedded ledger, also beside a server that writes it. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { backup as copyDatabase, DatabaseSync } from 'node:sqlite';
import { verifyStore } from '../audit/verify-store.ts';
import { removeDerived } from '../derived/files.ts';
import { calendarOf } from '../domain/calendar.ts';
import { readZone } from '../ledger/settings-stream.ts';
import { DEFAULT_STORE, fileOf, whereOf } from '../ledger/where.ts';
import { noteBackup } from '../operation/last-backup.ts';
import { openSqliteStore } from '../store/sqlite.ts';
import { type Command, type Context, STORE_FLAG, storeOf, WrongUse } from './command.ts';
import { counted } from './table.ts';

const PAGES_A_STEP = 2_000;

export const backup: Command = {
  usage: 'backup FILE',
  what: 'Copies a ledger to a file, also while a server writes it, and verifies the copy.',
  flags: STORE_FLAG,
  words: [1, 1],
  run: async (context) => {
    const [file = ''] = context.words;
    const path = pathOf(context);
    if (!existsSync(path)) throw new WrongUse(`store: there is no ledger at ${path}`);
    if (existsSync(file)) throw new WrongUse(`${file} is there already`);
    mkdirSync(dirname(file), { recursive: true });
    const source = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
    const partial = `${file}.partial`;
    try {
      await copyDatabase(source, partial, {
        rate: PAGES_A_STEP,
        progress: ({ totalPages, remainingPages }) =>
          context.out.progress(`${counted(totalPages - remainingPages)} of ${counted(totalPages)} pages`),
      });
    } finally {
      source.close();
    }
    const whole = await verified(context, partial);
    if (whole) renameSync(partial, file);
    if (whole) noteBackup(path, Date.now());
    else rmSync(partial, { force: true });
    context.out.say(whole ? `${file} holds the ledger` : 'the copy does not verify, and was deleted');
    return whole ? 0 : 1;
  },
};

export const restore: Command = {
  usage: 'restore FILE',
  what: 'Puts a backup where there is no ledger, after verifying it. What is derived is made anew.',
  flags: STORE_FLAG,
  words: [1, 1],
  run: async (context) => {
    const [file = ''] = context.words;
    const path = pathOf(context);
    if (!existsSync(file)) throw new WrongUse(`${file} cannot be read`);
    if (existsSync(path)) throw new WrongUse(`store: there is a ledger at ${path} already`);
    if (!(await verified(context, file))) {
      context.out.say(`${file} does not verify; nothing was restored`);
      return 1;
    }
    mkdirSync(dirname(path), { recursive: true });
    // What was derived from another ledger at this place must not be believed.
    removeDerived(path);
    await copyFile(file, path);
    context.out.say(`restored to ${path}`);
    return 0;
  },
};

/** The file of the ledger; an engine's is in none. */
const pathOf = (context: Context): string => {
  const address = storeOf(context, DEFAULT_STORE);
  const { kind, shown } = whereOf(address, null);
  if (kind !== 'engine') return fileOf(address);
  throw new WrongUse(
    `store: ${shown} is an engine: use its own backup, or suanpan copy (to sqlite:FILE, and back to a new ledger)`,
  );
};

/** Whether a file is a ledger whose seals and sums hold. */
const verified = async ({ out }: Context, file: string): Promise<boolean> => {
  const store = openSqliteStore(file, { readOnly: true });
  try {
    const calendar = calendarOf(await readZone(store));
    const result = await verifyStore(store, calendar, (n) => out.progress(`${counted(n)} events verified`));
    out.done();
    const ok = result.findings.length === 0;
    out.answer({ file, ok, ...result });
    out.say(`${counted(result.events)} events of ${counted(result.streams)} streams verified`);
    return ok;
  } finally {
    await store.close();
  }
};
