/**
 * A process that is killed: `store PATH` (or `store-in-thread`) appends to three streams and says what was acknowledged; `index FOLDER`
 * puts identities of three accounts and says what was handed over.
 */

import { openSqliteStore } from '../../src/eventstore/sqlite/store.ts';
import { fingerprint } from '../../src/identity-index/fingerprint.ts';
import { openLevelIndex } from '../../src/identity-index/level.ts';
import { seal } from '../../src/integrity/seal-events.ts';

const [what, path = ''] = process.argv.slice(2);
const say = (text: string) => process.stdout.write(`${text}\n`);
const ROUNDS = 1_000_000;

const append = async (): Promise<void> => {
  const store = openSqliteStore(path, { writesInThread: what === 'store-in-thread' });
  const one = async (stream: string, times: number) => {
    for (let i = 0; i < times; i++) {
      const { length, hash } = await store.head(stream);
      const drafts = [1, 2].map((n) => ({ header: `{"n":${n}}`, data: JSON.stringify('x'.repeat(300)) }));
      const events = seal(stream, length, hash, drafts);
      await store.append(stream, length, events);
      say(`${stream} ${length + events.length}`);
    }
  };
  const all = (times: number) => Promise.all(['a', 'b', 'c'].map((stream) => one(stream, times)));
  // What is killed must have begun to write.
  await all(1);
  say('READY');
  await all(ROUNDS);
};

const put = async (): Promise<void> => {
  const index = await openLevelIndex(path);
  for (let revision = 0; revision < ROUNDS; revision++) {
    for (const account of ['a', 'b', 'c']) {
      const entries = Array.from({ length: 50 }, (_, ordinal) => ({
        key: { kind: 'record' as const, print: fingerprint('/g', `${revision}-${ordinal}`) },
        revision,
        ordinal,
      }));
      index.put(account, revision + 1, null, entries);
    }
    if (revision % 20 === 0) await index.flush();
    if (revision === 0) say('READY');
    say(`put ${revision + 1}`);
  }
};

await (what === 'index' ? put() : append());
