/** A thread that answers what it is asked, late or never: for the test of calls to threads. */
import { parentPort, workerData } from 'node:worker_threads';

interface Asked {
  readonly id: number;
  readonly say: string;
  readonly after?: number;
}

parentPort?.postMessage({ began: workerData });
parentPort?.on('message', ({ id, say, after = 0 }: Asked) => {
  if (say === 'throw') throw new Error('out of breath');
  if (say === 'end') process.exit(3);
  if (say !== 'nothing') setTimeout(() => parentPort?.postMessage({ id, said: say }), after);
});
