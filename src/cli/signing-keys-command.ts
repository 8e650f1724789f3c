/** `suanpan signing-keys`: the keys that sign checkpoints and bundles. */
import {
  currentSigner,
  signingKeys as keysOf,
  revokeSigningKey,
  rotated,
} from '../checkpoint/signing-keys.ts';
import { keyFor } from './checkpoint-signing.ts';
import { type Command, type Context, STORE_FLAG, verbOf, WrongUse } from './command.ts';
import { reading } from './ledger-for-reading.ts';
import { styled } from './style.ts';
import { writing } from './write-commands.ts';
import { zoned } from './zoned.ts';

const USAGE = 'signing-keys list | create | rotate | revoke KEY';

export const signingKeys: Command = {
  usage: USAGE,
  what: 'Lists the keys that sign checkpoints, makes the first or the next one, declares one void.',
  flags: STORE_FLAG,
  words: [1, 2],
  run: (context) => {
    const [, key] = context.words;
    const verb = verbOf(context, ['list', 'create', 'rotate', 'revoke'], USAGE);
    if (verb === 'list' && key === undefined) return list(context);
    if (verb === 'create' && key === undefined) return make(context, false);
    if (verb === 'rotate' && key === undefined) return make(context, true);
    if (verb === 'revoke' && key !== undefined) return revoke(context, key);
    throw new WrongUse(`usage: suanpan ${USAGE}`);
  },
};

const list = (context: Context): Promise<number> =>
  reading(context, async ({ store, calendar }) => {
    const items = (await keysOf(store)).map(({ command: _, ...key }) => key);
    context.out.answer({ items });
    for (const { key, addedAt, revoked, statement } of items) {
      const state = revoked ? styled('red', 'revoked') : 'good';
      context.out.say(
        `${key}  since ${zoned(calendar, addedAt)}  ${state}${statement ? ', vouched for by the one before' : ''}`,
      );
    }
    return 0;
  });

/** Prints the current signing key or creates a new one, in the format that customers store. */
const make = (context: Context, isNew: boolean): Promise<number> =>
  writing(context, 'real', async ({ store }) => {
    const key = await keyFor(context, store, 'write');
    const signer = isNew
      ? await rotated(store, key, Date.now())
      : await currentSigner(store, key, Date.now());
    context.out.answer({ key: signer.key.text });
    context.out.say(signer.key.text);
    return 0;
  });

const revoke = (context: Context, key: string): Promise<number> =>
  writing(context, 'real', async ({ store }) => {
    if (!(await revokeSigningKey(store, key, Date.now())))
      throw new WrongUse(`signing_key_unknown: there is no good key ${key}`);
    context.out.answer({ key, revoked: true });
    context.out.say(`${key} is void; the next checkpoint is signed by another`);
    return 0;
  });
