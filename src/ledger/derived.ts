/** What is derived on this machine from an engine's ledger belongs to that ledger, and to no other. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { EventStore } from '../store/event-store.ts';
import { hexOf } from '../store/sealing.ts';
import { LEDGER } from './settings-stream.ts';
import { BadSetting } from './where.ts';

/** Remembers which ledger a folder was derived from. Throws BadSetting where it was another one. */
export const checkDerived = async (store: EventStore, base: string): Promise<void> => {
  const [first] = await store.read(LEDGER, { from: 0, limit: 1, direction: 'forwards', records: false });
  const own = hexOf(first?.hash ?? null);
  const path = `${base}.of`;
  if (!existsSync(path)) writeFileSync(path, `${own}\n`);
  else if (readFileSync(path, 'utf8').trim() !== own)
    throw new BadSetting(
      `data: what lies at ${base}.* was derived from another ledger; name another folder (SUANPAN_DATA), or delete it`,
    );
};
