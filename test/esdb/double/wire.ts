/** The protocol of the server, by the definitions that its client ships. They are CommonJS without readable names. */
import featuresGrpc from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import featuresPb from '@eventstore/db-client/generated/serverfeatures_pb.js';
import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';

export const { StreamsService } = streamsGrpc;
export const { ServerFeaturesService } = featuresGrpc;
export const { AppendResp, ReadReq, ReadResp } = streamsPb;
export const { SupportedMethod, SupportedMethods } = featuresPb;
export const { Empty, StreamIdentifier, UUID } = sharedPb;

/** The name of a stream as it stands in a request. */
export const streamNameOf = (
  message: { getStreamIdentifier(): InstanceType<typeof StreamIdentifier> | undefined } | undefined,
): string => Buffer.from(message?.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString();

/** A stream's name as it stands in a response. */
export const streamIdentifier = (name: string): InstanceType<typeof StreamIdentifier> =>
  new StreamIdentifier().setStreamName(Buffer.from(name).toString('base64'));
