/** Reads beside a running load, at two sizes of the ledger, and the first answer after a kill. */
import autocannon from 'autocannon';
import { HEADERS, run, type Served, serve } from './http.ts';
import { nameOf } from './load.ts';

const ACCOUNTS = 200;
const BATCH = 1_000;

/** p99 of balance and entitlement reads while usage comes in one by one, in milliseconds. */
const readsUnderLoad = async (base: string, seconds: number): Promise<number> => {
  const load = run(base, { path: '/v1/usage', size: 1, accounts: ACCOUNTS, connections: 16, seconds });
  const paths = Array.from({ length: 50 }, (_, i) => [
    { method: 'GET' as const, path: `/v1/accounts/${nameOf(i)}` },
    {
      method: 'GET' as const,
      path: `/v1/accounts/${nameOf(i)}/entitlements?interface=face-recognition/compare`,
    },
  ]).flat();
  const reads = await autocannon({
    url: base,
    connections: 4,
    duration: seconds,
    headers: HEADERS,
    requests: paths,
  });
  await load;
  if (reads.non2xx > 0) throw new Error(`${reads.non2xx} reads failed`);
  return reads.latency.p99;
};

const fill = async ({ base }: Served, records: number): Promise<void> => {
  let seconds = 1;
  for (let filled = 0; filled < records; ) {
    const { total } = await run(base, {
      path: '/v1/usage',
      size: BATCH,
      accounts: ACCOUNTS,
      connections: 16,
      seconds,
    });
    filled += total * BATCH;
    seconds = Math.max(1, Math.min(30, (records - filled) / 150_000));
  }
};

export const benchReads = async (records: number, seconds: number): Promise<string> => {
  const served = await serve(ACCOUNTS);
  await fill(served, records / 100);
  const small = await readsUnderLoad(served.base, seconds);
  await fill(served, records);
  const large = await readsUnderLoad(served.base, seconds);
  const first = await served.restart();
  await served.stop();
  const count = (n: number) => n.toLocaleString('en-US');
  return `balance and entitlement reads under load: p99 ${small} ms at ${count(records / 100)} records, ${large} ms at ${count(records)}; first answer ${first.toFixed(2)} s after a kill −9`;
};
