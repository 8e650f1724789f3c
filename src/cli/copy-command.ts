/** `suanpan copy`: a ledger moved to another engine, or another place, with its order and every hash. */
import { existsSync, realpathSync } from 'node:fs';
import type { EventStore } from '../eventstore/event-store.ts';
import { isEngineAddress, shownAddress } from '../eventstore/eventstoredb/address.ts';
import { whereOf } from '../ledger/location.ts';
import { openForReading } from '../ledger/open.ts';
import { keyFileOf } from '../ledger/secrets/server-key.ts';
import { isNew } from '../ledger/system/billing-zone.ts';
import { type Copied, CopyDisturbed, copyLedger, NoCopy } from '../transfer/copy.ts';
import { CopyBroken } from '../transfer/copy-check.ts';
import { countEvents } from '../transfer/copy-heads.ts';
import { type CopyTarget, openCopyTarget } from '../transfer/copy-target.ts';
import { type Command, type Context, WrongUse } from './command.ts';
import type { Output } from './output.ts';
import { styled } from './style.ts';
import { bar, counted } from './table.ts';

/** The exit code of an interrupted program, by convention of shells. */
const INTERRUPTED = 130;

export const copy: Command = {
  usage: 'copy FROM TO',
  what: 'Copies a ledger to another store, in its order and with every hash, and verifies the copy. Run again, it resumes where it stopped, and copies newer events.',
  words: [2, 2],
  run: async (context) => {
    const [from = '', to = ''] = context.words;
    if (sameLedger(from, to)) throw new WrongUse(`${shown(from)} and ${shown(to)} are one ledger`);
    const source = await openForReading(from);
    try {
      if (await isNew(source)) throw new WrongUse(`there is no ledger at ${shown(from)}`);
      const target = await openCopyTarget(to);
      try {
        return await copyTo(context, source, target);
      } finally {
        await target.close();
      }
    } finally {
      await source.close();
    }
  },
};

const copyTo = async ({ words, out }: Context, source: EventStore, target: CopyTarget): Promise<number> => {
  const [from = '', to = ''] = words.map(shown);
  const stopping = stoppedBySignal();
  // Counting the events of a remote engine takes as long as reading them.
  const total = from.startsWith('sqlite:') ? await countEvents(source) : null;
  try {
    const copied = await copyLedger(source, target.store, {
      together: target.together,
      signal: stopping.signal,
      onProgress: (events, what) => {
        const done = total === null ? counted(events) : bar(events, Math.max(events, total));
        out.progress(`${what} ${done} events`);
      },
    });
    await target.finish();
    out.done();
    out.answer({ ok: true, from, to, ...copied });
    tell(out, from, to, copied);
    return 0;
  } catch (error) {
    out.done();
    const { signal } = stopping;
    if (signal.aborted && error === signal.reason) return stopped(out, target);
    if (error instanceof NoCopy)
      throw new WrongUse(`${target.place} holds no copy of ${from}, and was left as it is: ${error.message}`);
    if (error instanceof CopyBroken) return broken(out, error, target);
    if (!(error instanceof CopyDisturbed)) out.complain(goesOn(target));
    throw error;
  } finally {
    stopping.forget();
  }
};

/** An address without the password that may be in it. */
const shown = (address: string): string => (isEngineAddress(address) ? shownAddress(address) : address);

const goesOn = ({ place }: CopyTarget): string =>
  `what was copied is in ${place}; the same command resumes from there`;

const tell = (out: Output, from: string, to: string, copied: Copied): void => {
  const { events, streams, records, isBehind } = copied;
  out.say(
    `${counted(events)} events of ${counted(streams)} streams, ${counted(records)} records (${counted(copied.copied)} events by this run): every hash and the order are those of ${from}; the ledger is at ${to}`,
  );
  if (isBehind)
    out.say(`${styled('yellow', 'behind')}: ${from} has newer events; the same command copies them`);
  const key = isEngineAddress(from) ? null : keyFileOf(whereOf(from, null));
  if (key !== null && existsSync(key))
    out.say(`${key} opens its signing keys and webhook secrets, and is not copied: take it along`);
};

const stopped = (out: Output, target: CopyTarget): number => {
  out.answer({ ok: false, stopped: true });
  out.say(`stopped: ${goesOn(target)}`);
  return INTERRUPTED;
};

const broken = (out: Output, { message, difference }: CopyBroken, { place }: CopyTarget): number => {
  const { stream, revision, what, expected, found } = difference;
  out.answer({ ok: false, stream, revision, what, expected, found });
  out.say(`${styled('red', 'broken')}: ${message}`);
  out.say(`${place} is an incomplete copy: serve nothing from it`);
  return 1;
};

/** Whether two addresses denote the same ledger, even through different paths. */
const sameLedger = (from: string, to: string): boolean => from === to || fileAt(from) === fileAt(to);

const fileAt = (address: string): string => {
  const path = address.replace(/^sqlite:/, '');
  return path !== address && existsSync(path) ? realpathSync(path) : address;
};

/** Aborts when the process gets a signal, so that appends in flight end first; a second signal ends it. */
const stoppedBySignal = (): { readonly signal: AbortSignal; forget(): void } => {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    controller.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, stop);
  return {
    signal: controller.signal,
    forget: () => {
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, stop);
    },
  };
};
