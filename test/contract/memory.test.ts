import { openMemoryStore } from '../../src/store/memory.ts';
import { eventStoreContract } from './event-store.contract.ts';

eventStoreContract('memory', async () => openMemoryStore());
