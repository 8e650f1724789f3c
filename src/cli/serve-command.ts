/** `suanpan serve`: the HTTP interface, until it is told to stop. */
import { randomBytes } from 'node:crypto';
import { readSettings, SETTINGS, type SettingName } from '../serve/settings.ts';
import { type Running, startServer } from '../serve/start.ts';
import type { Command, Flag } from './command.ts';

const FLAGS = Object.fromEntries(
  (Object.keys(SETTINGS) as SettingName[]).map((name): [string, Flag] => {
    const [variable, what, fallback] = SETTINGS[name];
    return [
      name,
      { type: 'string', what: `${what} (${variable}${fallback ? `, default ${fallback}` : ''})` },
    ];
  }),
);

export const serve: Command = {
  usage: 'serve',
  what: 'Serves the HTTP interface. SIGTERM and SIGINT stop it when what is under way is answered.',
  flags: FLAGS,
  words: [0, 0],
  run: async ({ flags }) => {
    const settings = readSettings(flags, process.env);
    const running = await startServer(settings);
    return untilStopped(running);
  },
};

/** Waits for a signal, then stops in order; a second signal ends at once. */
export const untilStopped = async (running: Running): Promise<number> => {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(1));
        resolve();
      });
    }
  });
  await running.stop();
  return 0;
};

/** A key for a server that was given none. */
export const freshKey = (): string => `sk_${randomBytes(32).toString('base64url')}`;
