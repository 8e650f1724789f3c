/**
 * A process whose threads that write are ended again and again while twenty streams are appended to. Says, as JSON, how
 * many appends were acknowledged, which failed, whether any never ended, and which streams are not as long as acknowledged.
 */
import { syncBuiltinESMExports } from 'node:module';
import threads from 'node:worker_threads';
import { randomFrom } from '../../src/demo/random.ts';

const [path = '', times = '1'] = process.argv.slice(2);
const made: threads.Worker[] = [];
const { Worker } = threads;
class Remembered extends Worker {
  constructor(...args: ConstructorParameters<typeof Worker>) {
    super(...args);
    made.push(this);
  }
}
threads.Worker = Remembered;
syncBuiltinESMExports();
const { openSqliteStore } = await import('../../src/eventstore/sqlite/store.ts');
const { seal } = await import('../../src/integrity/seal-events.ts');

const PAUSE_MS = 40;
const HUNG_MS = 60_000;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const store = openSqliteStore(path, { writesInThread: true });
const acknowledged = new Map<string, number>();
const failures: string[] = [];
let total = 0;
let isOver = false;

const appendOn = async (stream: string): Promise<void> => {
  for (let n = 0; !isOver; n++) {
    const { length, hash } = await store.head(stream);
    const events = seal(stream, length, hash, [{ header: '{}', data: `{"n":${n}}` }]);
    try {
      await store.append(stream, length, events);
      acknowledged.set(stream, (acknowledged.get(stream) ?? 0) + 1);
      total += 1;
    } catch (error) {
      failures.push(String(error));
    }
  }
};

const streams = Array.from({ length: 20 }, (_, i) => `s${i}`);
const all = Promise.all(streams.map(appendOn));
const random = randomFrom(23);
for (let time = 0; time < Number(times); time++) {
  for (const before = total; total === before; ) await pause(1);
  await pause(random.between(0, PAUSE_MS));
  await made.at(-1)?.terminate();
}
await pause(PAUSE_MS);
isOver = true;
const hung = await Promise.race([all.then(() => false), pause(HUNG_MS).then(() => true)]);
const wrong: string[] = [];
for (const stream of streams) {
  const { length } = await store.head(stream);
  if (length !== acknowledged.get(stream))
    wrong.push(`${stream}: ${length}, not ${acknowledged.get(stream)}`);
}
await store.close();
console.log(JSON.stringify({ total, failures, hung, wrong, threads: made.length }));
process.exit();
