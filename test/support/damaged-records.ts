/** Records of an event that were damaged in the ledger's file, in every way that a reader distinguishes. */
import { DatabaseSync } from 'node:sqlite';

export const DAMAGES = {
  'no-frame': Buffer.from('01', 'hex'),
  'no-checksum': Buffer.from('0200000000', 'hex'),
  'no-byte': Buffer.alloc(0),
  'other-first-byte': Buffer.from('7b5b5d', 'hex'),
  'no-record': Buffer.from('005b5d', 'hex'),
  'no-json': Buffer.from('005b', 'hex'),
  'no-line': Buffer.from('00', 'hex'),
  'no-block': null,
} as const satisfies Readonly<Record<string, Buffer | null>>;
export type Damage = keyof typeof DAMAGES;
export const DAMAGE_NAMES = Object.keys(DAMAGES) as readonly Damage[];

/** Damages the records of an account's last CallsMetered; its revision. */
export const damageRecords = (db: DatabaseSync, account: string, damage: Damage): number => {
  const changed = db
    .prepare(
      `UPDATE events SET records = ? WHERE position = (
         SELECT max(e.position) FROM events e JOIN streams s ON s.id = e.stream
         WHERE s.name = ? AND json_extract(e.header, '$.type') = 'CallsMetered') RETURNING revision`,
    )
    .get(DAMAGES[damage], `account-${account}`);
  if (!changed) throw new Error(`${account} has no records`);
  return Number(changed['revision']);
};

/** Damages each account's records in a ledger that is not open; their revisions by account. */
export const damageAccounts = (
  path: string,
  accounts: Iterable<readonly [account: string, damage: Damage]>,
): Map<string, number> => {
  const db = new DatabaseSync(path);
  try {
    return new Map([...accounts].map(([account, damage]) => [account, damageRecords(db, account, damage)]));
  } finally {
    db.close();
  }
};
