/**
 * A ledger's files tampered with in every way: each kind of event, each table, index and column of the ledger's file and
 * of each derived file, under each command of the table and behind a server. What is wrong is found and named, nothing
 * ends as an internal error, and what does not need it goes on.
 */
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { ROUTES } from '../../src/api/routes/all.ts';
import { commands } from '../../src/cli/commands.ts';
import { failureOf } from '../../src/cli/failure.ts';
import { storedEvents } from '../../src/codec/stored-events.ts';
import { randomFrom } from '../../src/demo/random.ts';
import { systemEvents } from '../../src/ledger/system/events.ts';
import { served, usage } from '../support/api.ts';
import { commandLine, type Ran } from '../support/command-line.ts';
import { type Damage, eventDamages, eventsIn, LEDGER_FILE, partsDamages, rowOf } from '../support/damages.ts';
import { folderOfFile } from '../support/folder.ts';
import { FULL_LEDGER_ACCOUNTS, fullLedger, FULL_LEDGER_NOW as NOW } from '../support/full-ledger.ts';
import { runs } from '../support/proof.ts';

const folder = folderOfFile();
const sound = (): string => join(folder(), 'sound');
const SEED = 32;
/** For all of them, as `npm run proof` does. */
const LONG = { timeout: 24 * 3_600_000 };

type Words = readonly string[];
const MONTH = '2019-03';

/** What reads one account alone. */
const OF_ACCOUNT: Readonly<Record<string, (account: string, out?: string) => readonly Words[]>> = {
  account: (a) => [
    ['account', a],
    ['account', a, '--as-of', '2019-06-01T00:00:00+08:00'],
  ],
  bill: (a) => [
    ['bill', a, MONTH],
    ['bill', a, MONTH, '--as-of', '2019-06-01T00:00:00+08:00'],
  ],
  explain: (a) => [
    ['explain', a, MONTH],
    ['explain', a, MONTH, '--records'],
    ['explain', a, '--suspended', '2019-07-01T00:00:00+08:00'],
  ],
  estimate: (a) => [
    ['estimate', a],
    ['estimate', a, '2020-03', '--as-of', '2020-03-01T10:00:00+08:00'],
  ],
  changes: (a) => [['changes', a, '--from', '2019-01-01T00:00:00+08:00', '--to', NOW]],
};

/** What reads more of the ledger, or writes; `out`: a path at which there is nothing. */
const OF_ALL: Readonly<Record<string, (account: string, out: string) => readonly Words[]>> = {
  import: (_, out) => [['import', `${out}.in`]],
  'close-month': () => [['close-month', '2020-03', '--at', '2020-04-01T04:00:00+08:00']],
  blocked: () => [['blocked', '2020-02']],
  replay: (a) => [
    ['replay', a, MONTH],
    ['replay', '--all'],
  ],
  bundle: (a, out) => [['bundle', a, MONTH, '-o', out]],
  dispute: (a) => [
    ['dispute', 'list', a],
    ['dispute', 'open', a, MONTH, '--reason', 'a test', '--at', NOW],
  ],
  checkpoint: () => [
    ['checkpoint', 'list'],
    ['checkpoint', 'sign'],
  ],
  quarantine: () => [['quarantine']],
  rebuild: () => [['rebuild']],
  overview: () => [['overview']],
  export: (a, out) => [
    ['export', out],
    ['export', out, '--account', a],
    ...['bills', 'usage', 'focus'].map((as) => ['export', out, '--as', as]),
    ['export', out, '--as', 'usage', '--by', 'record'],
    ['export', out, '--as', 'statement', '--account', a],
  ],
  copy: (_, out) => [['copy', 'FROM', `sqlite:${out}.copy`]],
  backup: (_, out) => [['backup', out]],
  keys: () => [
    ['keys', 'list'],
    ['keys', 'create', '--name', 'a key'],
  ],
  'signing-keys': () => [
    ['signing-keys', 'list'],
    ['signing-keys', 'rotate'],
  ],
  'price-book': () => [['price-book', 'show']],
};
const VERIFY: Words = ['verify', '--store', 'FROM'];

/** Commands that read no ledger, and the server, which has a test of its own below. */
const OTHERS = ['serve', 'wait', 'demo', 'load', 'restore', 'verify'];

let damages: readonly Damage[];
let copies = 0;

beforeAll(async () => {
  mkdirSync(sound());
  await fullLedger(sound());
  const random = randomFrom(SEED);
  const events = eventsIn(sound());
  const ofEvents = [...new Set(events.map(({ type }) => type))].flatMap((type) => {
    const [first, ...others] = events.filter((event) => event.type === type);
    if (!first) throw new Error(type);
    return eventDamages(random.pick([first, ...others]), () => random);
  });
  damages = shuffled([...ofEvents, ...partsDamages(sound())]);
});

