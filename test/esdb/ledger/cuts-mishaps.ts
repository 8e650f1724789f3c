/**
 * What can befall the link between a server and its engine, for a while. All but `delay` lose something: connections, or
 * what was on its way over them. `delay` alone loses nothing; it shows that a link which is slow, and below the time in
 * which a dead one is told, is not given up.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../../../src/demo/random.ts';
import type { TcpProxy } from '../tcp-proxy.ts';

export interface Mishap {
  readonly name: string;
  /** Resolves when the link is back. */
  readonly befall: (proxy: TcpProxy, forMs: number) => Promise<void>;
}

const SLOW_MS = 300;

const until =
  (begin: (proxy: TcpProxy) => unknown): Mishap['befall'] =>
  async (proxy, forMs) => {
    begin(proxy);
    await pause(forMs);
    proxy.heal();
  };

export const MISHAPS: readonly [Mishap, ...Mishap[]] = [
  { name: 'cut', befall: async (proxy) => proxy.cut() },
  {
    name: 'refuse',
    befall: async (proxy, forMs) => {
      await proxy.refuse();
      await pause(forMs);
      await proxy.accept();
    },
  },
  { name: 'blackHole', befall: until((proxy) => proxy.blackHole()) },
  { name: 'halfOpen', befall: until((proxy) => proxy.halfOpen()) },
  { name: 'loseAnswers', befall: until((proxy) => proxy.loseAnswers()) },
  { name: 'delay', befall: until((proxy) => proxy.delay(SLOW_MS)) },
];

/** Mostly shorter than a server needs to notice, now and then longer. */
export const someMishap = (random: Random): { readonly mishap: Mishap; readonly forMs: number } => ({
  mishap: random.pick(MISHAPS),
  forMs: random.perMille(80) ? random.between(1_500, 2_500) : random.between(50, 500),
});
