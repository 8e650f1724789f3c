/**
 * From nothing to a first bill: an account, a product, money, a pack, usage, a month's end, the bill explained. Needs a
 * server on a test clock of a new ledger, for example:
 *   SUANPAN_ADMIN_KEY=my-first-key SUANPAN_CLOCK=2019-01-01T00:00:00+08:00 npx suanpan serve --store memory:
 * Run: SUANPAN_URL=http://127.0.0.1:8080 SUANPAN_KEY=my-first-key npx node examples/first-bill.ts
 */
import { suanpan, type UsageEvent } from '../client/suanpan.ts';
import { show } from './shown.ts';

const base = process.env['SUANPAN_URL'] ?? 'http://127.0.0.1:8080';
const api = suanpan({ base, key: process.env['SUANPAN_KEY'] ?? '' });
const account = 'first-bill';

await api.postAccounts({ account, name: '示例公司' });
await api.postAccountsServices(account, { product: 'face-recognition' });
await api.postAccountsDeposits(account, { amount: '200000.00', reference: 'wire-1' });
const { packs } = await api.postAccountsPacks(account, {
  pool: 'face-recognition/compare',
  size: 1_000_000,
  quantity: 1,
});
show('bought', packs[0]?.pack, 'for', packs[0]?.price);

await api.putClock({ now: '2019-01-20T00:00:00+08:00' });
const reports = [400_000, 700_000].map(
  (calls, i): UsageEvent => ({
    specversion: '1.0',
    type: 'suanpan.usage',
    source: '/gateway/1',
    id: `report-${i}`,
    subject: account,
    time: `2019-01-1${i}T12:00:00+08:00`,
    data: { interface: 'face-recognition/compare', calls },
  }),
);
show('reported', await api.postUsage(reports));
// Sent again, as a gateway does that got no answer: nothing is counted twice.
show('again', await api.postUsage(reports));

await api.putClock({ now: '2019-02-01T05:00:00+08:00' });
const bill = await api.getAccountsBillsOne(account, '2019-01');
for (const line of bill.lines) show(line.name.zh, line.formula, '→', line.amount);
show('due', bill.due, 'with packs', bill.total);
const { match } = await api.getAccountsBillsReplay(account, '2019-01');
show('replays byte for byte:', match);
