/** Reads at a position and decisions of one server see what the other acknowledged (read-your-writes, optimistic concurrency). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import type { LedgerCommand } from '../../../src/input/commands.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { runs } from '../../support/proof.ts';
import { type Engine, onEveryEngine } from '../engines.ts';
import { openPair } from '../ledger-servers.ts';
import { openAccount } from './cuts-load.ts';

const ACCOUNT = 'one';
const AT = Date.parse('2019-01-12T00:00:00+08:00');

const run = (ledger: Ledger, command: LedgerCommand, key: string) =>
  ledger.execute(ACCOUNT, command, AT, { key, hash: key });
const deposit = (ledger: Ledger, n: number) =>
  run(ledger, { name: 'deposit', body: { amount: '1', reference: `wire-${n}` } }, `deposit ${n}`);

const standing = z.object({ total: z.string() });
const shownBalance = ({ views }: Ledger): string =>
  standing.parse(views?.get('operation', `account/${ACCOUNT}`)).total;

onEveryEngine('what another server did', (open) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open();
  });
  afterAll(() => engine.close());

  test('is seen at once by whoever has reached its position', async () => {
    const times = runs('positions of one server reached on another', 20, 2_000);
    const pair = await openPair(engine.address());
    await openAccount(pair[0], ACCOUNT);
    for (let n = 1; n <= times; n++) {
      const [writer, reader] = n % 2 === 0 ? pair : [pair[1], pair[0]];
      const answer = await deposit(writer, n);
      if (answer.outcome !== 'done' || answer.position === null) throw new Error(`${n}: ${answer.outcome}`);
      expect(await reader.hasReached(answer.position)).toBe(true);
      const { account } = await reader.entry(ACCOUNT);
      expect([n, Number(account?.total), account?.commandAt]).toEqual([n, n, AT]);
      expect(Number(shownBalance(reader))).toBe(n);
    }
  }, 300_000);

  test('is known to a decision, also where the decision is no', async () => {
    const times = runs('decisions of one server on what another just did', 15, 500);
    const pair = await openPair(engine.address());
    await openAccount(pair[0], ACCOUNT);
    const pack = { pool: 'face-recognition/detect', size: 1_000_000, quantity: 1 };
    for (let n = 1; n <= times; n++) {
      const [first, second] = n % 2 === 0 ? pair : [pair[1], pair[0]];
      const paid = { amount: '450', reference: `wire-${n}` };
      expect((await run(first, { name: 'deposit', body: paid }, `deposit ${n}`)).outcome).toBe('done');
      const buy = (ledger: Ledger) => run(ledger, { name: 'buy-packs', body: pack }, `buy ${n}`);
      const bought = await buy(second);
      expect([n, bought.outcome]).toEqual([n, 'done']);
      // There is no money left; the other server is asked for the same once more.
      expect([n, (await buy(first)).outcome]).toEqual([n, 'repeated']);
    }
  }, 300_000);
});