const shuffled = <T>(items: readonly T[]): T[] => {
  const random = randomFrom(SEED);
  const left = [...items];
  return items.flatMap(() => left.splice(random.between(0, left.length - 1), 1));
};

/** A copy of the ledger, damaged, with what an import would read beside it; deleted after `work`. */
const withCopy = async <T>(damage: Damage | null, work: (path: string) => Promise<T>): Promise<T> => {
  const path = join(folder(), `copy-${copies++}`);
  cpSync(sound(), path, { recursive: true });
  try {
    damage?.apply(path);
    return await work(path);
  } finally {
    rmSync(path, { recursive: true });
  }
};

const importOf = (account: string): string =>
  [account, 'good']
    .flatMap((subject) => [
      { account: subject, at: NOW, command: 'deposit', id: 'after', amount: '5.00', reference: 'after' },
      usage('after', { subject, time: NOW }),
    ])
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');

const ranOn = async (path: string, words: Words): Promise<Ran> => {
  const address = `sqlite:${join(path, LEDGER_FILE)}`;
  const said = words.map((word) => (word === 'FROM' ? address : word));
  const ran = await commandLine(words.includes('FROM') ? said : [...said, '--store', address]);
  const plain = (text: string): string => text.replaceAll(path, '');
  return { status: ran.status, stdout: plain(ran.stdout), stderr: plain(ran.stderr) };
};

/** What a command of an account does on a copy. */
const ranOnCopy = (
  damage: Damage | null,
  account: string,
  wordsOf: (out: string) => Words | undefined,
): Promise<Ran> =>
  withCopy(damage, (path) => {
    writeFileSync(join(path, 'out.in'), importOf(account));
    return ranOn(path, wordsOf(join(path, 'out')) ?? []);
  });

const known = new Map<string, Promise<Ran>>();
/** What it does on the sound ledger. */
const soundly = (account: string, wordsOf: (out: string) => Words | undefined): Promise<Ran> => {
  const key = JSON.stringify([account, wordsOf('')]);
  const ran = known.get(key) ?? ranOnCopy(null, account, wordsOf);
  known.set(key, ran);
  return ran;
};

const told = ({ stdout, stderr }: Ran): string => `${stdout}${stderr}`;
const UNFORESEEN = /internal error|\n\s+at |TypeError|is not a function|is not iterable/;
const isForeseen = (ran: Ran): boolean => [0, 1, 2].includes(ran.status) && !UNFORESEEN.test(told(ran));

/** Whether a text says what was damaged: a stream, or of a file what SQLite or its reader says of it. */
const names = (text: string, { event, name }: Damage): boolean => {
  if (event !== null)
    return (
      text.includes(event.stream) || (/stream (NULLed|.*gone)/.test(name) && /without a name/.test(text))
    );
  return /table|index|column|views?\b|database|damaged|event \d+ of|not a ledger|key|disk image|tree/.test(
    text,
  );
};

const accountOf = ({ event }: Damage): string | null =>
  event?.stream.startsWith('account-') ? event.stream.slice('account-'.length) : null;
const otherThan = (account: string | null): string => (account === 'good' ? 'spent' : 'good');

/** Whether a whole check must fail: something in the ledger's own tables is other than it was. */
const mustBeFound = ({ event, file, name }: Damage, path: string): boolean =>
  event === null
    ? file === '' && !/ledger_meta/.test(name)
    : rowOf(path, event) !== rowOf(sound(), event) || /swapped/.test(name);

/** What is wrong with how a damaged ledger is taken; empty: nothing. */
const faultsOf = async (damage: Damage, share: (words: Words) => boolean): Promise<string[]> => {
  const faults: string[] = [];
  const fault = (words: Words, what: string, ran: Ran): void =>
    void faults.push(`${damage.name} | ${words.join(' ')}: ${what} (${ran.status}) ${told(ran).slice(-300)}`);
  const own = accountOf(damage);
  const look = (account: string, words: Words, before: Ran, ran: Ran): void => {
    if (!isForeseen(ran)) fault(words, 'not foreseen', ran);
    // A stream that ends earlier and is sealed again is another one, of which only the checkpoints know better.
    else if (
      ran.status !== before.status &&
      !names(told(ran), damage) &&
      !/deleted, sealed/.test(damage.name)
    )
      fault(words, 'not named', ran);
    if (own !== null && account !== own && JSON.stringify(ran) !== JSON.stringify(before))
      fault(words, 'another account does not go on', ran);
  };
  await withCopy(damage, async (path) => {
    const isOther = mustBeFound(damage, path);
    const verified = await ranOn(path, VERIFY);
    if (!isForeseen(verified)) fault(VERIFY, 'not foreseen', verified);
    if (verified.status !== 0 && !names(told(verified), damage)) fault(VERIFY, 'not named', verified);
    if (verified.status === 0 && isOther) fault(VERIFY, 'not found', verified);
    for (const account of [own ?? 'acme', otherThan(own)])
      for (const words of Object.values(OF_ACCOUNT).flatMap((of) => of(account)))
        if (share(words)) look(account, words, await soundly(account, () => words), await ranOn(path, words));
  });
  const account = own ?? 'acme';
  for (const of of Object.values(OF_ALL))
    for (const [i, words] of of(account, '').entries()) {
      if (!share(words)) continue;
      const wordsOf = (out: string) => of(account, out)[i];
      look(account, words, await soundly(account, wordsOf), await ranOnCopy(damage, account, wordsOf));
    }
  return faults;
};

