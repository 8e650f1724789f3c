/**
 * A double of EventStoreDB 23.10 that speaks its wire protocol on a port of the loopback, so that the real client is
 * what a test runs. It keeps what it is given until it is disposed, through any number of stops and starts, and it
 * fails as a test asks it to.
 */
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { type AppendCounts, appendHandler } from './append-call.ts';
import { type Connections, listen } from './connections.ts';
import { EPOCHS } from './event-filter.ts';
import { type Faults, prepareFaults } from './faults.ts';
import { sufferWith } from './mishaps.ts';
import { readHandler } from './read-call.ts';
import { supportedMethods } from './server-features.ts';
import { jsonEvent, type LogRecord, openTransactionLog, type SavedLog } from './transaction-log.ts';
import { ServerFeaturesService, StreamsService } from './wire.ts';

export interface EsdbDouble {
  /** Stays the same through stops and starts. */
  readonly port: number;
  readonly connectionString: string;
  readonly faults: Faults;
  readonly appends: AppendCounts;
  /** What the last append said of who sends it. */
  readonly authorization: () => string | null;
  /** The events of a stream, or of all. */
  readonly events: (stream?: string) => readonly LogRecord[];
  /** A JSON event from somebody else: another writer, or the server itself with a `$` name. */
  readonly write: (stream: string, type: string, data: unknown) => LogRecord;
  /** Puts other records in place of all that there are: what somebody with access to the disk can do. */
  readonly rewrite: (change: (records: readonly LogRecord[]) => readonly LogRecord[]) => void;
  /** A backup of the data folder, and that backup put back: to be done while the server is stopped. */
  readonly saved: () => SavedLog;
  readonly restore: (saved: SavedLog) => void;
  /** The positions of the events that were sent to readers so far; each once, however often it was sent. */
  readonly sent: () => ReadonlySet<string>;
  /** Resets the connections that are open; new ones are taken. */
  readonly cut: () => void;
  /** Ends the server as a kill does: connections are reset, the port refuses. */
  readonly stop: () => Promise<void>;
  /** Listens again on the same port, over the same data. */
  readonly start: () => Promise<void>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}

/** As large as a record of the server may be; a larger message ends with RESOURCE_EXHAUSTED. */
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024 - 10_000;

/** Opens a double that is listening, with the few records in its log that a server writes for itself at its start. */
export const openDouble = async (): Promise<EsdbDouble> => {
  const log = openTransactionLog();
  const recent = new Map<string, LogRecord>();
  const faults = prepareFaults();
  const appends = { received: 0, written: 0, repeated: 0 };
  let running: { readonly server: Server; readonly connections: Connections } | undefined;
  let port = 0;
  const sent = new Set<string>();
  let authorization: string | null = null;

  const write = (stream: string, type: string, data: unknown): LogRecord => {
    const [record] = log.write(stream, [jsonEvent(type, data)]);
    if (!record) throw new Error('Nothing was written');
    return record;
  };

  const noteEpoch = (): void => {
    log.writeEmpty(EPOCHS);
    write(EPOCHS, '$epoch-information', { epochNumber: 0 });
  };

  const start = async (): Promise<void> => {
    if (running) return;
    recent.clear();
    noteEpoch();
    const suffer = sufferWith((peer) => running?.connections.reset(peer));
    const server = new Server({ 'grpc.max_receive_message_length': MAX_MESSAGE_BYTES });
    server.addService(StreamsService, {
      append: appendHandler({
        log,
        recent,
        faults,
        suffer,
        counted: (what) => {
          appends[what] += 1;
        },
        authorized: (sender) => {
          authorization = sender;
        },
      }),
      read: readHandler({
        log,
        faults,
        suffer,
        sent: (position) => void sent.add(position),
      }),
    });
    server.addService(ServerFeaturesService, {
      getSupportedMethods: (_call: unknown, callback: (error: null, answer: unknown) => void) =>
        callback(null, supportedMethods()),
    });
    const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
    const connections = await listen(port, (socket) => injector.injectConnection(socket));
    ({ port } = connections);
    running = { server, connections };
  };

  const stop = async (): Promise<void> => {
    const ended = running;
    running = undefined;
    await ended?.connections.close();
    ended?.server.forceShutdown();
  };

  await start();
  write('$$$scavenges', '$metadata', { $maxAge: 2_592_000 });
  write(`$stats-127.0.0.1:${port}`, '$statsCollected', { 'proc-id': process.pid });

  return {
    port,
    connectionString: `esdb://127.0.0.1:${port}?tls=false`,
    faults,
    appends,
    authorization: () => authorization,
    events: (stream) => (stream === undefined ? log.records : log.stream(stream)),
    write,
    rewrite: log.rewrite,
    saved: log.saved,
    restore: log.restore,
    sent: () => sent,
    cut: () => running?.connections.reset(),
    stop,
    start,
    [Symbol.asyncDispose]: stop,
  };
};
