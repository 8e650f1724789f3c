/**
 * A client that is killed: reports to the ledger at a path, saying on standard output what was acknowledged. Started
 * again with what was acknowledged so far, it reports all of that once more: each must be a duplicate.
 */
import { readFileSync } from 'node:fs';
import { openLedgerAt } from '../../src/ledger/open.ts';

const [path = '', seen = '', round = '0'] = process.argv.slice(2);
const ledger = await openLedgerAt({ store: `sqlite:${path}`, clock: 'driven' });
const at = Date.parse('2019-01-10T00:00:00Z');
const accounts = ['a', 'b', 'c'];
const execute = (account: string, name: 'open-account' | 'activate-service') =>
  ledger.execute(
    account,
    name === 'open-account' ? { name, body: { name: '' } } : { name, body: { product: 'face-recognition' } },
    Date.parse('2019-01-01T00:00:00Z'),
    null,
  );
for (const account of accounts) {
  await execute(account, 'open-account');
  await execute(account, 'activate-service');
}
const report = (account: string, ids: readonly string[]) =>
  ledger.meter(
    account,
    ids.map((id) => ({
      source: '/g',
      id,
      interface: 'face-recognition/compare',
      time: at,
      calls: 1,
      submitted: null,
    })),
    at,
  );

const acknowledged = readFileSync(seen, 'utf8').split('\n').filter(Boolean);
for (const account of accounts) {
  const own = acknowledged.filter((line) => line.startsWith(account));
  const outcomes = (await report(account, own)) ?? [];
  for (const [i, { outcome }] of outcomes.entries()) {
    if (outcome !== 'duplicate') process.stdout.write(`LOST ${own[i]} ${outcome}\n`);
  }
}
process.stdout.write('READY\n');

await Promise.all(
  accounts.map(async (account) => {
    for (let i = 0; i < 100_000; i++) {
      const ids = Array.from({ length: 5 }, (_, k) => `${account}-${round}-${i}-${k}`);
      const outcomes = await report(account, ids);
      if (outcomes?.every(({ outcome }) => outcome === 'accepted'))
        process.stdout.write(`${ids.join('\n')}\n`);
    }
  }),
);
