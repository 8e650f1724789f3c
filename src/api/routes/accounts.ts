/** Accounts, their services and suspensions. */
import * as z from 'zod';
import { seesAccount } from '../../access/keyring.ts';
import { contactsOf, contactsStream, setContacts } from '../../delivery/contacts.ts';
import { activatedAt } from '../../domain/account.ts';
import { instantText } from '../../domain/calendar.ts';
import { canonicalJson } from '../../domain/canonical.ts';
import { fold } from '../../domain/evolve.ts';
import { accountId, commandSchemas } from '../../input/commands.ts';
import { accountView } from '../../ledger/queries/account-view.ts';
import { holderStream } from '../../ledger/system/account-holder.ts';
import { created } from '../http/commands/run-command.ts';
import { systemEvents } from '../http/commands/would-record.ts';
import { accountThen, unknownAccount } from '../http/reads/point-in-time.ts';
import { type Route, route } from '../http/route.ts';
import * as shape from '../schemas/common.ts';
import { accountList } from './account-list.ts';

const open = route({
  method: 'POST',
  path: '/accounts',
  scope: 'operate',
  tag: 'Accounts',
  what: 'Open an account',
  idempotent: true,
  params: shape.nothing,
  query: shape.nothing,
  body: z.strictObject({ account: accountId, name: commandSchemas['open-account'].shape.name }),
  answers: {
    201: { what: 'opened', schema: z.object({ account: accountId, name: z.string() }) },
    200: { what: 'is open already', schema: z.object({ account: accountId, name: z.string() }) },
  },
  example: { path: '/accounts', body: { account: 'acme', name: '示例公司' }, status: 201 },
  command: async (api, call, run) => {
    const { account, name } = call.body;
    if (!seesAccount(call.key, account)) throw unknownAccount(account);
    const command = { name: 'open-account', body: { name } } as const;
    const ran = await run(api, call, account, 'POST /accounts', command);
    const reply = created(ran, { account, name });
    const isNamed = ran.isDry && ran.changed && name !== '';
    if (!isNamed) return reply;
    const named = ['HolderNamed', { account, name }] as const;
    return { ...reply, wouldRecord: await systemEvents(api, holderStream(account), api.clock.now(), named) };
  },
});

const show = route({
  method: 'GET',
  path: '/accounts/:account',
  scope: 'read',
  tag: 'Accounts',
  what: 'An account: status, balance, services; also as it was',
  params: shape.ofAccount,
  query: shape.asOf,
  body: null,
  answers: { 200: { what: 'the account', schema: shape.account } },
  example: { path: '/accounts/acme', status: 200 },
  handle: async (api, { params, query }) => {
    const { account } = await accountThen(api, params.account, query);
    return { status: 200, body: await accountView(api.ledger.store, account) };
  },
});

const service = z.object({ product: z.string(), activatedAt: shape.instant });
const activate = route({
  method: 'POST',
  path: '/accounts/:account/services',
  scope: 'operate',
  tag: 'Accounts',
  what: 'Activate a product',
  idempotent: true,
  params: shape.ofAccount,
  query: shape.nothing,
  body: commandSchemas['activate-service'],
  answers: {
    201: { what: 'activated', schema: service },
    200: { what: 'is active already', schema: service },
  },
  example: { path: '/accounts/acme/services', body: { product: 'face-recognition' }, status: 201 },
  command: async (api, call, run) => {
    const { account } = call.params;
    const { product } = call.body;
    const command = { name: 'activate-service', body: call.body } as const;
    const ran = await run(api, call, account, 'POST /services', command);
    const event = ran.events.find(({ type }) => type === 'ServiceActivated');
    const at = event?.at ?? activatedAt((await accountThen(api, account)).account, product) ?? 0;
    return created(ran, { product, activatedAt: instantText(at) });
  },
});

const switched = commandSchemas['switch-post-paid'].meta({ id: 'PostPaidSwitch' });
const switchPostPaid = route({
  method: 'PUT',
  path: '/accounts/:account/services/:product',
  scope: 'operate',
  tag: 'Accounts',
  what: 'Switch whether what neither free units nor packs pay is post-paid, or waived, from now on',
  params: shape.ofAccount.extend({ product: switched.shape.product }),
  query: shape.nothing,
  body: switched.omit({ product: true }),
  answers: { 200: { what: 'how it is from now on', schema: switched } },
  example: { path: '/accounts/acme/services/face-recognition', body: { postPaid: 'off' }, status: 200 },
  command: async (api, call, run) => {
    const { account, product } = call.params;
    const body = { product, postPaid: call.body.postPaid };
    const command = { name: 'switch-post-paid', body } as const;
    const { headers } = await run(api, call, account, 'PUT /services', command);
    return { status: 200, body, headers };
  },
});

