/** `suanpan load`: creates a ledger from an export, with the same hashes. */

import { openPieces } from '../files/pieces.ts';
import { DEFAULT_STORE, fileOf } from '../ledger/location.ts';
import { LedgerFileBroken } from '../transfer/ledger-lines.ts';
import { type Loaded, loadLedger } from '../transfer/ledger-load.ts';
import { type Command, STORE_FLAG, storeOf } from './command.ts';
import { styled } from './style.ts';
import { counted } from './table.ts';

export const load: Command = {
  usage: 'load FILE',
  what: 'Makes a new ledger from what `export` wrote (- reads standard input), with every hash it had; refuses a broken file.',
  flags: STORE_FLAG,
  words: [1, 1],
  run: async (context) => {
    const [file = '-'] = context.words;
    const { out } = context;
    const path = fileOf(storeOf(context, DEFAULT_STORE));
    const bytes = file === '-' ? process.stdin : await openPieces(file);
    try {
      const loaded: Loaded = await loadLedger(bytes, path, (events, what) =>
        out.progress(`${counted(events)} events ${what}`),
      );
      out.done();
      out.answer({ ok: true, store: `sqlite:${path}`, ...loaded });
      out.say(
        `${counted(loaded.events)} events of ${counted(loaded.streams)} streams, ${counted(loaded.records)} records: every seal and sum holds; the ledger is at ${path}`,
      );
      if (!loaded.hasEnd)
        out.complain(
          `${file} does not say how much it holds (an earlier release wrote it): whether its end is missing is unknown`,
        );
      return 0;
    } catch (error) {
      if (!(error instanceof LedgerFileBroken)) throw error;
      out.done();
      const { line, stream, revision, what, expected, found } = error;
      out.answer({ ok: false, line, stream, revision, what, expected, found });
      out.say(`${styled('red', 'broken')}: ${error.message}`);
      out.say('no ledger was made');
      return 1;
    }
  },
};
