/** `suanpan verify`: verifies a bundle or a proof from its file alone, or a whole store. */
import { setFlagsFromString } from 'node:v8';
import { verifyBundle } from '../audit/bundle/verify.ts';
import { verifyStore } from '../audit/verify/verify-store.ts';
import { inconsistency } from '../checkpoint/consistency-proof.ts';
import { trustedKeys } from '../checkpoint/key-succession.ts';
import { LOG } from '../checkpoint/leaf.ts';
import {
  type Checkpoint,
  noteIsSignedBy,
  parseNote,
  parseVerifierKey,
  type VerifierKey,
} from '../checkpoint/note.ts';
import { originOf, signingKeys } from '../checkpoint/signing-keys.ts';
import { derivedPath } from '../derived/files.ts';
import type { EventStore } from '../eventstore/event-store.ts';
import type { SqliteStore } from '../eventstore/sqlite/store.ts';
import { openPieces } from '../files/pieces.ts';
import { compareViews, type ViewsCompared } from '../ledger/following/compare-views.ts';
import { DEFAULT_STORE, whereOf } from '../ledger/location.ts';
import { readSystem } from '../ledger/system/streams.ts';
import { type Command, type Context, dataOf, storeOf, textFlag, WrongUse } from './command.ts';
import { checkpointsOf, notesOf, proofOf, verifierKeysOf } from './kept-files.ts';
import { readingDamaged, unlessUnreadable } from './ledger-for-reading.ts';
import { styled } from './style.ts';
import { counted } from './table.ts';
import { PATH } from './values.ts';
import { comparedText, verdictText } from './verdict-text.ts';

export const verify: Command = {
  usage: 'verify FILE | verify --store [sqlite:PATH]',
  what: 'Verifies an audit bundle from its file alone, or reads a whole store and checks seals, chains, sums and checkpoints.',
  flags: {
    store: { type: 'boolean', what: 'verify a store; its address may follow (default SUANPAN_STORE)' },
    key: {
      type: 'string',
      what: 'a verifier key you hold, or a file of them: the bundle must be signed by it',
      value: PATH,
    },
    checkpoint: {
      type: 'string',
      what: 'a file of checkpoints you kept: history must still begin with them',
      value: PATH,
    },
    consistency: {
      type: 'string',
      what: 'with FILE: the proof between your checkpoint and the bundle’s',
      value: PATH,
    },
  },
  words: [0, 1],
  run: (context) => {
    // A young generation that does not grow: a third more time, a third less memory (bench/audit.ts).
    setFlagsFromString('--semi-space-growth-factor=1');
    const [word] = context.words;
    if (context.flags['store']) return store(context, word);
    if (word === undefined)
      throw new WrongUse('usage: suanpan verify FILE | suanpan verify --store [sqlite:PATH]');
    return file(context, word);
  },
};

const store = (context: Context, address: string | undefined): Promise<number> => {
  const kept = keptCheckpoints(context);
  return readingDamaged(
    storeOf({ ...context, flags: { ...context.flags, store: address } }, DEFAULT_STORE),
    async ({ store: events, calendar }) => {
      const { out } = context;
      const origin = await originOf(events);
      // Unreadable keys are reported below; signatures by them cannot be checked.
      const keys = await signingKeys(events).catch(unlessUnreadable(null));
      if (keys) await checkKept(context, keys);
      for (const { origin: own } of kept)
        if (own !== origin) throw new WrongUse(`--checkpoint: it is of ${own}, this ledger is ${origin}`);
      const result = await verifyStore(
        events,
        calendar,
        (n) => out.progress(`${counted(n)} events verified`),
        kept,
      );
      out.done();
      const isKeyHeld = await leadsToLast(context, events, origin);
      const views = await viewsOf(context, address, events);
      out.done();
      const schema = hasSchema(events) ? events.schemaTroubles() : [];
      const ok =
        result.findings.length === 0 &&
        schema.length === 0 &&
        isKeyHeld !== false &&
        views.findings.length === 0;
      out.answer({ ok, isKeyHeld, ...result, schema, views });
      for (const trouble of schema) out.say(`${styled('red', 'differs')}: ${trouble}`);
      if (isKeyHeld === false)
        out.say(`${styled('red', 'differs')}: the last checkpoint is signed by no key you hold`);
      for (const { stream, revision, what, expected, found } of result.findings)
        out.say(
          `${styled('red', 'differs')}: event ${revision} of ${stream}: ${what}: expected ${expected}, found ${found}`,
        );
      out.say(
        `${counted(result.events)} events of ${counted(result.streams)} streams, ${counted(result.records)} records: ` +
          (result.findings.length === 0 ? 'every seal and sum holds' : `${result.findings.length} findings`),
      );
      tellViews(context, views);
      if (kept.length > 0)
        out.say(`${result.checkpoints} of ${kept.length} external checkpoints were reached`);
      return ok ? 0 : 1;
    },
  );
};

