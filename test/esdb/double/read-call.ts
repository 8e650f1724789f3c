/** The read call, which serves bounded reads and subscriptions alike. */

import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { handleServerStreamingCall, ServerWritableStream } from '@grpc/grpc-js';
import { readAll, readStream } from './bounded-read.ts';
import type { PreparedFaults } from './faults.ts';
import type { Suffer } from './mishaps.ts';
import { caughtUp, checkpoint, confirmation, eventAnswer, streamNotFound } from './read-answer.ts';
import { parseRead, type ReadRequest } from './read-request.ts';
import { handlerThrew, isRefusal } from './refusals.ts';
import { follow, type Notice } from './subscription.ts';
import type { TransactionLog } from './transaction-log.ts';

/** What one read call needs of the server. */
export interface ReadSource {
  readonly log: TransactionLog;
  readonly faults: PreparedFaults;
  readonly suffer: Suffer;
  /** Called with the position of each event that is sent. */
  readonly sent: (position: string) => void;
}

type Call = ServerWritableStream<ReadReq, ReadResp>;

const noticeAnswer = (notice: Notice): ReadResp => {
  switch (notice.kind) {
    case 'confirmed':
      return confirmation(notice.id);
    case 'event':
      return eventAnswer(notice.record);
    case 'checkpoint':
      return checkpoint(notice.place);
    case 'caught up':
      return caughtUp();
  }
};

async function* answersTo(
  log: TransactionLog,
  read: ReadRequest,
  left: Promise<'left'>,
): AsyncGenerator<ReadResp, void> {
  if (read.kind === 'subscription') {
    for await (const notice of follow(log, read, left)) yield noticeAnswer(notice);
    return;
  }
  const records = read.kind === 'all' ? await readAll(log, read) : readStream(log, read);
  if (!records) yield streamNotFound(read.kind === 'stream' ? read.stream : '$all');
  for (const record of records ?? []) yield eventAnswer(record);
}

const happens = <T>(call: Call, event: 'cancelled' | 'drain', then: T): Promise<T> =>
  new Promise((resolve) => call.once(event, () => resolve(then)));

const send = async (call: Call, answer: ReadResp, left: Promise<'left'>): Promise<void> => {
  if (!call.write(answer)) await Promise.race([happens(call, 'drain', undefined), left]);
};

/** Answers a read, or lets it suffer what a test prepared once so many events are sent. */
export const readHandler = ({
  log,
  faults,
  suffer,
  sent,
}: ReadSource): handleServerStreamingCall<ReadReq, ReadResp> => {
  const serve = async (call: Call): Promise<void> => {
    const left = happens(call, 'cancelled', 'left' as const);
    const read = parseRead(call.request);
    const fault = faults.forRead(read.kind);
    let events = 0;
    const meetFault = async (): Promise<void> => {
      if (fault && events === fault.after) await suffer(call, fault.mishap);
    };
    await meetFault();
    for await (const answer of answersTo(log, read, left)) {
      await send(call, answer, left);
      if (call.cancelled) return;
      if (!answer.hasEvent()) continue;
      events += 1;
      sent(answer.getEvent()?.getCommitPosition() ?? '');
      await meetFault();
    }
    call.end();
  };
  return (call) => {
    serve(call).catch((error: unknown) => call.emit('error', isRefusal(error) ? error : handlerThrew()));
  };
};