const suspension = z.object({ reason: z.string(), note: z.string() });
const suspend = route({
  method: 'POST',
  path: '/accounts/:account/suspensions',
  scope: 'operate',
  tag: 'Accounts',
  what: 'Prohibit an account',
  idempotent: true,
  params: shape.ofAccount,
  query: shape.nothing,
  body: z.strictObject({ reason: z.literal('prohibited'), note: commandSchemas.suspend.shape.note }),
  answers: {
    201: { what: 'suspended', schema: suspension },
    200: { what: 'is suspended already', schema: suspension },
  },
  example: {
    path: '/accounts/acme/suspensions',
    body: { reason: 'prohibited', note: 'abuse reported' },
    status: 201,
  },
  command: async (api, call, run) => {
    const command = { name: 'suspend', body: call.body } as const;
    const ran = await run(api, call, call.params.account, 'POST /suspensions', command);
    return created(ran, call.body);
  },
});

const lift = route({
  method: 'DELETE',
  path: '/accounts/:account/suspensions/prohibited',
  scope: 'operate',
  tag: 'Accounts',
  what: 'Lift the prohibition',
  params: shape.ofAccount,
  query: shape.nothing,
  body: null,
  answers: { 200: { what: 'the account', schema: shape.account } },
  example: { path: '/accounts/acme/suspensions/prohibited', status: 200 },
  command: async (api, call, run) => {
    const { account: id } = call.params;
    const command = { name: 'lift-suspension', body: { reason: 'prohibited' } } as const;
    const { headers, isDry, events } = await run(api, call, id, 'DELETE /suspensions', command);
    const { account } = await accountThen(api, id);
    const after = (isDry && fold(account, events)) || account;
    return { status: 200, body: await accountView(api.ledger.store, after), headers };
  },
});

const contact = z.string().min(1).max(200);
const contacts = z.strictObject({
  email: z.email().max(200).nullish(),
  phone: contact.nullish(),
  wechat: contact.nullish(),
});
const contactsSet = z
  .object({
    email: z.string().nullable(),
    phone: z.string().nullable(),
    wechat: z.string().nullable(),
  })
  .meta({ id: 'Contacts' });

/** All three contacts are replaced; omitted ones are removed. */
const contactsAsked = ({ email, phone, wechat }: z.infer<typeof contacts>) => ({
  email: email ?? null,
  phone: phone ?? null,
  wechat: wechat ?? null,
});

const putContacts = route({
  method: 'PUT',
  path: '/accounts/:account/contacts',
  scope: 'operate',
  tag: 'Accounts',
  what: 'Set where notices go',
  params: shape.ofAccount,
  query: shape.nothing,
  body: contacts,
  answers: { 200: { what: 'the contacts', schema: contactsSet } },
  example: { path: '/accounts/acme/contacts', body: { email: 'billing@example.com' }, status: 200 },
  handle: async (api, { params, body }) => {
    await accountThen(api, params.account);
    const set = contactsAsked(body);
    await setContacts(api.ledger.store, params.account, set, api.clock.now(), api.recordedAt());
    return { status: 200, body: set };
  },
  tryOut: async (api, { params, body }) => {
    const { account } = params;
    await accountThen(api, account);
    const set = contactsAsked(body);
    const known = await contactsOf(api.ledger.store, account);
    const isSame = canonicalJson(known) === canonicalJson(set);
    const event = ['ContactsSet', { account, ...set }] as const;
    const wouldRecord = isSame
      ? []
      : await systemEvents(api, contactsStream(account), api.clock.now(), event);
    return { status: 200, body: set, wouldRecord };
  },
});

const getContacts = route({
  method: 'GET',
  path: '/accounts/:account/contacts',
  scope: 'operate',
  tag: 'Accounts',
  what: 'Where notices go',
  params: shape.ofAccount,
  query: shape.nothing,
  body: null,
  answers: { 200: { what: 'the contacts', schema: contactsSet } },
  example: { path: '/accounts/acme/contacts', status: 200 },
  handle: async (api, { params }) => {
    await accountThen(api, params.account);
    const known = await contactsOf(api.ledger.store, params.account);
    return { status: 200, body: known ?? { email: null, phone: null, wechat: null } };
  },
});

export const accountRoutes: readonly Route[] = [
  open,
  accountList,
  show,
  activate,
  switchPostPaid,
  suspend,
  lift,
  putContacts,
  getContacts,
];
