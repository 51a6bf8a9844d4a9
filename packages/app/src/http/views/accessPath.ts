/** Access paths, targets and mapping groups as the source writes them (S0-86, S0-98): of an account the user alone. */
import type { AccessPathBody, MappingGroupBody, TargetBody } from '../../api/bodies/accessPath.ts';
import type { AccessPathView, LunView, MappingGroupView, TargetView } from '../../queries/pathViews.ts';
import { actionStatus, failureBody, moment } from './common.ts';
import { linkBody, operationBody, partStatus, unreachableBody } from './paths.ts';
import { qosBody } from './qos.ts';

/** The resource inside `target`. */
export const targetBody = (target: TargetView): TargetBody => ({
  id: target.number,
  uuid: target.id,
  access_path: linkBody(target.accessPath),
  host: linkBody(target.host),
  backend: target.backend,
  status: partStatus(target.status),
  iqns: target.iqns,
  portals: target.portals,
  wanted_version: target.wantedVersion,
  confirmed_version: target.confirmedVersion,
  confirmed: target.isConfirmed,
  off: target.off,
  unreachable: unreachableBody(target.unreachable),
  tenant: target.tenant,
});

const lunBody = (lun: LunView): MappingGroupBody['luns'][number] => ({
  lun_id: lun.lun,
  block_volume: linkBody(lun.volume),
  mapping: lun.mappingId,
  sn: lun.serial,
  size: lun.sizeBytes,
  qos: lun.qos === null ? null : qosBody(lun.qos),
  status: partStatus(lun.status),
});

/** The resource inside `mapping_group`. */
export const mappingGroupBody = (group: MappingGroupView): MappingGroupBody => ({
  id: group.number,
  uuid: group.id,
  access_path: linkBody(group.accessPath),
  client_group: linkBody(group.clientGroup),
  status: partStatus(group.status),
  shared: group.shared,
  luns: group.luns.map(lunBody),
  tenant: group.tenant,
});

const SCOPES = { accessPath: 'access_path', clientGroup: 'client_group', volume: 'volume' } as const satisfies Readonly<Record<AccessPathView['scope'], string>>;

/** The resource inside `access_path`. */
export const accessPathBody = (path: AccessPathView): AccessPathBody => ({
  id: path.number,
  uuid: path.id,
  name: path.name,
  description: path.description,
  type: path.accessType,
  status: path.status,
  action_status: actionStatus(path.actionStatus),
  chap: path.chap !== null,
  tname: path.chap?.user ?? null,
  iqn_prefix: path.iqnPrefix,
  target_scope: SCOPES[path.scope],
  version: path.version,
  targets: path.targets.map(targetBody),
  mapping_groups: path.mappingGroups.map(mappingGroupBody),
  vip_groups: path.vipGroups.map(({ id, number, stage, ips }) => ({ id: number, uuid: id, stage, ips })),
  operations: path.operations.map(operationBody),
  failure: failureBody(path.failure),
  tenant: path.tenant,
  create: moment(path.createdAt),
  update: moment(path.updatedAt),
});
