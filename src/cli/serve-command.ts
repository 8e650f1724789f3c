/** `suanpan serve`: the HTTP interface, until it is stopped. */
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import { announceReady, checkReadyFile } from '../serve/ready-file.ts';
import { SETTINGS, type SettingName, settingName } from '../serve/setting-names.ts';
import { readSettings, refuseOwnFiles, type Settings } from '../serve/settings.ts';
import type { Running } from '../serve/start.ts';
import { printable } from '../text/printable.ts';
import type { Command, Flag } from './command.ts';

const FLAGS = Object.fromEntries(
  (Object.keys(SETTINGS) as SettingName[]).map((name): [string, Flag] => {
    const [variable, what, fallback] = SETTINGS[name];
    return [
      name,
      {
        type: name === 'catch-up' ? 'boolean' : 'string',
        what: `${what} (${variable}${fallback ? `, default ${fallback}` : ''})`,
      },
    ];
  }),
);

export const serve: Command = {
  usage: 'serve',
  what: 'Serves the HTTP interface. SIGTERM and SIGINT stop it after answering what is in progress.',
  flags: FLAGS,
  words: [0, 0],
  run: async (context) => {
    const settings = readSettings(context.flags, process.env);
    const { readyFile: path } = settings;
    refuseOwnFiles(settings);
    if (path !== null) await checkReadyFile(path, settingName('ready-file'));
    const running = await started(settings);
    const { address, notReady } = running;
    const { complain } = context.out;
    const log = (error: unknown) =>
      complain(`the ready file could not be written or removed: ${String(error)}`);
    const withdraw = path === null ? null : announceReady({ path, address, notReady, log });
    void askToCatchUp(running, complain);
    return untilStopped(running, withdraw);
  },
};

/** Starts a server. Its code is loaded lazily, since that takes longer than running most commands. */
export const started = async (settings: Settings): Promise<Running> => {
  const { startServer } = await import('../serve/start.ts');
  return startServer(settings);
};

/** On a terminal, asks whether to catch up a long downtime; elsewhere the log and readiness report that it waits. */
const askToCatchUp = async (running: Running, tell: (line: string) => void): Promise<void> => {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return;
  const waits = await running.waits().catch(() => null);
  if (waits === null) return;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal
    .question(`${printable(waits)}\nCatch up now? [y/N] `)
    .finally(() => terminal.close());
  if (/^y(es)?$/i.test(answer.trim())) running.catchUp();
  else tell('nothing is caught up; commands of these accounts are refused (catch_up_needed)');
};

/** Waits for a signal, then stops in order; a second signal ends the process at once. */
export const untilStopped = async (
  running: Running,
  withdraw: (() => Promise<void>) | null = null,
): Promise<number> => {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(1));
        resolve();
      });
    }
  });
  await withdraw?.();
  await running.stop();
  return 0;
};

/** Creates a key for a server started without one. */
export const freshKey = (): string => `sk_${randomBytes(32).toString('base64url')}`;
