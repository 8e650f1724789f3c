/** Ledgers that are easily mistaken for one another: one as it was, two ways on from there, and one of other facts. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { openCheckpointSigner } from '../../src/checkpoint/checkpoint-queue.ts';
import { openLogTree } from '../../src/checkpoint/log-tree.ts';
import { openFeed } from '../../src/delivery/feed.ts';
import { openOutbox } from '../../src/delivery/outbox.ts';
import { addWebhook } from '../../src/delivery/webhooks.ts';
import { derivedPath } from '../../src/derived/files.ts';
import { type CommandName, parseCommand } from '../../src/input/commands.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openLedgerAt } from '../../src/ledger/open.ts';
import { shippedPriceBooks } from '../../src/ledger/system/shipped-price-books.ts';
import { instant } from '../support/given.ts';
import { SERVER_KEY } from '../support/sealed.ts';

const BOOKS = shippedPriceBooks().filter(({ product }) => product === 'face-recognition');
const POOL = 'face-recognition/compare';
const NAMES = ['acme', 'busy'];
const AT = '2019-01-05T00:00:00+08:00';

const openAt = (folder: string): Promise<Ledger> =>
  openLedgerAt({ store: `sqlite:${join(folder, 'ledger.db')}`, clock: 'driven', books: BOOKS });

const has = async (ledger: Ledger, account: string, at: string, name: CommandName, body: object) => {
  const parsed = parseCommand(name, body);
  if (!parsed.ok) throw new Error(parsed.problem.message);
  const answer = await ledger.execute(account, parsed.command, instant(at), null);
  if (answer.outcome === 'refused') throw new Error(answer.refusal.detail);
};

const record = (id: string, calls = 5) => ({
  source: '/g',
  id,
  interface: POOL,
  time: instant(AT),
  calls,
  submitted: null,
});

const outboxOf = (folder: string, ledger: Ledger) => {
  const outbox = openOutbox(derivedPath(join(folder, 'ledger.db'), 'outbox'));
  const feed = openFeed({
    store: ledger.store,
    outbox,
    now: () => 0,
    ledgerNow: () => instant(AT),
    sendsEmail: false,
    emailMaxAge: 0,
    reached: () => ledger.views?.anchor() ?? null,
  });
  return { outbox, feed };
};

/** Lets a ledger live: `name` is in every identity, so that two lives have none in common. */
const lives = async (folder: string, name: string, facts: number): Promise<void> => {
  const ledger = await openAt(folder);
  const { store } = ledger;
  const sealer = openCheckpointSigner({
    store,
    path: derivedPath(join(folder, 'ledger.db'), 'tree'),
    serverKey: SERVER_KEY,
    now: Date.now,
    file: null,
  });
  const webhook = { webhook: `w-${name}`, url: 'http://127.0.0.1:1', types: ['*'], accounts: null };
  await addWebhook(store, { ...webhook, secret: 'whsec_AA==' }, instant(AT), AT, SERVER_KEY);
  for (const account of NAMES) {
    const { account: open } = await ledger.entry(account);
    if (!open) {
      await has(ledger, account, '2019-01-01T00:00:00+08:00', 'open-account', { name: account });
      await has(ledger, account, AT, 'activate-service', { product: 'face-recognition' });
    }
    const own = account === 'busy' ? facts : 3;
    for (let i = 0; i < own; i++)
      await has(ledger, account, AT, 'deposit', { amount: '10', reference: `${name} ${i}` });
    await ledger.meter(account, [record(`${name} 1`), record(`${name} 2`, 7)], instant(AT));
  }
  await ledger.logRefused(
    [{ account: 'acme', code: 'invalid_record', detail: '', came: { json: { name } } }],
    0,
  );
  await sealer.sign();
  await ledger.viewsCaughtUp();
  const { outbox, feed } = outboxOf(folder, ledger);
  await feed.fill();
  outbox.close();
  await sealer.close();
  await ledger.close();
};

/** The ledgers, each in a folder of its own with everything that is derived from it. */
export const builtLedgers = async (folder: string) => {
  const places = { older: '', target: '', newer: '', other: '' };
  for (const name of ['older', 'target', 'newer', 'other'] as const) places[name] = join(folder, name);
  await lives(places.older, 'before', 520);
  for (const name of ['target', 'newer'] as const) cpSync(places.older, places[name], { recursive: true });
  await lives(places.target, 'one way', 20);
  await lives(places.newer, 'another way', 600);
  await lives(places.other, 'elsewhere', 530);
  return places;
};

/** What a ledger answers, from each of the files that are derived from it. */
export const observed = async (folder: string) => {
  const ledger = await openAt(folder);
  await ledger.viewsCaughtUp();
  const views = ledger.views?.digest();
  const balances: unknown[] = [];
  for (const account of NAMES) {
    const { account: held, length } = await ledger.entry(account);
    balances.push([length, held?.total, held?.packs]);
  }
  const tree = openLogTree(ledger.store, derivedPath(join(folder, 'ledger.db'), 'tree'));
  await tree.bringUp();
  const log = { size: tree.size(), root: tree.root(tree.size()), last: tree.last() };
  tree.close();
  const { outbox, feed } = outboxOf(folder, ledger);
  await feed.fill();
  const letters = outbox
    .receivers()
    .flatMap((receiver) => outbox.due(receiver, Number.MAX_SAFE_INTEGER, 10_000))
    .map(({ delivery }) => delivery);
  outbox.close();
  const identities: unknown[] = [];
  const names = ['before', 'one way', 'another way', 'elsewhere'];
  for (const account of NAMES) {
    const records = names.map((name) => record(`${name} 1`));
    identities.push((await ledger.meter(account, records, instant(AT)))?.map(({ outcome }) => outcome));
    for (const name of names) {
      const again = { amount: '10', reference: `${name} 0` };
      const before = (await ledger.entry(account)).account?.total;
      await has(ledger, account, AT, 'deposit', again);
      identities.push([name, (await ledger.entry(account)).account?.total === before]);
    }
  }
  for (const name of names)
    await ledger.logRefused(
      [{ account: 'acme', code: 'invalid_record', detail: '', came: { json: { name } } }],
      0,
    );
  identities.push((await ledger.store.head('refused-acme')).length);
  await ledger.close();
  return { views, balances, log, letters: letters.sort(), identities };
};
