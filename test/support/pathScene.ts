/** Two gateway hosts, two client groups, three volumes and an access path between the deciders, and what calls leave on the hosts. */
import {
  accessPathStream,
  vipGroupStream,
  type AccessPathCommand,
  type AccessPathId,
  type AccessPathState,
  type ClientGroupCommand,
  type ClientGroupId,
  type DomainCommand,
  type HostCommand,
  type MappingGroup,
  type MappingGroupId,
  type Perform,
  type PortError,
  type Refusal,
  type TargetConfig,
  type VipGroupCommand,
  type VipGroupId,
  type VipGroupState,
  type VipId,
  type VipWish,
  type VolumeId,
} from '@blockledger/domain';
import * as assert from 'uvu/assert';
import { operation, uuid } from './decider.ts';
import { addressIdOf, addressOf, hostIdOf, type PathOptions } from './pathWorld.ts';
import { bytes, create, placement, poolIdOf, serialOf, volumeIdOf } from './samples.ts';
import { world, type Fault, type World, type WorldOptions } from './world.ts';

export const GIB = 2 ** 30;
export const pathId = uuid('9', 1) as AccessPathId;
export const groupId = (n: number): MappingGroupId => uuid('8', n) as MappingGroupId;
export const clientsId = (n: number): ClientGroupId => uuid('7', n) as ClientGroupId;
export const vipGroupId = uuid('6', 1) as VipGroupId;
export const vipIdOf = (n: number): VipId => uuid('5', n) as VipId;
export const unreachable: PortError = { _tag: 'Retryable', code: 'HostUnreachable', message: 'no route to gw2', outcomeUnknown: false };
export const clientOf = (n: number): string => `iqn.1994-05.com.redhat:client${n}`;

/** What was said to a command. */
export interface Asked {
  readonly refusal: Refusal | undefined;
  readonly operationId: string;
  readonly accepted: () => Asked;
  /** Refused at once; `details` are compared with the refusal's. */
  readonly refused: (tag: string, details?: Partial<Refusal>) => Refusal;
}

const asked = ({ refusal, operationId }: Pick<Asked, 'refusal' | 'operationId'>): Asked => {
  const self: Asked = {
    refusal,
    operationId,
    accepted: () => {
      assert.is(refusal, undefined, `refused: ${refusal?._tag} ${refusal?.message}`);
      return self;
    },
    refused: (tag, details = {}) => {
      assert.is(refusal?._tag, tag);
      for (const [key, value] of Object.entries(details)) assert.equal(refusal?.[key as keyof Refusal], value, `${key} of ${tag}`);
      return refusal!;
    },
  };
  return self;
};

export interface PathScene {
  readonly it: World;
  /** The latest configuration of each target that stands, by host and IQN. */
  readonly targets: ReadonlyMap<string, TargetConfig>;
  readonly calls: readonly Perform[];
  readonly ask: (command: DomainCommand) => Asked;
  readonly onPath: (command: AccessPathCommand) => Asked;
  readonly onHost: (command: HostCommand) => Asked;
  readonly onClients: (command: ClientGroupCommand) => Asked;
  readonly onVips: (command: VipGroupCommand) => Asked;
  /** What was accepted is worked on, and refused by somebody else. */
  readonly late: (accepted: Asked) => Asked;
  readonly path: () => AccessPathState;
  readonly vips: () => VipGroupState;
}

/** Everything is done but what is on hosts that are away: that fails. */
export const settleWhileAway = (it: World, away: (work: Perform) => boolean, most = 300): void => {
  for (const isLast of [false, true]) {
    for (let turn = 0; turn < most; turn += 1) {
      const next = it.owing().find(({ work }) => work.kind === 'tell' || !away(work));
      if (next === undefined) break;
      it.work(next);
    }
    const fault: Fault = () => ({ error: unreachable, landed: false, final: false });
    if (!isLast) for (const owed of it.owing()) it.work(owed, fault);
  }
};

export const isOn = (host: string) => (work: Perform): boolean => (work.on === 'target' && work.action.target.place.host === host) || (work.on === 'vip' && work.action.place.host === host);

