/** What the server says it can do. The client asks once for each connection, before its first unguided append. */
import type { SupportedMethods as Answer } from '@eventstore/db-client/generated/serverfeatures_pb.js';
import { ServerFeaturesService, StreamsService, SupportedMethod, SupportedMethods } from './wire.ts';

const VERSION = '23.10.7';

const FEATURES: Readonly<Record<string, readonly string[]>> = {
  read: ['position', 'events'],
  batchappend: ['deadline_duration'],
};

const methodOf = (path: string) => {
  const [, service = '', method = ''] = path.toLowerCase().split('/');
  return new SupportedMethod()
    .setServiceName(service)
    .setMethodName(method)
    .setFeaturesList([...(FEATURES[method] ?? [])]);
};

/**
 * The methods of the two services that the double has, batch append among them as with the real server: a client that
 * takes that way here learns that it is unimplemented, instead of being led to the unary append by chance.
 */
export const supportedMethods = (): Answer =>
  new SupportedMethods()
    .setEventStoreServerVersion(VERSION)
    .setMethodsList(
      [...Object.values(StreamsService), ...Object.values(ServerFeaturesService)].map(({ path }) =>
        methodOf(path),
      ),
    );
