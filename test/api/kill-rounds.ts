/**
 * Servers of one ledger killed without warning, in turn, under the load of a client that repeats blindly and goes to
 * another server where one does not answer. At the end each request must be in the ledger, and once.
 */
import { expect } from 'vitest';
import { type Random, randomFrom } from '../../src/demo/random.ts';
import type { ServerProcess } from '../support/server-process.ts';
import { type Load, openLoad, send, type Wanted } from './kill-load.ts';

const CALLERS = 16;
const SILENT_MS = 20;

/** Kills one server a round, and starts it again. */
export const killRounds = async (rounds: number, servers: readonly ServerProcess[]): Promise<void> => {
  const random = randomFrom(31);
  const load = openLoad(random);
  const bases = await Promise.all(servers.map((server) => server.start()));
  await load.begin(bases[0] ?? '');
  let open: readonly Wanted[] = [];
  for (let round = 0; round < rounds; round++) {
    const which = round % servers.length;
    const victim = servers[which];
    const calling = startCalling({ bases, load, random, open });
    await pause(random.between(50, 400));
    await victim?.end('SIGKILL');
    // Where another one serves, the load goes on while this one comes back.
    if (servers.length === 1) open = await calling.stop();
    bases[which] = (await victim?.start()) ?? '';
    if (servers.length > 1) open = await calling.stop();
  }
  for (let turn = 0; open.length > 0 && turn < 20; turn++) {
    const base = bases[turn % bases.length] ?? '';
    const outcomes = await Promise.all(open.map((wanted) => send(base, wanted).catch(() => 'again')));
    open = open.filter((_, i) => outcomes[i] !== 'done');
  }
  expect(open).toEqual([]);
  for (const base of bases) await load.expectAll(base);
};

interface CallingOf {
  /** Addresses of the servers; one changes when a server starts again. */
  readonly bases: readonly string[];
  readonly load: Load;
  readonly random: Random;
  /** What was left of the round before. */
  readonly open: readonly Wanted[];
}

/** Callers at work; `stop` resolves to what is still to be sent. */
const startCalling = ({ bases, load, random, open }: CallingOf) => {
  const waiting = [...open];
  let isOn = true;
  const caller = async (number: number): Promise<Wanted[]> => {
    const left: Wanted[] = [];
    let turn = number;
    while (isOn) {
      const next = waiting.pop() ?? load.more();
      const outcome = await send(bases[turn % bases.length] ?? '', next);
      // Now and then an answer is lost on the way, and the request comes again although it was done.
      if (outcome !== 'done' || random.perMille(50)) left.push(next);
      if (outcome !== 'unanswered') continue;
      // On to the next server, with the same request first.
      turn += 1;
      if (bases.length > 1) waiting.push(...left.splice(-1));
      await pause(SILENT_MS);
    }
    return left;
  };
  const callers = Array.from({ length: CALLERS }, (_, number) => caller(number));
  return {
    stop: async (): Promise<readonly Wanted[]> => {
      isOn = false;
      return [...waiting, ...(await Promise.all(callers)).flat()];
    },
  };
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