/** A store that is a file with tables. */
const hasSchema = (store: EventStore): store is EventStore & Pick<SqliteStore, 'schemaTroubles'> =>
  'schemaTroubles' in store;

/** Compares the views beside the ledger with freshly projected ones. */
const viewsOf = (
  context: Context,
  address: string | undefined,
  events: EventStore,
): Promise<ViewsCompared> => {
  const { base } = whereOf(address ?? process.env['SUANPAN_STORE'] ?? DEFAULT_STORE, dataOf());
  return base === null
    ? Promise.resolve({ rows: 0, findings: [] })
    : compareViews(events, derivedPath(base, 'views'), (n) =>
        context.out.progress(`${counted(n)} events projected again`),
      );
};

const tellViews = ({ out }: Context, { rows, findings }: ViewsCompared): void => {
  for (const { projection, key, expected, found } of findings)
    out.say(
      `${styled('red', 'differs')}: views of ${projection}${key && `, ${key}`}: expected ${expected}, found ${found}`,
    );
  if (findings.length > 0)
    out.say('views are derived: suanpan rebuild derives them again; a start of a server does not');
  else if (rows > 0) out.say(`${counted(rows)} rows of views agree with the events`);
};

/** A checkpoint with an invalid signature says nothing about the ledger: its file was changed. */
const checkKept = async (context: Context, keys: readonly { readonly key: string }[]): Promise<void> => {
  const path = textFlag(context, 'checkpoint');
  if (path === undefined) return;
  const known = keys.flatMap(({ key }) => parseVerifierKey(key) ?? []);
  for (const text of notesOf(path)) {
    const note = parseNote(text);
    const good = note ? await Promise.all(known.map((key) => noteIsSignedBy(note, key))) : [];
    if (!good.includes(true))
      throw new WrongUse(
        `--checkpoint: a signature in ${path} is by no key of this ledger: the file was changed, or the keys were`,
      );
  }
};

/** Whether one of the caller's keys leads to the last signing key; null if no keys were given. */
const leadsToLast = async (context: Context, store: EventStore, origin: string): Promise<boolean | null> => {
  const held = heldKeys(context);
  if (held.length === 0) return null;
  const last = (await readSystem(store, LOG)).findLast(({ type }) => type === 'CheckpointSigned');
  const keys = await signingKeys(store).catch(unlessUnreadable(null));
  if (!keys) return false;
  const trusted = await trustedKeys(origin, keys, held);
  return last?.type === 'CheckpointSigned' && trusted.some(({ text }) => text === last.data.key);
};

const file = async (context: Context, path: string): Promise<number> => {
  const { out } = context;
  const kept = keptCheckpoints(context);
  const verdict = await verifyBundle(await openPieces(path), {
    keys: heldKeys(context),
    onProgress: (lines) => out.progress(`${counted(lines)} lines verified`),
  });
  out.done();
  const proofFile = textFlag(context, 'consistency');
  if (proofFile !== undefined && kept.length === 0)
    throw new WrongUse('--consistency: it goes with the --checkpoint that you kept');
  const proof = proofFile === undefined ? null : proofOf('--consistency', proofFile);
  const compared = kept.map((checkpoint) => ({
    size: checkpoint.size,
    inconsistency: verdict.note
      ? inconsistency(checkpoint, verdict.note, proof)
      : 'the bundle has no checkpoint',
  }));
  const ok = verdict.ok && compared.every(({ inconsistency: wrong }) => wrong === null);
  const { note: _, ...shown } = verdict;
  out.answer({ ...shown, ok, ...(kept.length === 0 ? {} : { checkpoints: compared }) });
  for (const line of verdictText(verdict, comparedText(compared), ok)) out.say(line);
  return ok ? 0 : 1;
};

const keptCheckpoints = (context: Context): Checkpoint[] => {
  const path = textFlag(context, 'checkpoint');
  return path === undefined ? [] : checkpointsOf('--checkpoint', path);
};

const heldKeys = (context: Context): VerifierKey[] => {
  const key = textFlag(context, 'key');
  return key === undefined ? [] : verifierKeysOf('--key', key);
};
