/**
 * Somebody altered the outbox: a file that is derived is no reason to send what the ledger does not hold, nor to send it
 * to somebody else. Every column of every row is altered in turn, as the file's own schema names them.
 */
import { copyFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { setContacts } from '../../src/delivery/contacts.ts';
import { openFeed } from '../../src/delivery/feed.ts';
import { openOutbox } from '../../src/delivery/outbox.ts';
import { finalOutcomes } from '../../src/delivery/outcomes.ts';
import { ACCOUNT } from '../support/given.ts';
import { hookReceiver, smtpReceiver } from '../support/receivers.ts';
import { delivering, deposit, NOW, onMovedClock, RECORDED, suspend } from './delivering.ts';

onMovedClock();

const OTHER = 'somebody@example.net';
/** A message that nobody caused. */
const FORGED = '{"type":"funds.deposited","data":{"reference":"forged"},"subject":"forged","text":"forged"}';

interface Altered {
  /** What each receiver got, as text. */
  readonly got: string[];
  /** The deliveries that the ledger says are settled. */
  readonly settled: string[];
}

type Alter = (db: DatabaseSync, table: string) => void;

/** The table of messages: the one that names deliveries. */
const tableOf = (db: DatabaseSync): string => {
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  const columns = (name: string) => db.prepare(`SELECT name FROM pragma_table_info('${name}')`).all();
  const found = tables.find(({ name }) =>
    columns(String(name)).some((column) => column['name'] === 'delivery'),
  );
  return String(found?.['name']);
};

const columnsOf = (db: DatabaseSync): { column: string; isText: boolean }[] =>
  db
    .prepare(`SELECT name, type FROM pragma_table_info('${tableOf(db)}')`)
    .all()
    .map(({ name, type }) => ({ column: String(name), isText: type === 'TEXT' }));

/** A filled outbox, altered, delivered from, and delivered from again after the next start. */
const deliveredFrom = async (alter: Alter): Promise<Altered & { columns: ReturnType<typeof columnsOf> }> => {
  const [all, deposits, smtp] = [await hookReceiver(), await hookReceiver(), await smtpReceiver()];
  const { given, path, delivery, hook, reopen, later } = await delivering({ smtp: smtp.url });
  await delivery.stop();
  const { store } = given.ledger;
  await hook(all);
  await hook(deposits, ['funds.deposited']);
  await setContacts(
    store,
    ACCOUNT,
    { email: 'billing@example.com', phone: null, wechat: null },
    NOW,
    RECORDED,
  );
  await deposit(given, 'one');
  await suspend(given);
  await deposit(given, 'two');
  const outbox = openOutbox(path);
  const [now, ledgerNow] = [() => Date.now(), () => NOW];
  await openFeed({ store, outbox, now, ledgerNow, sendsEmail: true, emailMaxAge: Number.MAX_VALUE }).fill();
  expect(outbox.pending()).toBeGreaterThan(6);
  outbox.close();
  const db = new DatabaseSync(path);
  const columns = columnsOf(db);
  alter(db, tableOf(db));
  db.close();
  copyFileSync(path, `${path}.altered`);
  for (let start = 0; start < 3; start++) {
    const next = reopen();
    await next.settleNow();
    await next.stop();
    // Behind the time in which mail is gathered.
    later(60);
  }
  const got = [
    ...all.received.map((one) => `all ${JSON.stringify(one)}`),
    ...deposits.received.map((one) => `deposits ${JSON.stringify(one)}`),
    ...smtp.mails.flatMap(
      ({ to, text }) => text.match(/^Subject:.*/gm)?.map((line) => `${to} ${line}`) ?? [],
    ),
  ];
  return {
    columns,
    got: got.toSorted(),
    settled: (await finalOutcomes(store)).map((one) => `${one.delivery} ${one.outcome}`).toSorted(),
  };
};

/** Alterations of one column: another row's value for all rows, and something else for the first row of each receiver. */
const alterationsOf = ({ column, isText }: { column: string; isText: boolean }): [string, Alter][] => [
  [
    `${column}: each row's is another's`,
    (db, table) => {
      const rows = db.prepare(
        `SELECT rowid_, value FROM (SELECT delivery AS rowid_, ${column} AS value FROM ${table})`,
      );
      const all = rows.all();
      const put = db.prepare(`UPDATE OR IGNORE ${table} SET ${column} = ? WHERE delivery = ?`);
      for (const [i, { rowid_: row }] of all.entries())
        put.run(all[(i + 1) % all.length]?.['value'] ?? null, row ?? null);
    },
  ],
  [
    `${column}: forged`,
    (db, table) => {
      const forged = column === 'target' ? OTHER : isText ? FORGED : 3;
      db.prepare(`UPDATE OR IGNORE ${table} SET ${column} = ?`).run(forged);
    },
  ],
];

test('what is altered in the outbox is not sent, and what it was is sent after the next start', async () => {
  const sound = await deliveredFrom(() => undefined);
  expect(sound.got.length).toBeGreaterThan(6);
  for (const column of sound.columns)
    for (const [name, alter] of alterationsOf(column)) {
      const { got, settled } = await deliveredFrom(alter);
      // When it is sent, and how often it was tried, is the outbox's alone.
      if (column.column === 'nextAt')
        expect([name, got.filter((one) => !sound.got.includes(one))]).toEqual([name, []]);
      else expect([name, got, settled]).toEqual([name, sound.got, sound.settled]);
    }
});
