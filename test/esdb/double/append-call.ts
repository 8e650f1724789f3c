/** The unary append: one header, then one message for each event, then the decision of the log. */
import type { AppendResp as Answer, AppendReq } from '@eventstore/db-client/generated/streams_pb.js';
import type { handleClientStreamingCall, ServerReadableStream } from '@grpc/grpc-js';
import { appended, wrongVersion } from './append-answer.ts';
import { decideAppend, type Expected, NO_STREAM, type RecentIds } from './append-decision.ts';
import type { PreparedFaults } from './faults.ts';
import type { Suffer } from './mishaps.ts';
import { handlerThrew, isRefusal, maxAppendSizeExceeded, metadataMissing } from './refusals.ts';
import type { LogRecord, ProposedEvent, TransactionLog } from './transaction-log.ts';
import { streamNameOf } from './wire.ts';

const MAX_APPEND_BYTES = 1_048_576;
const UUID_FORM = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const NO_UUID = '00000000-0000-0000-0000-000000000000';

interface Append {
  readonly stream: string;
  readonly expected: Expected;
  readonly events: readonly ProposedEvent[];
}

/** How many appends arrived whole, and what became of those that were not refused. */
export interface AppendCounts {
  readonly received: number;
  readonly written: number;
  /** Answered with success because they had been written before. */
  readonly repeated: number;
}

/** What one append call needs of the server. */
export interface AppendTarget {
  readonly log: TransactionLog;
  readonly recent: RecentIds & Map<string, LogRecord>;
  readonly faults: PreparedFaults;
  readonly suffer: Suffer;
  readonly counted: (what: keyof AppendCounts) => void;
  /** Told who appends, as the call says it. */
  readonly authorized: (authorization: string | null) => void;
}

const expectedBy = (options: AppendReq.Options): Expected => {
  if (options.hasRevision()) return Number(options.getRevision());
  if (options.hasNoStream()) return NO_STREAM;
  if (options.hasStreamExists()) return 'stream_exists';
  if (options.hasAny()) return 'any';
  throw handlerThrew();
};

const proposedBy = (message: AppendReq.ProposedMessage | undefined): ProposedEvent => {
  const named = message?.getMetadataMap();
  const type = named?.get('type');
  const content = named?.get('content-type');
  if (type === undefined) throw metadataMissing('type');
  if (content === undefined) throw metadataMissing('content-type');
  const id = message?.getId()?.getString().toLowerCase();
  if (!message || !id || !UUID_FORM.test(id) || id === NO_UUID || type === '') throw handlerThrew();
  return {
    id,
    type,
    json: content === 'application/json',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
};

const receive = async (call: ServerReadableStream<AppendReq, Answer>): Promise<Append> => {
  let options: AppendReq.Options | undefined;
  const events: ProposedEvent[] = [];
  let bytes = 0;
  for await (const message of call as AsyncIterable<AppendReq>) {
    if (!options) {
      options = message.getOptions();
      if (!options) throw handlerThrew();
      continue;
    }
    const event = proposedBy(message.getProposedMessage());
    // The server means to add type and metadata, but counts the data alone.
    bytes += event.data.length;
    if (bytes > MAX_APPEND_BYTES) throw maxAppendSizeExceeded(MAX_APPEND_BYTES);
    events.push(event);
  }
  const stream = streamNameOf(options);
  if (!options || stream === '') throw handlerThrew();
  return { stream, expected: expectedBy(options), events };
};

const apply = ({ log, recent, counted }: AppendTarget, { stream, expected, events }: Append): Answer => {
  const ids = events.map(({ id }) => id);
  const decision = decideAppend(log, recent, stream, expected, ids);
  if (decision.kind === 'wrong version') return wrongVersion(expected, decision.current);
  counted(decision.kind === 'write' ? 'written' : 'repeated');
  if (decision.kind === 'written before') return appended(decision.last.revision, decision.last.position);
  const written = log.write(stream, events);
  for (const record of written) if (!recent.has(record.id)) recent.set(record.id, record);
  const last = written.at(-1);
  return last
    ? appended(last.revision, last.position)
    : appended(log.stream(stream).length - 1, log.writeEmpty(stream));
};

/** Answers the client's unary append, or lets it suffer what a test prepared. */
export const appendHandler = (target: AppendTarget): handleClientStreamingCall<AppendReq, Answer> => {
  const answer = async (call: ServerReadableStream<AppendReq, Answer>): Promise<Answer> => {
    const append = await receive(call);
    target.counted('received');
    const [authorization] = call.metadata.get('authorization');
    target.authorized(authorization === undefined ? null : String(authorization));
    const fault = target.faults.forAppend(append.stream);
    if (fault?.moment === 'unapplied') await target.suffer(call, fault.mishap);
    // A call that the client gave up before its turn is not written.
    if (call.cancelled) throw handlerThrew();
    const answered = apply(target, append);
    if (fault?.moment === 'applied') await target.suffer(call, fault.mishap);
    return answered;
  };
  return (call, callback) => {
    answer(call).then(
      (answered) => callback(null, answered),
      (error: unknown) => callback(isRefusal(error) ? error : handlerThrew()),
    );
  };
};
