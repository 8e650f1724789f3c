/** What a read sends: events, and beside them the reader's position. */
import type { ReadResp as Answer } from '@eventstore/db-client/generated/streams_pb.js';
import type { Place } from './subscription.ts';
import type { LogRecord } from './transaction-log.ts';
import { ReadResp, streamIdentifier, UUID } from './wire.ts';

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** An event, with its own position and once more beside it. */
export const eventAnswer = (record: LogRecord): Answer => {
  const recorded = new ReadResp.ReadEvent.RecordedEvent()
    .setId(new UUID().setString(record.id))
    .setStreamIdentifier(streamIdentifier(record.stream))
    .setStreamRevision(`${record.revision}`)
    .setCommitPosition(`${record.position}`)
    .setPreparePosition(`${record.position}`)
    .setData(base64(record.data))
    .setCustomMetadata(base64(record.metadata));
  recorded
    .getMetadataMap()
    .set('type', record.type)
    // Ticks of 100 ns since 1970.
    .set('created', `${BigInt(record.created.getTime()) * 10_000n}`)
    .set('content-type', record.json ? 'application/json' : 'application/octet-stream');
  const event = new ReadResp.ReadEvent().setEvent(recorded).setCommitPosition(`${record.position}`);
  return new ReadResp().setEvent(event);
};

export const streamNotFound = (stream: string): Answer =>
  new ReadResp().setStreamNotFound(
    new ReadResp.StreamNotFound().setStreamIdentifier(streamIdentifier(stream)),
  );

export const confirmation = (id: string): Answer =>
  new ReadResp().setConfirmation(new ReadResp.SubscriptionConfirmation().setSubscriptionId(id));

export const caughtUp = (): Answer => new ReadResp().setCaughtUp(new ReadResp.CaughtUp());

export const checkpoint = ({ commit, prepare }: Place): Answer =>
  new ReadResp().setCheckpoint(
    new ReadResp.Checkpoint().setCommitPosition(`${commit}`).setPreparePosition(`${prepare}`),
  );
