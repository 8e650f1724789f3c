/** What every engine promises, kept by the adapter over a real socket. */
import { afterAll, beforeAll } from 'vitest';
import { eventStoreContract } from '../../contract/event-store.contract.ts';
import { type Engine, engineStore, onEveryEngine } from '../engines.ts';

onEveryEngine('the event store', (open) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open();
  });
  afterAll(() => engine.close());
  eventStoreContract('an engine', async () => engineStore(engine.address()));
});
