/** A thread that asks a server for its health, again and again, and says how long the slowest answer took. */
import { Agent, get } from 'node:http';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

/** Between an answer and the next question: what waits longer than this is seen. */
const EVERY_MS = 4;

export interface Probe {
  /** Forgets what was seen so far. */
  begin(): Promise<void>;
  /** The slowest answer since, in milliseconds; of one that is still waited for, how long by now. */
  end(): Promise<number>;
  stop(): Promise<unknown>;
}

/** Starts it; it shares no thread with what sends the bodies. */
export const openProbe = (base: string): Probe => {
  const worker = new Worker(new URL(import.meta.url), { workerData: `${base}/healthz` });
  const asked = (what: 'begin' | 'end'): Promise<number> =>
    new Promise((resolve, reject) => {
      worker.once('error', reject);
      worker.once('message', (worst) => {
        worker.off('error', reject);
        resolve(worst);
      });
      worker.postMessage(what);
    });
  return {
    begin: async () => void (await asked('begin')),
    end: () => asked('end'),
    stop: () => worker.terminate(),
  };
};

if (!isMainThread) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let worst = 0;
  let since: number | null = null;
  const took = () => (since === null ? 0 : performance.now() - since);
  const ask = (): void => {
    since = performance.now();
    get(workerData, { agent }, (answer) => {
      answer.resume().once('end', () => {
        worst = Math.max(worst, took());
        since = null;
        setTimeout(ask, EVERY_MS);
      });
    });
  };
  ask();
  parentPort?.on('message', (what) => {
    const seen = Math.max(worst, took());
    // What began before does not count for what comes.
    if (what === 'begin') worst = 0;
    parentPort?.postMessage(seen);
  });
}
