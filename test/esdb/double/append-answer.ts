/** The two answers to an append that the server could decide. Both are responses, none is an error status. */
import type { AppendResp as Answer } from '@eventstore/db-client/generated/streams_pb.js';
import { type Expected, NO_STREAM } from './append-decision.ts';
import { AppendResp, Empty } from './wire.ts';

/** Success, with the revision the stream is at and the position of the last record written. */
export const appended = (revision: number, position: bigint): Answer => {
  const success = new AppendResp.Success().setPosition(
    new AppendResp.Position().setCommitPosition(`${position}`).setPreparePosition(`${position}`),
  );
  if (revision === NO_STREAM) success.setNoStream(new Empty());
  else success.setCurrentRevision(`${revision}`);
  return new AppendResp().setSuccess(success);
};

/** The refusal of a stream that is elsewhere than expected. */
export const wrongVersion = (expected: Expected, current: number): Answer => {
  const wrong = new AppendResp.WrongExpectedVersion();
  if (expected === 'any') wrong.setExpectedAny(new Empty());
  else if (expected === 'stream_exists') wrong.setExpectedStreamExists(new Empty());
  else if (expected === NO_STREAM) wrong.setExpectedNoStream(new Empty());
  else wrong.setExpectedRevision(`${expected}`);
  if (current === NO_STREAM) wrong.setCurrentNoStream(new Empty());
  else wrong.setCurrentRevision(`${current}`);
  return new AppendResp().setWrongExpectedVersion(wrong);
};
