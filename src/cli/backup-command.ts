/** `suanpan backup` and `restore`: a complete copy of an embedded ledger, even while a server is writing it. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { makePrivateFolder } from '../files/folder.ts';
import { FileUnreadable } from '../files/text-file.ts';
import { DEFAULT_STORE, fileOf, whereOf, whyNoLedger } from '../ledger/location.ts';
import { openForReading } from '../ledger/open.ts';
import { SecretMismatch } from '../ledger/secrets/check-value.ts';
import { keyFileOf } from '../ledger/secrets/server-key.ts';
import { noteBackup } from '../operation/last-backup.ts';
import { type Copy, isFaithful, makeBackup, restoreBackup } from '../transfer/backup.ts';
import { LedgerExists, whatLiesAt } from '../transfer/new-place.ts';
import { keyFor } from './checkpoint-signing.ts';
import { type Command, type Context, STORE_FLAG, storeOf, WrongUse } from './command.ts';
import { mayOverwrite } from './output-file.ts';
import { styled } from './style.ts';
import { counted } from './table.ts';

const FINDINGS_SHOWN = 20;

export const backup: Command = {
  usage: 'backup FILE',
  what: 'Copies a ledger with its key to one file, also while a server writes it, and verifies the copy.',
  flags: {
    ...STORE_FLAG,
    'without-key': {
      type: 'boolean',
      what: 'leave the key of its secrets out: keep ledger.db.key elsewhere',
    },
  },
  words: [1, 1],
  writesFile: true,
  run: async (context) => {
    const [file = ''] = context.words;
    const { out } = context;
    const path = pathOf(context);
    const why = whyNoLedger(path);
    if (why !== null) throw new WrongUse(why);
    const overwrite = await mayOverwrite(context, file);
    makePrivateFolder(dirname(file));
    const key = await keyToCarry(context);
    const copy = await makeBackup(path, file, key.text, {
      overwrite,
      copied: (pages, of) => out.progress(`${counted(pages)} of ${counted(of)} pages`),
      verified: (events) => out.progress(`${counted(events)} events verified`),
    });
    out.done();
    const ok = isFaithful(copy);
    out.answer({ file, ok, carriesKey: ok && key.text !== null, lacks: key.lacks, ...copy });
    if (!ok) return differs(context, copy, `the copy of ${path} does not verify, and was deleted`);
    noteBackup(path, Date.now());
    out.say(
      `${file} holds the ledger: ${counted(copy.events)} events of ${counted(copy.streams)} streams, ${verifiedText(copy)}`,
    );
    tellFound(context, copy);
    if (key.text !== null)
      out.say('it carries the key of its signing keys and webhook secrets: keep it as you keep the key');
    for (const lack of key.lacks) out.say(`it lacks ${lack}`);
    return 0;
  },
};

export const restore: Command = {
  usage: 'restore FILE',
  what: 'Restores a backup to an empty location, after verifying it; derived data is rebuilt.',
  flags: STORE_FLAG,
  words: [1, 1],
  run: async (context) => {
    const [file = ''] = context.words;
    const { out } = context;
    const path = pathOf(context);
    if (!statSync(file, { throwIfNoEntry: false })?.isFile())
      throw new FileUnreadable(file, existsSync(file) ? 'it is not a file' : 'there is no such file');
    if (whatLiesAt(path) !== null) throw new LedgerExists(path);
    const { keyInTheWay, ...copy } = await restoreBackup(file, path, {
      verified: (events) => out.progress(`${counted(events)} events verified`),
    });
    out.done();
    const ok = isFaithful(copy);
    const lacks = !ok
      ? []
      : keyInTheWay !== null
        ? [`the key that it carries: a different key is at ${keyInTheWay}; move that away to use it`]
        : await lacking(context, path);
    out.answer({ file, ok, store: `sqlite:${path}`, lacks, ...copy });
    if (!ok)
      return differs(context, copy, `${file} does not verify; nothing was restored: use another backup`);
    out.say(
      `restored to ${path}: ${counted(copy.events)} events of ${counted(copy.streams)} streams, ${verifiedText(copy)}`,
    );
    tellFound(context, copy);
    for (const lack of lacks) out.say(`it lacks ${lack}`);
    return 0;
  },
};

const verifiedText = ({ findings }: Copy): string =>
  findings.length === 0 ? 'every seal and sum verified' : 'every seal verified';

/** Reports what was not copied, and damage of the ledger itself, which its copy reproduces unchanged. */
const tellFound = ({ out }: Context, { findings, leftOut }: Copy): void => {
  for (const what of leftOut) out.complain(`left out: ${what}`);
  for (const { stream, revision, what, found } of findings.slice(0, FINDINGS_SHOWN))
    out.complain(`as in the ledger itself, event ${revision} of ${stream} is wrong: ${what}: ${found}`);
};

const differs = ({ out }: Context, { findings }: Copy, what: string): number => {
  for (const { stream, revision, what: field, expected, found } of findings.slice(0, FINDINGS_SHOWN))
    out.say(
      `${styled('red', 'differs')}: event ${revision} of ${stream}: ${field}: expected ${expected}, found ${found}`,
    );
  out.say(what);
  return 1;
};

interface KeyToCarry {
  /** The content of the key file; null if the backup does not include one. */
  readonly text: string | null;
  readonly lacks: readonly string[];
}

/** Reports whether the backup includes the key, or what an operator must keep with it. */
const keyToCarry = async (context: Context): Promise<KeyToCarry> => {
  const path = keyFileOf(whereOf(storeOf(context, DEFAULT_STORE), null)) ?? '';
  if (process.env['SUANPAN_SECRET'])
    return { text: null, lacks: ['SUANPAN_SECRET, which its secrets are encrypted under: keep it'] };
  const store = await openForReading(storeOf(context, DEFAULT_STORE));
  try {
    await keyFor(context, store, 'read');
  } catch (error) {
    if (!(error instanceof SecretMismatch)) throw error;
    return { text: null, lacks: [`its key: ${error.message}`] };
  } finally {
    await store.close();
  }
  if (!existsSync(path)) return { text: null, lacks: [] };
  if (context.flags['without-key'] === true) return { text: null, lacks: [`its key: keep ${path}`] };
  return { text: readFileSync(path, 'utf8').trim(), lacks: [] };
};

/** Reports what is missing to serve a restored ledger. */
const lacking = async (context: Context, path: string): Promise<readonly string[]> => {
  const store = await openForReading(`sqlite:${path}`);
  try {
    await keyFor(context, store, 'read');
    return [];
  } catch (error) {
    if (!(error instanceof SecretMismatch)) throw error;
    return [`its key: ${error.message}`];
  } finally {
    await store.close();
  }
};

/** The ledger's file. Throws for a ledger on an engine, which has none. */
const pathOf = (context: Context): string => {
  const address = storeOf(context, DEFAULT_STORE);
  const { kind, shown } = whereOf(address, null);
  if (kind !== 'engine') return fileOf(address);
  throw new WrongUse(
    `store: ${shown} is an engine: use its own backup, or suanpan copy (to sqlite:FILE, and back to a new ledger)`,
  );
};
