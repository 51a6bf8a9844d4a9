/** The call `GetSupportedMethods`: what a client may use. Names are compared in lower case. */
import type { ServerUnaryCall } from '@grpc/grpc-js';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import type shared from '@eventstore/db-client/generated/shared_pb.js';
import { answerOnce } from './answering.ts';
import type { Ground } from './ground.ts';

const VERSION = '24.10.4';
const STREAMS = 'event_store.client.streams.streams';
const PERSISTENT = 'event_store.client.persistent_subscriptions.persistentsubscriptions';

const METHODS: readonly (readonly [service: string, method: string, ...features: readonly string[]])[] = [
  [STREAMS, 'read', 'position', 'events'],
  [STREAMS, 'append'],
  [STREAMS, 'delete'],
  [STREAMS, 'tombstone'],
  [STREAMS, 'batchappend', 'deadline_duration'],
  ...['create', 'update', 'delete', 'read', 'getinfo', 'replayparked', 'list', 'restartsubsystem'].map((name) => [PERSISTENT, name, 'stream', 'all'] as const),
  ['event_store.client.gossip.gossip', 'read'],
  ['event_store.client.server_features.serverfeatures', 'getsupportedmethods'],
];

type FeaturesCall = ServerUnaryCall<shared.Empty, features.SupportedMethods>;

export const supporting = (ground: Ground) =>
  answerOnce<FeaturesCall, features.SupportedMethods>(ground, {
    name: 'GetSupportedMethods',
    need: 'nothing',
    answer: () =>
      new features.SupportedMethods()
        .setEventStoreServerVersion(VERSION)
        .setMethodsList(METHODS.map(([service, method, ...names]) => new features.SupportedMethod().setServiceName(service).setMethodName(method).setFeaturesList(names))),
  });
