/** Ledgers of an account that did this and that at instants of the past, on which no server was started yet. */
import { join } from 'node:path';
import { type LedgerCommand, parseCommand } from '../../src/input/commands.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openLedgerAt } from '../../src/ledger/open.ts';
import { temporaryFolder } from './folder.ts';

export type Step = readonly [at: number, name: LedgerCommand['name'], body: object];

export const OPEN = ['open-account', { name: 'Acme' }] as const;
export const ACTIVATE = ['activate-service', { product: 'face-recognition' }] as const;
export const DEPOSIT = ['deposit', { amount: '90000', reference: 'w' }] as const;
export const PACK = [
  'buy-packs',
  { pool: 'face-recognition/compare', size: 1_000_000, quantity: 1 },
] as const;

const run = async (ledger: Ledger, [at, name, body]: Step): Promise<void> => {
  const parsed = parseCommand(name, body);
  if (!parsed.ok) throw new Error(parsed.problem.message);
  const answer = await ledger.execute('acme', parsed.command, at, null);
  if (answer.outcome === 'refused') throw new Error(answer.refusal.detail);
};

/** Lets account acme live so in a ledger at an address. */
export const livedAt = async (store: string, life: readonly Step[]): Promise<void> => {
  const ledger = await openLedgerAt({ store, clock: 'driven' });
  for (const step of life) await run(ledger, step);
  await ledger.close();
};

/** The address of a new ledger in a file in which account acme lived so. */
export const ledgerOf = async (...life: readonly Step[]): Promise<string> => {
  const store = `sqlite:${join(temporaryFolder(), 'ledger.db')}`;
  await livedAt(store, life);
  return store;
};
