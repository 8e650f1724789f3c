/**
 * `import` and `close-month` killed without warning, at any moment and again and again, and started again the same way
 * until they end: the ledger is then, fact for fact, what one that nobody killed is. Facts of two runs differ in when
 * they were recorded, and so in seals and in what a bill says of them: the hash of its last fact and its own digest.
 */
import { execFile } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { randomFrom } from '../../src/demo/random.ts';
import { recordLines } from '../../src/integrity/record-block.ts';
import { openForReading } from '../../src/ledger/open.ts';
import { temporaryFolder } from '../support/folder.ts';
import { inFull, runs } from '../support/proof.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/suanpan.js', import.meta.url));
/** More than are closed together, so that a kill can leave some of them closed. */
const ACCOUNTS = 120;
/** With usage, of each month. */
const DAYS = inFull(4, 12);
/** Kills of one command before it is left alone, so that a life of a ledger sees all commands killed. */
const KILLS = 4;
const FACES = {
  product: 'face-recognition',
  pool: 'face-recognition/compare',
  size: 1_000_000,
  most: 40_000,
};
const CARDS = { product: 'ocr', pool: 'ocr/id-card', size: 1_000, most: 400 };

/** Three months in order of time; some usage is said twice, some of that otherwise, some late, some in vain. */
const lines = (): string[] => {
  const random = randomFrom(23);
  const all: object[] = [];
  const said: object[] = [];
  const kinds = Array.from({ length: ACCOUNTS }, (_, i) => (i % 2 ? CARDS : FACES));
  const command = (at: string, name: string, account: string, more: object) =>
    all.push({ at: `2019-${at}:00+08:00`, command: name, account, id: `${name} ${at}`, ...more });
  for (const [i, { product, pool, size }] of kinds.entries()) {
    const id = `a-${i}`;
    command('01-01T00:00', 'open-account', id, { name: `Holder ${i}` });
    command('01-01T00:00', 'activate-service', id, { product });
    command('01-01T00:00', 'deposit', id, { amount: '90000', reference: 'wire-1' });
    if (i % 3 === 0) command('01-02T09:00', 'buy-packs', id, { pool, size });
  }
  for (const month of ['01', '02', '03']) {
    for (const [i, { pool, size, most }] of kinds.entries()) {
      const id = `a-${i}`;
      for (let day = 10; day < 10 + DAYS; day++) {
        const time = `2019-${random.perMille(20) ? '01' : month}-${day}T08:00:00+08:00`;
        const data = { interface: pool, calls: random.between(1, most) };
        const source = `/g/${day % 2}`;
        const about = { specversion: '1.0', type: 'suanpan.usage', source, subject: id, time };
        const record = { ...about, id: random.uuid(), data };
        said.push(record);
        all.push(record);
        if (random.perMille(100)) all.push(said[random.between(0, said.length - 1)] ?? record);
        if (random.perMille(10)) all.push({ ...record, data: { ...data, calls: most + 1 } });
        if (random.perMille(5))
          all.push({ ...record, id: `${day}`, data: { ...data, interface: 'no/such' } });
      }
      command(`${month}-25T12:00`, 'deposit', id, { amount: '500', reference: `wire ${month}` });
      if (i % 4 === 1) command(`${month}-26T12:00`, 'buy-packs', id, { pool, size });
      // Some close a month within the import, so that late usage corrects an issued bill.
      if (i % 3 === 1 && month === '02') command('02-27T04:00', 'close-month', id, { month: '2019-01' });
    }
  }
  return all.map((line) => JSON.stringify(line));
};

/** Runs a command, and kills it at a moment if there is one and it has not ended by then. */
const run = (args: readonly string[], moment?: Promise<unknown>) =>
  new Promise<{ killed: boolean; problem: string; said: string }>((resolve) => {
    const child = execFile(process.execPath, [PROGRAM, ...args, '--json'], (error, said) =>
      resolve({ killed: error?.signal === 'SIGKILL', problem: error?.message ?? '', said }),
    );
    void moment?.then(() => child.kill('SIGKILL'));
  });

