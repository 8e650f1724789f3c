/**
 * Engines that the ledger is tested on: always the double, a real server where SUANPAN_TEST_ESDB names one
 * (esdb://HOST:PORT?tls=false), and one in a container where there is a container runtime. Each test gets a ledger of its
 * own in them.
 */
import { randomUUID } from 'node:crypto';
import { describe, test } from 'vitest';
import {
  type EngineOptions,
  type EngineStore,
  openEngineStore,
} from '../../src/eventstore/eventstoredb/store.ts';
import { openDirectory } from '../../src/eventstore/eventstoredb/stream-directory.ts';
import { openDouble } from './double/esdb-double.ts';

export interface Engine {
  /** The address of a new ledger. */
  address(): string;
  close(): Promise<void>;
}

type Opened = { readonly connectionString: string; readonly close: () => Promise<void> };

interface Tested {
  readonly name: string;
  /** Why it is not there; then its tests are skipped. */
  readonly missing: string | null;
  readonly open: () => Promise<Opened>;
}

const IMAGE = 'kurrentplatform/kurrentdb:26.0.3';
const real = process.env['SUANPAN_TEST_ESDB'];

const theDouble: Tested = {
  name: 'the double',
  missing: null,
  open: async () => {
    const { connectionString, stop } = await openDouble();
    return { connectionString, close: stop };
  },
};

const theServer: Tested = {
  name: 'a real server',
  missing: real ? null : 'SUANPAN_TEST_ESDB names no server',
  open: async () => ({ connectionString: real ?? '', close: async () => undefined }),
};

/** Looked for once: testcontainers throws where there is no runtime. */
const noRuntime = async (): Promise<string | null> => {
  try {
    const { getContainerRuntimeClient } = await import('testcontainers');
    await getContainerRuntimeClient();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

const theContainer: Tested = {
  name: 'a server in a container',
  missing: await noRuntime(),
  open: async () => {
    const { KurrentDbContainer } = await import('@testcontainers/kurrentdb');
    const container = await new KurrentDbContainer(IMAGE).start();
    const connectionString = container.getConnectionString().replace(/^kurrentdb:/, 'esdb:');
    return { connectionString, close: async () => void (await container.stop()) };
  },
};

/** Describes something on every engine there is, and says which are not there. */
export const onEveryEngine = (
  what: string,
  specify: (open: () => Promise<Engine>, name: string) => void,
): void => {
  for (const { name, missing, open } of [theDouble, theServer, theContainer])
    describe(`${what}, on ${name}`, () => {
      if (missing === null)
        specify(async () => {
          const { connectionString, close } = await open();
          return { address: () => inLedger(connectionString), close };
        }, name);
      else
        test(`skipped: ${missing}`, (context) => {
          console.warn(`${what}, on ${name}: skipped: ${missing}`);
          context.skip();
        });
    });
};

/** The address of a new ledger in an engine. */
export const inLedger = (connectionString: string): string =>
  `${connectionString}${connectionString.includes('?') ? '&' : '?'}ledger=t-${randomUUID()}`;

/** A store that keeps nothing on this machine; it gives up sooner than a server's. */
export const engineStore = (address: string, times: EngineOptions['times'] = {}): EngineStore =>
  openEngineStore(address, { directory: openDirectory(':memory:'), times });
