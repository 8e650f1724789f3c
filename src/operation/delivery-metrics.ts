/** Metrics of receivers that do not answer and of dead letters, so that operators see both before customers do. */
import { Gauge, type Registry } from 'prom-client';

export interface DeliveriesWatched {
  readonly receivers: readonly { readonly receiver: string; readonly failuresInARow: number }[];
  /** Dead letters that were not resent. */
  readonly deadLetters: { readonly webhook: number; readonly email: number };
}

/** Registers gauges of deliveries; `health` returns null if delivery is off. */
export const watchDeliveries = (health: () => DeliveriesWatched | null, registers: Registry[]): void => {
  new Gauge({
    name: 'suanpan_dead_letters',
    help: 'Deliveries given up and not sent again, by channel',
    labelNames: ['channel'],
    registers,
    collect() {
      const { webhook, email } = health()?.deadLetters ?? { webhook: 0, email: 0 };
      this.set({ channel: 'webhook' }, webhook);
      this.set({ channel: 'email' }, email);
    },
  });
  new Gauge({
    name: 'suanpan_receiver_failures_in_a_row',
    help: 'Calls of a webhook, or of the SMTP server (email), that failed since the last that did not',
    labelNames: ['receiver'],
    registers,
    collect() {
      this.reset();
      for (const { receiver, failuresInARow } of health()?.receivers ?? [])
        this.set({ receiver }, failuresInARow);
    },
  });
};
