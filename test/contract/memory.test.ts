import { openMemoryStore } from '../../src/eventstore/memory.ts';
import { eventStoreContract } from './event-store.contract.ts';

eventStoreContract('memory', async () => openMemoryStore());
