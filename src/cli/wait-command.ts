/** `suanpan wait`: lets a script that starts a server wait until it accepts requests. */
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { readSettings } from '../serve/settings.ts';
import { type Command, type Context, textFlag, WrongUse } from './command.ts';
import { integer, PATH, type Value } from './values.ts';

const TIMEOUT_SECONDS = 120;
const TIMEOUT_SECONDS_MAX = 86_400;
const LOOKED_AT_MS = 100;
const ANSWER_MS = 5_000;

const ADDRESS_OF_SERVER: Value = {
  shown: 'URL',
  wrong: (text) =>
    /^https?:\/\//.test(text) && URL.canParse(text) ? null : 'not a valid URL, expected http://HOST:PORT',
};

export const wait: Command = {
  usage: 'wait [--ready-file FILE | --url URL] [--timeout SECONDS]',
  what: 'Waits until a server is ready, and prints its address. Exit 1: it was not, in time.',
  flags: {
    'ready-file': {
      type: 'string',
      what: 'the file that serve was given (SUANPAN_READY_FILE)',
      value: PATH,
    },
    url: {
      type: 'string',
      what: "the server's address (SUANPAN_URL, default http://SUANPAN_HOST:SUANPAN_PORT)",
      value: ADDRESS_OF_SERVER,
    },
    timeout: {
      type: 'string',
      what: `how long to wait, in seconds (default ${TIMEOUT_SECONDS})`,
      value: integer(0, TIMEOUT_SECONDS_MAX),
    },
  },
  words: [0, 0],
  run: async (context) => {
    const { out } = context;
    const addressOf = placeOf(context);
    const seconds = Number(textFlag(context, 'timeout') ?? TIMEOUT_SECONDS);
    const until = performance.now() + seconds * 1_000;
    for (let why = 'it was not looked at'; ; ) {
      const address = addressOf();
      const found = typeof address === 'string' ? await lookedAt(address) : address;
      if (found.isReady) {
        out.answer({ ready: true, address: found.address });
        out.say(found.address);
        return 0;
      }
      ({ why } = found);
      if (performance.now() >= until) {
        out.answer({ ready: false, why });
        out.complain(`no server is ready: ${why}`);
        return 1;
      }
      out.progress(`waiting: ${why}`);
      await new Promise((resolve) => setTimeout(resolve, LOOKED_AT_MS));
    }
  },
};

type Found =
  | { readonly isReady: true; readonly address: string }
  | { readonly isReady: false; readonly why: string };

/** The server's address, or why it is not known yet. */
const placeOf = (context: Context): (() => string | Found) => {
  const url = textFlag(context, 'url');
  const file = textFlag(context, 'ready-file');
  if (url !== undefined && file !== undefined) throw new WrongUse('give --ready-file or --url, not both');
  if (url !== undefined) return () => url;
  const settings = readSettings({ 'ready-file': file }, process.env);
  const { readyFile, host, port } = settings;
  const named = process.env['SUANPAN_URL'];
  if (readyFile === null && named) return () => named;
  if (readyFile === null) return () => `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  return () => {
    try {
      return readFileSync(readyFile, 'utf8').trim();
    } catch (error) {
      const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      if (!isMissing) throw error;
      return { isReady: false, why: `there is no ${readyFile} yet` };
    }
  };
};

/** The readiness of a Suanpan server, or a problem it answers with; any other answer is not from a Suanpan server. */
const readiness = z
  .object({ status: z.unknown(), why: z.string().optional(), detail: z.string().optional() })
  .catch({ status: null });

/** Asks a server whether it is ready. */
const lookedAt = async (address: string): Promise<Found> => {
  try {
    const url = new URL('/readyz', address);
    const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) });
    const { status, detail, why = detail } = readiness.parse(await answer.json().catch(() => null));
    if (answer.ok && status === 'ready') return { isReady: true, address };
    if (why === undefined) return { isReady: false, why: `${address} is not a Suanpan server` };
    return { isReady: false, why: `${address} says: ${why}` };
  } catch (error) {
    const { cause } = error instanceof Error ? error : {};
    return { isReady: false, why: `${address} does not answer (${textOf(cause) ?? textOf(error)})` };
  }
};

const textOf = (error: unknown): string | undefined => (error instanceof Error ? error.message : undefined);
