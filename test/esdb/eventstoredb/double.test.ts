/** What the double does, a real EventStoreDB 23.10 does: the same is shown of both, where there is one. */
import { afterAll, beforeAll, describe } from 'vitest';
import { serversToTest, type TestedServer } from '../servers.ts';
import { appendBehaviour } from './append-behaviour.ts';
import { readBehaviour } from './read-behaviour.ts';
import { openClient, type RealClient } from './real-client.ts';
import { subscriptionBehaviour } from './subscription-behaviour.ts';

describe.each(serversToTest)('what an engine does, on %s', (_name, openServer) => {
  let server: TestedServer;
  let client: RealClient;

  beforeAll(async () => {
    server = await openServer();
    client = openClient(server.connectionString);
  });

  afterAll(async () => {
    await client.dispose();
    await server.close();
  });

  describe('appends', () => appendBehaviour(() => client));
  describe('reads', () => readBehaviour(() => client));
  describe('subscriptions', () => subscriptionBehaviour(() => client));
});
