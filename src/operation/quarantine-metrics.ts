/** Quarantined streams as metrics. */
import { Gauge, type Registry } from 'prom-client';

/** Limit on streams with their own series; for more, see the listing. */
const NAMED_MAX = 100;

export type QuarantineWatched = () => readonly { readonly stream: string; readonly revision: number }[];

/** Registers the metrics; they are evaluated at the scrape. */
export const watchQuarantine = (registry: Registry, quarantine: QuarantineWatched): void => {
  const registers = [registry];
  new Gauge({
    name: 'suanpan_quarantined',
    help: 'Events that cannot be read, and stop what they belong to',
    registers,
    collect() {
      this.set(quarantine().length);
    },
  });
  new Gauge({
    name: 'suanpan_quarantined_event',
    help: 'Each event that cannot be read (the first hundred)',
    labelNames: ['stream', 'revision'],
    registers,
    collect() {
      this.reset();
      for (const { stream, revision } of quarantine().slice(0, NAMED_MAX))
        this.set({ stream, revision: String(revision) }, 1);
    },
  });
};