export const registerHost = (n: number, more: Partial<Extract<HostCommand, { type: 'RegisterHost' }>> = {}): HostCommand => ({
  type: 'RegisterHost',
  hostId: hostIdOf(n),
  name: `gw${n}`,
  targets: 'xdc',
  vips: 'keepalived',
  addresses: [addressOf(n)],
  ...more,
});
export const createClients = (n: number, more: Partial<Extract<ClientGroupCommand, { type: 'CreateClientGroup' }>> = {}): ClientGroupCommand => ({
  type: 'CreateClientGroup',
  clientGroupId: clientsId(n),
  name: `hosts-${n}`,
  description: '',
  accessType: 'iscsi',
  clients: [clientOf(n)],
  mutual: null,
  ...more,
});
export const createPath = (more: Partial<Extract<AccessPathCommand, { type: 'CreateAccessPath' }>> = {}): AccessPathCommand => ({
  type: 'CreateAccessPath',
  accessPathId: pathId,
  name: 'gold',
  description: '',
  accessType: 'iscsi',
  iqnPrefix: 'iqn.2019-01.com.xsky:c',
  chap: null,
  hostIds: [hostIdOf(1), hostIdOf(2)],
  ...more,
});
export const createGroup = (n: number, volumeIds: readonly VolumeId[], shared = false): AccessPathCommand => ({
  type: 'CreateMappingGroup',
  accessPathId: pathId,
  mappingGroupId: groupId(n),
  clientGroupId: clientsId(n),
  volumeIds,
  shared,
});
export const addVolumes = (n: number, volumeIds: readonly VolumeId[], shared = false): AccessPathCommand => ({ type: 'AddVolumes', accessPathId: pathId, mappingGroupId: groupId(n), volumeIds, shared });
export const removeVolumes = (n: number, volumeIds: readonly VolumeId[], force = false, loggedOut = false): AccessPathCommand => ({ type: 'RemoveVolumes', accessPathId: pathId, mappingGroupId: groupId(n), volumeIds, force, loggedOut });
export const deleteGroup = (n: number, force = false, loggedOut = false): AccessPathCommand => ({ type: 'DeleteMappingGroup', accessPathId: pathId, mappingGroupId: groupId(n), force, loggedOut });
export const vipWish = (n: number, more: Partial<VipWish> = {}): VipWish => ({ vipId: vipIdOf(n), ip: `10.252.1.${128 + n}`, mask: 32, networkAddressId: addressIdOf(1), ...more });
export const createVips = (more: Partial<Extract<VipGroupCommand, { type: 'CreateVipGroup' }>> = {}): VipGroupCommand => ({
  type: 'CreateVipGroup',
  vipGroupId,
  accessPathId: pathId,
  network: '10.252.1.0/24',
  preempt: true,
  vips: [vipWish(1)],
  force: false,
  ...more,
});

/** Pool, volumes, hosts and client groups, and no access path yet. */
export const beforePath = (paths: PathOptions = {}, watch?: WorldOptions['watch']): PathScene => {
  const targets = new Map<string, TargetConfig>();
  const calls: Perform[] = [];
  const it = world({
    ...(watch === undefined ? {} : { watch }),
    paths: {
      ...paths,
      act: (work) => {
        calls.push(work);
        if (work.on === 'target') {
          const key = `${work.action.target.place.host} ${work.action.target.iqn}`;
          if (work.action.do === 'ensureTarget') targets.set(key, work.action.config);
          if (work.action.do === 'ensureTargetGone') targets.delete(key);
        }
        return paths.act?.(work);
      },
    },
  });
  const ask: PathScene['ask'] = (command) => asked(it.send(command));
  const path = (): AccessPathState => it.streams.get(accessPathStream(pathId))?.state as AccessPathState;
  const vips = (): VipGroupState => it.streams.get(vipGroupStream(vipGroupId))?.state as VipGroupState;
  ask({ to: 'pool', command: { type: 'RegisterPool', poolId: poolIdOf(1), name: 'fast', placement, poolType: 'replicated', overSubscriptionRatio: 20 } });
  it.settle();
  for (const n of [1, 2, 3]) ask({ to: 'volume', command: create({ volumeId: volumeIdOf(n), name: `db-${n}`, serial: serialOf(n), sizeBytes: bytes(GIB) }) });
  for (const n of [1, 2]) ask({ to: 'host', command: registerHost(n) });
  for (const n of [1, 2]) ask({ to: 'clientGroup', command: createClients(n) });
  it.settle();
  return {
    it,
    targets,
    calls,
    ask,
    onPath: (command) => ask({ to: 'accessPath', command }),
    onHost: (command) => ask({ to: 'host', command }),
    onClients: (command) => ask({ to: 'clientGroup', command }),
    onVips: (command) => ask({ to: 'vipGroup', command }),
    late: ({ operationId, accepted }) => {
      accepted();
      it.settle();
      const refused = [...it.streams.values()].flatMap(({ state }) => (state as { readonly refused?: readonly { readonly operationId: string; readonly refusal: Refusal }[] }).refused ?? []);
      return asked({ operationId, refusal: refused.find((one) => one.operationId === operationId)?.refusal });
    },
    path,
    vips,
  };
};

/** The same with an access path whose targets stand. */
export const beginPath = (paths: PathOptions = {}): PathScene => {
  const scene = beforePath(paths);
  scene.onPath(createPath()).accepted();
  scene.it.settle();
  return scene;
};

/** A mapping group of nobody. */
export const mappingGroup: MappingGroup = {
  mappingGroupId: groupId(1),
  number: 1,
  operationId: operation(1),
  clientGroupId: clientsId(1),
  initiators: null,
  shared: false,
  stage: 'active',
  force: false,
  shape: 0,
  clients: [],
  mutual: null,
  luns: [],
};
