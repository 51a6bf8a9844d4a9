/** The call `Gossip/Read`: which members a cluster has, and what each is. Anybody may ask. */
import { randomUUID } from 'node:crypto';
import type { ServerUnaryCall } from '@grpc/grpc-js';
import gossipMessages from '@eventstore/db-client/generated/gossip_pb.js';
import type shared from '@eventstore/db-client/generated/shared_pb.js';
import { answerOnce } from './answering.ts';
import type { Ground } from './ground.ts';
import { uuidMessage } from './messages.ts';

const { ClusterInfo, EndPoint, MemberInfo } = gossipMessages;
const { VNodeState } = MemberInfo;

const STATES = {
  leader: VNodeState.LEADER,
  follower: VNodeState.FOLLOWER,
  read_only_replica: VNodeState.READONLYREPLICA,
  resigning_leader: VNodeState.RESIGNINGLEADER,
  catching_up: VNodeState.CATCHINGUP,
  unknown: VNodeState.UNKNOWN,
} as const;

/** A member of a cluster as gossip tells of it. */
export interface Member {
  readonly host: string;
  readonly port: number;
  readonly state: keyof typeof STATES;
  /** Default: true. */
  readonly alive?: boolean;
}

const memberMessage = ({ host, port, state, alive = true }: Member): gossipMessages.MemberInfo =>
  new MemberInfo()
    .setInstanceId(uuidMessage(randomUUID()))
    .setTimeStamp(String(Date.now() * 10_000))
    .setState(STATES[state])
    .setIsAlive(alive)
    .setHttpEndPoint(new EndPoint().setAddress(host).setPort(port));

type GossipCall = ServerUnaryCall<shared.Empty, gossipMessages.ClusterInfo>;

export const gossiping = (ground: Ground, members: () => readonly Member[]) =>
  answerOnce<GossipCall, gossipMessages.ClusterInfo>(ground, {
    name: 'GossipRead',
    need: 'nothing',
    answer: () => new ClusterInfo().setMembersList(members().map(memberMessage)),
  });
