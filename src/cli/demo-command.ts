/** `suanpan demo`: a demonstration ledger, built, closed, replayed and reported. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildDemo, DEMO_ENDS } from '../demo/build.ts';
import { openLedgerAt } from '../ledger/open.ts';
import { readSettings } from '../serve/settings.ts';
import { replayAll } from './bill-commands.ts';
import { sealing } from './checkpoint-signing.ts';
import { type Command, type Context, numberFlag, textFlag } from './command.ts';
import { reading } from './ledger-for-reading.ts';
import { freshKey, started, untilStopped } from './serve-command.ts';
import { bar, counted } from './table.ts';
import { ADDRESS, integer } from './values.ts';

export const demo: Command = {
  usage: 'demo [--exit] [--store sqlite:PATH]',
  what: 'Builds a demonstration ledger (40 accounts, 14 months, a million records), closes its months, replays every bill, and serves it.',
  flags: {
    store: {
      type: 'string',
      what: 'where to build it (a new ledger; default: a temporary folder)',
      value: ADDRESS,
    },
    accounts: { type: 'string', what: 'how many accounts (default 40)', value: integer(1, 10_000) },
    records: { type: 'string', what: 'how many reports (default 1000000)', value: integer(1, 100_000_000) },
    exit: { type: 'boolean', what: 'stop after the report instead of serving' },
    host: { type: 'string', what: 'address to serve on (SUANPAN_HOST, default 127.0.0.1)' },
    port: {
      type: 'string',
      what: 'port to serve on; 0 picks one (SUANPAN_PORT, default 8080)',
      value: integer(0, 65_535),
    },
  },
  words: [0, 0],
  run: async (context) => {
    const { out } = context;
    const folder =
      textFlag(context, 'store') === undefined ? mkdtempSync(join(tmpdir(), 'suanpan-demo-')) : null;
    const store = textFlag(context, 'store') ?? `sqlite:${join(folder ?? '', 'ledger.db')}`;
    const size = {
      accounts: numberFlag(context, 'accounts') ?? 40,
      records: numberFlag(context, 'records') ?? 1_000_000,
    };
    try {
      const at = { ...context, flags: { ...context.flags, store } };
      const from = performance.now();
      const ledger = await openLedgerAt({ store, clock: 'driven' });
      const counts = await buildDemo(ledger, size, (done, total) =>
        out.longProgress(`living ${bar(done, total)} months`),
      )
        .then((built) => sealing(at, ledger.store, (sealer) => sealer.sign()).then(() => built))
        .finally(() => ledger.close());
      out.done();
      const seconds = ((performance.now() - from) / 1000).toFixed(1);
      out.say(`${counted(size.accounts)} accounts lived 14 months in ${seconds} s (store ${store})`);
      out.say(
        `records: ${counted(counts.reported)} reported, ${counted(counts.accepted)} accepted, ${counted(counts.duplicates)} duplicates, ${counted(counts.conflicts)} conflicts, ${counted(counts.refused)} refused`,
      );
      out.say(
        `commands: ${counts.commands}, of them ${counts.commandsRefused} refused; months: ${counts.closes} closed, ${counts.closesRefused} waited for a price`,
      );
      const failed = await reading(at, (read) => replayAll(read, out));
      return failed || context.flags['exit'] ? failed : await serveDemo(context, store);
    } finally {
      if (folder) rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** Serves the demonstration, on a test clock set to its end, until it is stopped. */
const serveDemo = async ({ flags, out }: Context, store: string): Promise<number> => {
  const key = process.env['SUANPAN_ADMIN_KEY'] ?? freshKey();
  const { port, host } = flags;
  const settings = readSettings(
    { log: 'warn', port, host, store, clock: DEMO_ENDS, 'admin-key': key },
    process.env,
  );
  const running = await started(settings);
  out.say('');
  out.say(`serving at ${running.address} (API documentation: ${running.address}/docs)`);
  out.say(`key: ${key}`);
  out.say(`the clock stands at ${DEMO_ENDS}; PUT /v1/clock moves it on. Ctrl-C stops.`);
  return untilStopped(running);
};