test('the ledger holds an event of every kind', () => {
  const types = new Set(eventsIn(sound()).map(({ type }) => type));
  expect([...types].sort()).toEqual([...Object.keys(storedEvents), ...Object.keys(systemEvents)].sort());
});

test('every command is run, or reads no ledger', () => {
  expect([...Object.keys(OF_ACCOUNT), ...Object.keys(OF_ALL), ...OTHERS].sort()).toEqual(
    Object.keys(commands).sort(),
  );
});

test('the sound ledger is found sound, and every command takes it', async () => {
  expect(await ranOnCopy(null, 'good', () => VERIFY)).toMatchObject({ status: 0 });
  for (const of of [...Object.values(OF_ACCOUNT), ...Object.values(OF_ALL)])
    for (const [i] of of('good', '').entries())
      expect(await soundly('good', (out) => of('good', out)[i])).toMatchObject({ status: 0 });
});

test('whatever is tampered with is named, and what does not need it goes on', LONG, async () => {
  const random = randomFrom(SEED);
  const most = runs('tampered ledgers under every command', 12, damages.length);
  const isSample = most < damages.length;
  const faults: string[] = [];
  for (const damage of damages.slice(0, most))
    faults.push(...(await faultsOf(damage, () => !isSample || random.perMille(100))));
  expect(faults).toEqual([]);
});

interface Got {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: what comes back is what is looked at.
  readonly body: any;
}

/** What a server over it answers every read, by account and path, and usage; and what its readiness says after that. */
const servedOver = async (path: string) => {
  const env = { SUANPAN_STORE: `sqlite:${join(path, LEDGER_FILE)}`, SUANPAN_CLOCK: NOW };
  const api = await served({ ...env, SUANPAN_ALLOW_PRIVATE_TARGETS: 'true' });
  try {
    const got = new Map<string, Got>();
    for (const { method, path: route, example } of ROUTES) {
      if (method !== 'GET' || route === '/stream') continue;
      for (const account of route.includes(':account') ? FULL_LEDGER_ACCOUNTS : ['acme'])
        got.set(
          `${account} ${route}`,
          await api.send('GET', example.path.replace('/acme', `/${account}`).replace(/:[a-z]+/g, 'none')),
        );
    }
    for (const account of FULL_LEDGER_ACCOUNTS)
      got.set(`${account} usage`, await api.send('POST', '/usage', usage('after', { subject: account })));
    const ready = await fetch(`${api.base}/readyz`);
    return { got, ready: `${ready.status} ${await ready.text()}` };
  } finally {
    await api.stop();
  }
};

test('a server over it starts or says why not, answers by name, and goes on with others', LONG, async () => {
  const before = await withCopy(null, servedOver);
  const most = runs('tampered ledgers behind a server', 2, damages.length);
  const faults: string[] = [];
  for (const damage of damages.slice(0, most)) {
    const fault = (what: string, ...said: unknown[]): void =>
      void faults.push(`${damage.name} | ${what}: ${JSON.stringify(said).slice(0, 400)}`);
    const own = accountOf(damage);
    const after = await withCopy(damage, servedOver).catch((error: unknown) => error);
    if (after instanceof Error) {
      const failure = failureOf(after);
      if (failure.exit === 70 || !names(failure.message, damage)) fault('does not start', failure.message);
      continue;
    }
    const { got, ready } = after as Awaited<ReturnType<typeof servedOver>>;
    for (const [what, { status, body }] of got) {
      if (body?.code === 'internal') fault(what, body);
      const [account = ''] = what.split(' ');
      const isOther = own !== null && account !== own && !/bundle|usage$/.test(what);
      if (isOther && status !== before.got.get(what)?.status) fault(`${what} does not go on`, status, body);
      if (body?.code === 'stream_unreadable' && !ready.includes(String(body.stream)))
        fault(`${what} is not told by readiness`, body, ready);
    }
  }
  expect(faults).toEqual([]);
});