const answerOf = async (...args: string[]): Promise<unknown> => {
  const { problem, said } = await run(args);
  expect(problem, `${problem}${said}`).toBe('');
  return JSON.parse(said);
};

/** Resolves when a process that begins now has the ledger at a path open: it marks the index beside it. */
const openedAt = async (path: string): Promise<void> => {
  const mark = () => statSync(join(`${path}.index`, 'OPEN'), { throwIfNoEntry: false })?.mtimeMs;
  const before = mark();
  for (let ms = 0; ms < 10_000 && (mark() ?? before) === before; ms++) await sleep(1);
};

/** Everything a ledger's log says, by stream, but for when it was recorded. */
const told = async (path: string) => {
  const store = await openForReading(`sqlite:${path}`);
  const events = await store.readAll({ after: null, limit: 1_000_000, records: true });
  await store.close();
  // Keys and signatures are each ledger's own; verifying the store checks what they say.
  const own = events.filter(({ stream }) => !['checkpoints', 'signing-keys', 'secret'].includes(stream));
  const facts = own.map(({ stream, header, data: text, records }) => {
    const { type, version, at, command } = JSON.parse(header);
    const data = JSON.parse(text);
    if (data.bill) Object.assign(data.bill, { digest: '', events: { ...data.bill.events, head: '' } });
    const when = stream === 'ledger' ? 'when it was made' : at;
    return { stream, type, version, when, command, data, records: records && recordLines(records) };
  });
  return Object.groupBy(facts, ({ stream }) => stream);
};

test('kill −9 of import and close-month, started again until they end', { timeout: 3_600_000 }, async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'lines.ndjson');
  writeFileSync(file, lines().join('\n'));
  const closing = (month: string) => ['close-month', month, '--at', '2019-04-02T04:00:00+08:00'];
  const commands = [['import', file], closing('2019-01'), closing('2019-02')];
  const control = join(folder, 'control.db');
  const usual: number[] = [];
  for (const command of commands) {
    const started = performance.now();
    await answerOf(...command, '--store', `sqlite:${control}`);
    usual.push(Math.round(performance.now() - started));
  }
  const expected = await told(control);
  const overview = await answerOf('overview', '--store', `sqlite:${control}`);
  const random = randomFrom(29);
  const rounds = runs('kill −9 of import and close', 5, 200);
  let killed = 0;
  for (let life = 0; killed < rounds; life++) {
    const path = join(folder, `${life}.db`);
    const store = ['--store', `sqlite:${path}`];
    for (const [i, command] of commands.entries()) {
      for (let kills = 0; ; kills++, killed++) {
        const whole = usual[i] ?? 0;
        // Some kills come anywhere, most while the program is at its work, the first while the ledger is made.
        const anywhere = kills > 0 && random.perMille(250);
        const after = random.between(0, anywhere ? whole : kills + i === 0 ? 80 : whole >> 1);
        const moment = anywhere ? sleep(after) : openedAt(path).then(() => sleep(after));
        const alone = kills === KILLS || killed === rounds;
        const { killed: hit, problem, said } = await run([...command, ...store], alone ? undefined : moment);
        if (hit) continue;
        expect(problem, `${problem}${said}`).toBe('');
        break;
      }
    }
    expect(await told(path)).toEqual(expected);
    expect(await answerOf('verify', ...store)).toMatchObject({ ok: true });
    expect(await answerOf('checkpoint', 'list', ...store)).toMatchObject({
      items: expect.arrayContaining([expect.anything()]),
    });
    expect(await answerOf('replay', '--all', ...store)).toMatchObject({ match: true });
    expect(await answerOf('overview', ...store)).toEqual(overview);
    // The views that were being written in all those kills are those that the log makes.
    expect(await answerOf('rebuild', ...store)).toMatchObject({ identical: true });
  }
});
