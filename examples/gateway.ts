/**
 * A gateway: asks whether a call may be made, makes it, and reports what it made in batches, again and again until each
 * batch is answered. Needs a server as in first-bill.ts.
 */
import { suanpan, type UsageEvent } from '../client/suanpan.ts';
import { show } from './shown.ts';

const base = process.env['SUANPAN_URL'] ?? 'http://127.0.0.1:8080';
const api = suanpan({ base, key: process.env['SUANPAN_KEY'] ?? '' });
const account = 'gateway';
const name = 'face-recognition/search';

await api.postAccounts({ account, name: '' });
await api.postAccountsServices(account, { product: 'face-recognition' });
const { now } = await api.getClock();

let pending: UsageEvent[] = [];
let counted = 0;
/** Ids are the gateway's own: a batch that is sent twice is counted once. */
const report = async (): Promise<void> => {
  const { accepted, duplicates, refused } = await api.postUsage(pending);
  counted += accepted;
  show(`batch of ${pending.length}: ${accepted} accepted, ${duplicates} duplicates, ${refused} refused`);
};

for (let call = 0; call < 250; call++) {
  if (call % 100 === 0) {
    const { allowed, payer, remaining, reasons } = await api.getAccountsEntitlements(account, {
      interface: name,
    });
    if (!allowed) throw new Error(`calls are refused: ${reasons.join(', ')}`);
    show(`allowed, paid by ${payer}, ${remaining?.free ?? 0} free calls left`);
  }
  pending.push({
    specversion: '1.0',
    type: 'suanpan.usage',
    source: '/gateway/7',
    id: `call-${call}`,
    subject: account,
    time: now,
    data: { interface: name, calls: 1 },
  });
  if (pending.length === 100 || call === 249) {
    await report();
    await report();
    pending = [];
  }
}
const { items } = await api.getAccountsUsage(account, { by: 'interface' });
show('counted', counted, JSON.stringify(items));
