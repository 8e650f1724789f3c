/**
 * A dispute from the complaint to the adjusted next bill: a customer finds too many calls on a bill, gets the bundle that
 * proves what was counted, the operator finds a batch that was sent twice under other ids, corrects it, and the next bill
 * has the correction. Needs a server on a test clock of a new ledger, for example:
 *   SUANPAN_ADMIN_KEY=my-first-key SUANPAN_CLOCK=2019-01-01T00:00:00+08:00 npx suanpan serve --store memory:
 * Run: SUANPAN_URL=http://127.0.0.1:8080 SUANPAN_KEY=my-first-key npx node examples/dispute.ts
 */
import { suanpan, type UsageEvent } from '../client/suanpan.ts';
import { show } from './shown.ts';

const base = process.env['SUANPAN_URL'] ?? 'http://127.0.0.1:8080';
const api = suanpan({ base, key: process.env['SUANPAN_KEY'] ?? '' });
const account = 'dispute';
const month = '2019-01';

await api.postAccounts({ account, name: '示例公司' });
await api.postAccountsServices(account, { product: 'face-recognition' });
await api.postAccountsDeposits(account, { amount: '20000.00', reference: 'wire-1' });

// The gateway restarts in the middle of the month and sends a batch again, under new ids.
await api.putClock({ now: '2019-01-20T00:00:00+08:00' });
const batch = (prefix: string) =>
  Array.from(
    { length: 10 },
    (_, i): UsageEvent => ({
      specversion: '1.0',
      type: 'suanpan.usage',
      source: '/gateway/1',
      id: `${prefix}-${i}`,
      subject: account,
      time: `2019-01-10T12:00:0${i}+08:00`,
      data: { interface: 'face-recognition/compare', calls: 50_000 },
    }),
  );
await api.postUsage(batch('before-restart'));
await api.postUsage(batch('after-restart'));
await api.putClock({ now: '2019-02-01T05:00:00+08:00' });
const bill = await api.getAccountsBillsOne(account, month);
show('1. the bill:', bill.lines[0]?.formula, '→ due', bill.due);

// The customer complains, and gets what proves the bill.
const meter = 'face-recognition/compare';
const opened = await api.postAccountsBillsDisputes(
  account,
  month,
  { meter, reason: 'our own log has 500,000 calls, the bill has a million' },
  {},
  { actor: 'customer-7' },
);
const [evidence] = opened.evidence;
show(`2. ${opened.dispute} opened by ${opened.opened.by}; the bill replays: ${evidence?.replay.match}`);
const bundle = await api.getAccountsBillsBundle(account, month);
show(`3. its bundle: ${bundle.split('\n').length - 1} lines; anyone verifies it with suanpan verify`);

// The operator looks at the records behind the line.
const { items } = await api.getAccountsBillsExplainRecords(account, month, { meter, limit: 100 });
const ids = items.map(({ id }) => id);
const twice = ids.filter(
  (id) => id.startsWith('after-restart') && ids.includes(id.replace('after', 'before')),
);
show(`4. ${items.length} records behind it, ${twice.length} of them sent again under other ids`);

// What was counted twice is corrected to nothing. The bill stays as it was issued.
const resolved = await api.postDisputesResolution(
  opened.dispute,
  {
    outcome: 'adjusted',
    note: 'a batch sent again after a restart',
    corrections: twice.map((id) => ({ source: '/gateway/1', id, calls: 0 })),
  },
  {},
  { actor: 'operator-2' },
);
show(`5. ${resolved.state} by ${resolved.resolved?.by}: ${resolved.resolved?.note}`);
const { match } = await api.getAccountsBillsReplay(account, month);
show('   the bill of January is what it was, and replays:', match);

await api.putClock({ now: '2019-03-01T05:00:00+08:00' });
const next = await api.getAccountsBillsOne(account, '2019-02');
const [correction] = next.corrections;
show(
  `6. the next bill: ${correction?.calls} calls of ${correction?.month}, ${correction?.amount} yuan; due ${next.due}`,
);
show(`   and shows the dispute: ${next.disputes?.[0]?.dispute} ${next.disputes?.[0]?.state}`);
