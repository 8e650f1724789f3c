/** Clients that connect all at once, while the server's thread is at work, wait: none is turned away or has to try again. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { served } from '../support/api.ts';

/** More than wait without the server's bound, and fewer than with it. */
const CLIENTS = 1_500;
/** As many as the system lets wait. */
const SYSTEM = '/proc/sys/net/core/somaxconn';
const most = Math.min(CLIENTS, existsSync(SYSTEM) ? Number(readFileSync(SYSTEM, 'utf8')) : 100);

/** Connects all at once, and says how many are connected: at the latest when one that was turned away would try again. */
const CONNECTING = `
  const { connect } = require('node:net');
  let connected = 0;
  const told = () => { console.log(connected); process.exit(); };
  for (let i = 0; i < ${most}; i++)
    connect({ host: '127.0.0.1', port: process.argv[1] }, () => { if (++connected === ${most}) told(); })
      .on('error', told);
  setTimeout(told, 20_000);
`;

test('so many that connect while nothing is accepted are all connected', async () => {
  const { base, stop } = await served();
  // Meanwhile this thread, which is the server's, does nothing else.
  const { stdout } = spawnSync(process.execPath, ['-e', CONNECTING, new URL(base).port], {
    encoding: 'utf8',
  });
  expect(Number(stdout)).toBe(most);
  expect((await fetch(`${base}/healthz`)).status).toBe(200);
  await stop();
});
