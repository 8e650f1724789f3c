/** `suanpan checkpoint`: signs the current heads, lists checkpoints, and proves that the log extends an earlier one. */

import { checkpointOf, inconsistency } from '../checkpoint/consistency-proof.ts';
import type { Signed } from '../checkpoint/log-tables.ts';
import type { LogTree } from '../checkpoint/log-tree.ts';
import { consistencyFor } from '../checkpoint/tree-proofs.ts';
import { appendDurably } from '../files/append.ts';
import { requireKey, sealing, withTree } from './checkpoint-signing.ts';
import { type Command, type Context, STORE_FLAG, textFlag, verbOf, WrongUse } from './command.ts';
import { checkpointsOf } from './kept-files.ts';
import { reading } from './ledger-for-reading.ts';
import { writeOutput } from './output-file.ts';
import { integer, PATH } from './values.ts';
import { writing } from './write-commands.ts';
import { zoned } from './zoned.ts';

const USAGE = 'checkpoint sign | list | prove FILE';
const SIZE = integer(1, Number.MAX_SAFE_INTEGER);

export const checkpoint: Command = {
  usage: USAGE,
  what: 'Signs a checkpoint of every stream, lists them, or proves that the ledger still begins with one you kept.',
  flags: {
    ...STORE_FLAG,
    to: { type: 'string', what: 'prove: up to the checkpoint of this size (default: the last)', value: SIZE },
    output: {
      type: 'string',
      short: 'o',
      what: 'sign: append it to this file; prove: write the proof there',
      value: PATH,
    },
  },
  words: [1, 2],
  writesFile: true,
  run: (context) => {
    const [, file] = context.words;
    const verb = verbOf(context, ['sign', 'list', 'prove'], USAGE);
    if (verb === 'sign' && file === undefined) return sign(context);
    if (verb === 'list' && file === undefined) return list(context);
    if (verb === 'prove' && file !== undefined) return prove(context, file);
    throw new WrongUse(`usage: suanpan ${USAGE}`);
  },
};

const sign = (context: Context): Promise<number> => {
  requireKey(context);
  return writing(context, 'real', ({ store }) =>
    sealing(context, store, async (sealer) => {
      const signed = await sealer.sign();
      const file = textFlag(context, 'output');
      if (file !== undefined) appendDurably(file, `${signed.note}\n`);
      context.out.answer(signed);
      for (const line of signed.note.trimEnd().split('\n')) context.out.say(line);
      context.out.say(`signed by ${signed.key}`);
      return 0;
    }),
  );
};

const PAGE = 1_000;

const list = (context: Context): Promise<number> =>
  reading(context, ({ store, calendar }) =>
    withTree(context, store, async (tree) => {
      const items = [];
      for (let from = 0; ; ) {
        const page = tree.checkpoints({ from, limit: PAGE });
        items.push(...page);
        from = (page.at(-1)?.size ?? 0) + 1;
        if (page.length < PAGE) break;
      }
      context.out.answer({ items });
      for (const { size, root, key, note } of items) {
        const time = checkpointOf(note)?.time;
        context.out.say(`${size}  ${time ? zoned(calendar, time) : ''}  ${root}  ${key}`);
      }
      return 0;
    }),
  );

const prove = (context: Context, path: string): Promise<number> =>
  reading(context, ({ store }) =>
    withTree(context, store, async (tree) => {
      const kept = checkpointsOf('FILE', path).at(-1);
      const last = upTo(tree, textFlag(context, 'to'));
      const proof = kept && last ? await consistencyFor(tree, kept.size, last) : null;
      if (!kept || !proof) {
        const size = last?.size ?? 0;
        context.out.answer({ ok: false, kept: kept?.size ?? 0, size });
        context.out.say(`the log has ${size} leaves under its last checkpoint; yours covers ${kept?.size}`);
        return 1;
      }
      const later = checkpointOf(proof.note);
      const wrong = later ? inconsistency(kept, later, proof) : 'the later checkpoint cannot be read';
      context.out.answer({ ok: wrong === null, inconsistency: wrong, ...proof });
      context.out.say(wrong ?? 'the ledger still begins with your checkpoint');
      const output = textFlag(context, 'output');
      if (wrong !== null || output === undefined) return wrong === null ? 0 : 1;
      await writeOutput(context, output, [`${JSON.stringify(proof, null, 2)}\n`]);
      context.out.say(`the proof from size ${proof.from} to size ${proof.to} is in ${output}`);
      return 0;
    }),
  );

/** The last checkpoint, or the one of a size. */
const upTo = (tree: LogTree, size: string | undefined): Signed | null => {
  const last = tree.last();
  if (size === undefined) return last;
  const [found] = tree.checkpoints({ from: Number(size), limit: 1 });
  if (found?.size !== Number(size))
    throw new WrongUse(`--to: there is no checkpoint of size ${size} (the last is ${last?.size ?? 0})`);
  return found;
};
