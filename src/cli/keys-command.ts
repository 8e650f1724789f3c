/** `suanpan keys create|list|revoke`: keys of the HTTP interface, without a server. */
import { randomBytes } from 'node:crypto';
import { SCOPES, type Scope } from '../access/events.ts';
import { createKey, revokeKey } from '../access/key-changes.ts';
import { isUsable, openKeyring } from '../access/keyring.ts';
import {
  type Command,
  type Context,
  instantFlag,
  STORE_FLAG,
  textFlag,
  verbOf,
  WrongUse,
} from './command.ts';
import { reading } from './ledger-for-reading.ts';
import { styled } from './style.ts';
import { table } from './table.ts';
import { ACCOUNT, INSTANT, listOf, oneOf } from './values.ts';
import { writing } from './write-commands.ts';
import { zoned } from './zoned.ts';

/** Characters, as over HTTP. */
const NAME_MAX = 100;

const USAGE = 'keys create | list | revoke KEY';

export const keys: Command = {
  usage: USAGE,
  what: 'Creates, lists and revokes keys of the HTTP interface (beside a running server use POST /v1/keys).',
  flags: {
    ...STORE_FLAG,
    name: { type: 'string', what: 'create: what the key is for' },
    scopes: {
      type: 'string',
      what: `create: of ${SCOPES.join(', ')}, separated by commas (default read)`,
      value: listOf(oneOf(...SCOPES)),
    },
    accounts: {
      type: 'string',
      what: 'create: accounts it is bound to, separated by commas (default all)',
      value: listOf(ACCOUNT),
    },
    expires: {
      type: 'string',
      what: 'create: until when it is good (RFC 3339; default for ever)',
      value: INSTANT,
    },
  },
  words: [1, 2],
  run: (context) => {
    const [, key] = context.words;
    const verb = verbOf(context, ['create', 'list', 'revoke'], USAGE);
    if (verb === 'list' && key === undefined) return list(context);
    if (verb === 'create' && key === undefined) return create(context);
    if (verb === 'revoke' && key !== undefined) return revoke(context, key);
    throw new WrongUse(`usage: suanpan ${USAGE}`);
  },
};

const create = (context: Context): Promise<number> => {
  const scopes = (textFlag(context, 'scopes') ?? 'read').split(',').map((text): Scope => {
    const scope = SCOPES.find((one) => one === text);
    if (!scope) throw new WrongUse(`--scopes: ${text} is not one of ${SCOPES.join(', ')}`);
    return scope;
  });
  const accounts = textFlag(context, 'accounts')?.split(',') ?? null;
  const expires = instantFlag(context, 'expires');
  if (expires !== null && expires <= Date.now())
    throw new WrongUse(`--expires: ${textFlag(context, 'expires')} is over: the key would never be good`);
  const name = textFlag(context, 'name') ?? 'command line';
  if (name === '' || name.length > NAME_MAX) throw new WrongUse(`--name: has 1 to ${NAME_MAX} characters`);
  return writing(context, 'real', async ({ store }) => {
    const expiresAt = expires === null ? null : new Date(expires).toISOString();
    const asked = { name, scopes, accounts, expiresAt };
    const created = await createKey(store, asked, randomBytes(32), Date.now());
    context.out.answer({ ...created, ...asked });
    context.out.say(`${created.key}: ${scopes.join(', ')}${accounts ? ` for ${accounts.join(', ')}` : ''}`);
    context.out.say(`${styled('bold', created.secret)}  (shown this once)`);
    return 0;
  });
};

const list = (context: Context): Promise<number> =>
  reading(context, async ({ store, calendar }) => {
    const items = (await openKeyring(store, null)).list();
    context.out.answer({ items });
    const rows = items.map((key) => [
      key.key,
      `${key.prefix}…`,
      key.name,
      key.scopes.join(','),
      key.accounts?.join(',') ?? 'all accounts',
      isUsable(key, Date.now()) ? 'usable' : 'void',
      key.lastUsedAt === null ? 'never used' : zoned(calendar, key.lastUsedAt),
    ]);
    for (const row of table(rows)) context.out.say(row);
    return 0;
  });

const revoke = (context: Context, key: string): Promise<number> =>
  writing(context, 'real', async ({ store }) => {
    const known = (await openKeyring(store, null)).get(key);
    if (!known) throw new WrongUse(`key_unknown: there is no key ${key}`);
    if (isUsable(known, Date.now())) await revokeKey(store, key, Date.now(), Date.now());
    context.out.answer({ key, revoked: true });
    context.out.say(`${key} is void`);
    return 0;
  });
