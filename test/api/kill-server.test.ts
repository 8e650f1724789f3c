/** The server killed without warning under load, its client repeating blindly: nothing lost, nothing counted twice. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { randomFrom } from '../../src/demo/random.ts';
import { ADMIN, usage } from '../support/api.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runs } from '../support/proof.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const ACCOUNTS = ['acme', 'beta', 'gamma'] as const;
let child: ChildProcess | null = null;
afterEach(() => void child?.kill('SIGKILL'));

/** Starts the server; resolves to its address. */
const started = (path: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const flags = ['--store', `sqlite:${path}`, '--port', '0', '--clock', '2019-01-01T00:00:00+08:00'];
    const next = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, 'serve', ...flags], {
      env: { ...process.env, SUANPAN_ADMIN_KEY: ADMIN },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = next;
    let errors = '';
    next.stderr.on('data', (data) => {
      errors += data;
    });
    next.stdout.on('data', (data) => {
      const [, address] = /"address":"([^"]+)"/.exec(String(data)) ?? [];
      if (address) resolve(address);
    });
    next.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${errors}`)));
  });

const killed = async (): Promise<void> => {
  const running = child;
  if (!running) return;
  const gone = new Promise((resolve) => running.once('exit', resolve));
  running.kill('SIGKILL');
  await gone;
};

/** A request that is still to be answered; its answer must be a success once it comes. */
interface Wanted {
  readonly path: string;
  readonly body: unknown;
  readonly key: string | null;
}

const send = async (base: string, { path, body, key }: Wanted): Promise<'done' | 'again'> => {
  const response = await fetch(`${base}/v1${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${ADMIN}`,
      'content-type': 'application/json',
      ...(key === null ? {} : { 'idempotency-key': key }),
    },
    body: JSON.stringify(body),
  }).catch(() => null);
  // No answer, or one that was cut: whether it was done is not known.
  const answer = response ? await response.text().catch(() => null) : null;
  if (!response || answer === null || response.status === 409 || response.status === 503) return 'again';
  if (!response.ok) throw new Error(`${path}: ${response.status} ${answer}`);
  return 'done';
};

test('kill −9 under HTTP load', { timeout: 3_600_000 }, async () => {
  const path = join(temporaryFolder(), 'ledger.db');
  const random = randomFrom(31);
  let base = await started(path);
  for (const account of ACCOUNTS) {
    await send(base, { path: '/accounts', body: { account, name: '' }, key: null });
    await send(base, {
      path: `/accounts/${account}/services`,
      body: { product: 'face-recognition' },
      key: null,
    });
  }
  const rounds = runs('kill −9 of the server under HTTP load', 3, 200);
  const sent = { records: 0, deposits: 0, packs: 0 };
  let open: Wanted[] = [];
  const more = (): Wanted => {
    const account = random.pick(ACCOUNTS);
    const n = sent.records + sent.deposits + sent.packs;
    const kind = random.between(0, 9);
    if (kind === 0) {
      sent.deposits += 1;
      // Each request has a reference of its own: only its key tells a repeat from a second one.
      const body = { amount: '4000.00', reference: `r-${n}` };
      return { path: `/accounts/${account}/deposits`, body, key: `d-${n}` };
    }
    if (kind === 1 && sent.packs < sent.deposits / 8) {
      sent.packs += 1;
      const body = { pool: 'face-recognition/compare', size: 1_000_000, quantity: 1 };
      return { path: `/accounts/${account}/packs`, body, key: `p-${n}` };
    }
    sent.records += 1;
    return { path: '/usage', body: usage(`u-${n}`, { subject: account }), key: null };
  };
  for (let round = 0; round < rounds; round++) {
    let isUp = true;
    const address = base;
    const work = Array.from({ length: 16 }, async () => {
      const left: Wanted[] = [];
      while (isUp) {
        const next = open.pop() ?? more();
        const outcome = await send(address, next).catch((error: Error) => {
          // Packs bought before their deposit came through are wanted again.
          if (error.message.includes('insufficient_funds')) return 'again' as const;
          throw error;
        });
        // Now and then an answer is lost on the way, and the request comes again although it was done.
        if (outcome === 'again' || random.perMille(50)) left.push(next);
      }
      return left;
    });
    await new Promise((resolve) => setTimeout(resolve, random.between(50, 400)));
    await killed();
    isUp = false;
    open = [...open, ...(await Promise.all(work)).flat()];
    const restarted = performance.now();
    base = await started(path);
    expect(performance.now() - restarted).toBeLessThan(10_000);
  }
  for (let turn = 0; open.length > 0 && turn < 20; turn++) {
    const outcomes = await Promise.all(
      open.map((wanted) => send(base, wanted).catch(() => 'again' as const)),
    );
    open = open.filter((_, i) => outcomes[i] === 'again');
  }
  expect(open).toEqual([]);
  const read = async (of: string) => {
    const response = await fetch(`${base}/v1${of}`, { headers: { authorization: `Bearer ${ADMIN}` } });
    return (await response.json()) as { items: { records: number }[]; balance: { total: string } };
  };
  let records = 0;
  let packs = 0;
  let fen = 0;
  for (const account of ACCOUNTS) {
    const { items } = await read(`/accounts/${account}/usage?month=2019-01&by=interface`);
    for (const item of items) records += item.records;
    packs += (await read(`/accounts/${account}/packs?limit=1000`)).items.length;
    fen += Number((await read(`/accounts/${account}`)).balance.total.replace('.', ''));
  }
  expect({ records, packs }).toEqual({ records: sent.records, packs: sent.packs });
  expect(fen).toBe(sent.deposits * 400_000 - sent.packs * 310_000);
});
