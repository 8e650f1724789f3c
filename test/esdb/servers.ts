/**
 * What tests of EventStoreDB run against: always the double, and besides a real server where SUANPAN_TEST_ESDB names
 * one as esdb://HOST:PORT?tls=false. That one may hold anything and serve others meanwhile.
 */
import { openDouble } from './double/esdb-double.ts';

export interface TestedServer {
  readonly connectionString: string;
  readonly close: () => Promise<void>;
}

type OpenServer = () => Promise<TestedServer>;

const theDouble: OpenServer = async () => {
  const { connectionString, stop } = await openDouble();
  return { connectionString, close: stop };
};

const real = process.env['SUANPAN_TEST_ESDB'];
// Once for each file that asks: nobody shall take what ran on the double alone for what ran on a server.
if (!real) console.warn('a real server: skipped: SUANPAN_TEST_ESDB names no server');

/**
 * For `describe.each`: a name, and how to open what bears it. A title that ends with `, on %s` is counted among those
 * that ran on a real server (see `scripts/proof.js`).
 */
export const serversToTest: readonly (readonly [string, OpenServer])[] = [
  ['the double', theDouble],
  ...(real
    ? [['a real server', async () => ({ connectionString: real, close: async () => {} })] as const]
    : []),
];
