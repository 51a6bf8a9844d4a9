/** Folds what happened to an access path. Total: whatever the order of events, it never fails. */
import type { OperationId } from '../kernel/ids.ts';
import { inNewRound, withoutTroubles, withTrouble } from '../kernel/troubles.ts';
import type { Of } from '../kernel/tagged.ts';
import { LUN_REST_MS, REFUSALS_KEPT } from './limits.ts';
import type { AccessPathEvent, LunWish } from './messages.ts';
import {
  lunsByOperation,
  noAccessPath,
  type AccessPathFields,
  type AccessPathState,
  type MappedLun,
  type MappingGroup,
  type PathDue,
  type PathOperation,
  type PathVips,
  type TargetHost,
} from './state.ts';
import { leftBehind, newHost, reopened } from './evolve/hosts.ts';
import { withServing, withStandings } from './wanted.ts';

type Fold<K extends AccessPathEvent['type']> = (state: AccessPathState, event: Of<AccessPathEvent, K>) => AccessPathState;

const change = (state: AccessPathState, fields: Partial<AccessPathFields>): AccessPathState => (state.path === null ? state : { ...state, path: { ...state.path, ...fields } });
const changeHost = (state: AccessPathState, hostId: string, fields: Partial<TargetHost>): AccessPathState =>
  change(state, { hosts: (state.path?.hosts ?? []).map((host) => (host.hostId === hostId ? { ...host, ...fields } : host)) });
const changeGroup = (state: AccessPathState, id: string, fields: (group: MappingGroup) => Partial<MappingGroup>): AccessPathState =>
  change(state, { groups: (state.path?.groups ?? []).map((group) => (group.mappingGroupId === id ? { ...group, ...fields(group) } : group)) });
const changeLuns = (state: AccessPathState, id: string, each: (lun: MappedLun) => MappedLun): AccessPathState => changeGroup(state, id, ({ luns }) => ({ luns: luns.map(each) }));

/** What went wrong with an earlier version is over: its work never comes again. */
const overtaken = (troubles: AccessPathState['troubles']): AccessPathState['troubles'] => Object.fromEntries(Object.entries(troubles).filter(([work]) => !/^[^/]*\/(?:converge|remove) /.test(work)));

/** From here on targets should be otherwise; hosts have this version still to confirm. */
const bump = (state: AccessPathState, operationId: OperationId): AccessPathState =>
  withStandings({ ...state, version: state.version + 1, latest: operationId, troubles: overtaken(state.troubles) });

const begin = (state: AccessPathState, operation: Omit<PathOperation, 'version'>): AccessPathState => ({ ...state, operations: [...state.operations, { ...operation, version: null }] });
/** The operation waits for hosts now, to confirm what is wanted just now. */
const converging = (state: AccessPathState, operationId: OperationId): AccessPathState => ({
  ...state,
  operations: state.operations.map((operation) => (operation.operationId === operationId ? { ...operation, version: state.version } : operation)),
});
const end = (state: AccessPathState, operationId: OperationId): AccessPathState => ({
  ...state,
  operations: state.operations.filter((operation) => operation.operationId !== operationId),
  troubles: withoutTroubles(state.troubles, operationId),
});
const owe = (state: AccessPathState, ...dues: readonly PathDue[]): AccessPathState => ({ ...state, dues: [...state.dues, ...dues] });
const remember = (state: AccessPathState, operationId: OperationId, refusal: AccessPathState['refused'][number]['refusal']): AccessPathState => ({
  ...end(state, operationId),
  refused: [{ operationId, refusal }, ...state.refused].slice(0, REFUSALS_KEPT),
});

const newLun = ({ volumeId, mappingId, lun }: LunWish, operationId: OperationId, shared: boolean): MappedLun => ({
  volumeId,
  mappingId,
  lun,
  operationId,
  stage: 'reserving',
  shared,
  force: false,
  shape: -1,
  volume: null,
  sizeBytes: 0 as MappedLun['sizeBytes'],
  qos: null,
});

const releaseHost = (operationId: OperationId, hostId: TargetHost['hostId']): PathDue => ({ operationId, due: `release host ${hostId}`, gives: { hostId } });
const releaseName = (operationId: OperationId, name: string): PathDue => ({ operationId, due: `release name ${name}`, gives: { name } });
const releaseLun = (operationId: OperationId, { mappingId, volumeId }: MappedLun): PathDue => ({ operationId, due: `release volume ${mappingId}`, gives: { mappingId, volumeId } });
const releaseClients = (operationId: OperationId, { clientGroupId, mappingGroupId }: MappingGroup): PathDue => ({ operationId, due: `release clients ${mappingGroupId}`, gives: { clientGroupId, mappingGroupId } });

/** Volumes that every host let go: they are released, and their numbers rest (I-19). A number that another group still has does not. */
const dropLuns = (state: AccessPathState, group: MappingGroup, gone: readonly MappedLun[], { operationId, at }: { readonly operationId: OperationId; readonly at: number }): AccessPathState => {
  const left = changeGroup(state, group.mappingGroupId, ({ luns }) => ({ luns: luns.filter(({ mappingId }) => !gone.some((one) => one.mappingId === mappingId)) }));
  const kept = new Set((left.path?.groups ?? []).flatMap(({ luns }) => luns.map(({ lun }) => lun)));
  const until = (at + LUN_REST_MS) as AccessPathFields['createdAt'];
  const resting = [...(left.path?.resting ?? []).filter((one) => one.until > at), ...gone.filter(({ lun }) => !kept.has(lun)).map(({ lun }) => ({ lun, until }))];
  return owe(change(left, { resting }), ...gone.map((lun) => releaseLun(operationId, lun)));
};

/** A group, or volumes of one operation, that have all been reserved and shown, stand in targets from now on. */
const ripen = (state: AccessPathState, operationId: OperationId): AccessPathState => {
  let ripe = state;
  for (const group of state.path?.groups ?? []) {
    const isShown = ({ stage, shape }: MappedLun): boolean => stage === 'reserved' && shape >= 0;
    if (group.stage === 'reserved') {
      if (group.shape < 0 || !group.luns.every((lun) => isShown(lun))) continue;
      const active = changeGroup(ripe, group.mappingGroupId, ({ luns }) => ({ stage: 'active', luns: luns.map((lun) => ({ ...lun, stage: 'mapped' })) }));
      ripe = converging(bump(active, operationId), group.operationId);
      continue;
    }
    for (const [of, luns] of lunsByOperation(group, 'reserved')) {
      if (group.stage !== 'active' || !luns.every((lun) => isShown(lun))) continue;
      const mapped = changeLuns(ripe, group.mappingGroupId, (lun) => (lun.operationId === of && lun.stage === 'reserved' ? { ...lun, stage: 'mapped' } : lun));
      ripe = converging(bump(mapped, operationId), of);
    }
  }
  return ripe;
};

const groupOf = (state: AccessPathState, id: string): MappingGroup | undefined => state.path?.groups.find(({ mappingGroupId }) => mappingGroupId === id);

const requested: Fold<'AccessPathRequested'> = (_state, { type: _type, operationId, at, targets, ...fields }) =>
  begin(
    {
      ...noAccessPath,
      lifecycle: 'creating',
      path: {
        ...fields,
        number: null,
        hosts: targets.map(({ hostId, backend }) => newHost(hostId, backend, operationId, 'used')),
        groups: [],
        vips: [],
        countsAsVipPath: false,
        resting: [],
        createdAt: at,
        updatedAt: at,
      },
    },
    { operationId, kind: 'create', about: null },
  );

/** What needs nobody's consent counts, and hosts are told of another account. */
const updated = (state: AccessPathState, { operationId, description, chap, at }: Pick<Of<AccessPathEvent, 'AccessPathUpdateRequested'>, 'operationId' | 'description' | 'chap' | 'at'>): AccessPathState => {
  const isOther = chap?.user !== state.path?.chap?.user || chap?.secretRef !== state.path?.chap?.secretRef;
  const changed = change(state, { description, chap, updatedAt: at });
  return converging(isOther ? bump(changed, operationId) : changed, operationId);
};

const updateRequested: Fold<'AccessPathUpdateRequested'> = (state, { operationId, description, chap, rename, at }) => {
  const begun = begin(state, { operationId, kind: 'update', about: null });
  // With another name all of it waits for that: an update is done whole, or refused whole.
  return rename === null ? updated(begun, { operationId, description, chap, at }) : { ...begun, rename: { operationId, name: rename, description, chap } };
};

const hostShown: Fold<'TargetHostShown'> = (state, { operationId, hostId, shape, name, portals, off, opening }) => {
  const host = state.path?.hosts.find((one) => one.hostId === hostId);
  if (host === undefined || shape <= host.shape) return state;
  const shown = changeHost(state, hostId, { shape, name, portals, off, wasOff: off || host.wasOff, ...reopened(state, host, opening), stage: host.stage === 'used' || host.stage === 'joining' ? 'serving' : host.stage });
  const next = bump(host.stage === 'serving' ? shown : takenOver(shown, { ...host, name }), operationId);
  const isBegun = host.stage === 'used' || host.stage === 'joining';
  // Operations that waited for the host to show itself wait for its confirmation now.
  const waiting = isBegun ? state.operations.filter(({ kind, about }) => (kind === 'addTarget' && about === hostId) || (kind === 'create' && (next.path?.hosts ?? []).every(({ stage }) => stage !== 'used'))) : [];
  return waiting.reduce((left, { operationId: of }) => converging(left, of), next);
};

const unmapping: Fold<'VolumesUnmappingRequested'> = (state, { operationId, mappingGroupId, volumeIds, force }) => {
  const leaving = changeLuns(state, mappingGroupId, (lun) => (volumeIds.includes(lun.volumeId) ? { ...lun, operationId, stage: 'leaving', force } : lun));
  // Others of the same request may have waited for one that goes.
  return ripen(converging(bump(begin(leaving, { operationId, kind: 'unmap', about: mappingGroupId }), operationId), operationId), operationId);
};

const groupDeletion: Fold<'MappingGroupDeletionRequested'> = (state, { operationId, mappingGroupId, force }) => {
  const leaving = changeGroup(state, mappingGroupId, ({ luns }) => ({ stage: 'leaving', force, luns: luns.map((lun) => ({ ...lun, stage: 'leaving', force })) }));
  return converging(bump(begin(leaving, { operationId, kind: 'deleteGroup', about: mappingGroupId }), operationId), operationId);
};

/** The wish is undone: nothing of it ever stood in a target. */
const groupRefused: Fold<'MappingGroupRefused'> = (state, { operationId, mappingGroupId, refusal }) => {
  const group = groupOf(state, mappingGroupId);
  if (group === undefined) return remember(state, operationId, refusal);
  const without = change(state, { groups: (state.path?.groups ?? []).filter((one) => one !== group) });
  return owe(remember(without, operationId, refusal), releaseClients(operationId, group), ...group.luns.map((lun) => releaseLun(operationId, lun)));
};

const mappingRefused: Fold<'VolumesMappingRefused'> = (state, { operationId, mappingGroupId, refusal }) => {
  const undone = (groupOf(state, mappingGroupId)?.luns ?? []).filter((lun) => lun.operationId === operationId && lun.stage === 'reserving');
  const without = changeGroup(state, mappingGroupId, ({ luns }) => ({ luns: luns.filter((lun) => !undone.includes(lun)) }));
  return owe(remember(without, operationId, refusal), ...undone.map((lun) => releaseLun(operationId, lun)));
};

const unmapped: Fold<'VolumesUnmapped'> = (state, event) => {
  const group = groupOf(state, event.mappingGroupId);
  const gone = (group?.luns ?? []).filter(({ volumeId, stage }) => stage === 'leaving' && event.volumeIds.includes(volumeId));
  return end(group === undefined ? state : dropLuns(state, group, gone, event), event.operationId);
};

const groupDeleted: Fold<'MappingGroupDeleted'> = (state, event) => {
  const group = groupOf(state, event.mappingGroupId);
  if (group === undefined) return end(state, event.operationId);
  const dropped = dropLuns(state, group, group.luns, event);
  const without = change(dropped, { groups: (dropped.path?.groups ?? []).filter(({ mappingGroupId }) => mappingGroupId !== event.mappingGroupId) });
  return end(owe(without, releaseClients(event.operationId, group)), event.operationId);
};

/** A host that comes back to the path owes what it left behind as any other target. */
const takenOver = (state: AccessPathState, { hostId, name, backend }: TargetHost): AccessPathState => {
  const isItsOwn = ({ gives }: PathDue): boolean => 'target' in gives && gives.target.place.host === name && gives.target.place.backend === backend;
  const own = state.dues.filter(isItsOwn);
  if (own.length === 0) return state;
  const standing = Object.fromEntries(own.map(({ due }) => [due.slice(`clear ${name} `.length), -1]));
  return changeHost({ ...state, dues: state.dues.filter((due) => !isItsOwn(due)) }, hostId, { standing });
};

const withoutHost = (state: AccessPathState, hostId: TargetHost['hostId'], operationId: OperationId): AccessPathState =>
  owe(change(state, { hosts: (state.path?.hosts ?? []).filter((host) => host.hostId !== hostId) }), ...leftBehind(state, operationId, (host) => host.hostId === hostId), releaseHost(operationId, hostId));

const changeVips = (state: AccessPathState, vipGroupId: string, fields: Partial<PathVips>): AccessPathState =>
  change(state, { vips: (state.path?.vips ?? []).map((vips) => (vips.vipGroupId === vipGroupId ? { ...vips, ...fields } : vips)) });

const vipsShown: Fold<'VipsShown'> = (state, { operationId, vipGroupId, shape, stage, ips }) => {
  const vips = state.path?.vips.find((one) => one.vipGroupId === vipGroupId);
  if (vips === undefined || shape <= vips.shape) return state;
  const next = bump(changeVips(state, vipGroupId, { shape, stage, ips }), operationId);
  return changeVips(next, vipGroupId, { version: next.version });
};

const standing = (state: AccessPathState, { hostId, target, version }: Of<AccessPathEvent, 'TargetConfirmed'>): AccessPathState => {
  const host = state.path?.hosts.find((one) => one.hostId === hostId);
  return host === undefined ? state : changeHost(state, hostId, { standing: { ...host.standing, [target]: version }, wasOff: host.off, unreachable: null });
};

const gone = (state: AccessPathState, { hostId, target }: Of<AccessPathEvent, 'TargetGone'>): AccessPathState => {
  const host = state.path?.hosts.find((one) => one.hostId === hostId);
  if (host === undefined) return state;
  const { [target]: _gone, ...left } = host.standing;
  // One that only went to be made again is wanted as before.
  return withStandings(changeHost(state, hostId, { standing: left, stale: host.stale.filter((key) => key !== target), unreachable: null }));
};

const settleTrouble = (state: AccessPathState, event: Of<AccessPathEvent, 'WorkDelayed' | 'WorkFailed' | 'WorkRetried'>): AccessPathState =>
  event.type === 'WorkRetried' ? { ...state, troubles: inNewRound(state.troubles, event.operationId) } : { ...state, troubles: withTrouble(state.troubles, event) };

const folded = (state: AccessPathState, event: AccessPathEvent): AccessPathState => {
  switch (event.type) {
    case 'AccessPathRequested':
      return requested(state, event);
    case 'AccessPathReserved':
      return change(state, { number: event.number });
    case 'AccessPathRefused': {
      const { operationId, refusal } = event;
      const dues = (state.path?.hosts ?? []).map(({ hostId }) => releaseHost(operationId, hostId));
      return owe({ ...remember(state, operationId, refusal), lifecycle: 'refused' }, releaseName(operationId, state.path?.name ?? ''), ...dues);
    }
    case 'AccessPathCreated':
      return { ...end(state, event.operationId), lifecycle: 'active' };
    case 'AccessPathUpdateRequested':
      return updateRequested(state, event);
    case 'AccessPathRenamed': {
      const { operationId, name, at } = event;
      const named = owe({ ...change(state, { name, updatedAt: at }), rename: null }, releaseName(operationId, state.path?.name ?? ''));
      return state.rename === null ? named : updated(named, { operationId, description: state.rename.description, chap: state.rename.chap, at });
    }
    case 'AccessPathUpdateRefused':
      return { ...remember(state, event.operationId, event.refusal), rename: null };
    case 'AccessPathDeletionRequested': {
      const leaving = change(state, { hosts: (state.path?.hosts ?? []).map((host) => ({ ...host, stage: 'leaving', force: true })) });
      return converging(bump(begin({ ...leaving, lifecycle: 'deleting' }, { operationId: event.operationId, kind: 'delete', about: null }), event.operationId), event.operationId);
    }
    case 'AccessPathDeleted': {
      const { operationId } = event;
      const given = (state.path?.hosts ?? []).reduce((left, { hostId }) => withoutHost(left, hostId, operationId), state);
      const names = [...(state.path === null ? [] : [releaseName(operationId, state.path.name)]), ...(state.rename === null ? [] : [releaseName(operationId, state.rename.name)])];
      return owe({ ...end(given, operationId), lifecycle: 'deleted', rename: null, operations: [] }, ...names);
    }
    case 'AccessPathRedeployRequested':
      return converging(bump(begin(state, { operationId: event.operationId, kind: 'redeploy', about: null }), event.operationId), event.operationId);
    case 'AccessPathUpdated':
    case 'AccessPathRedeployed':
    case 'MappingGroupCreated':
    case 'VolumesMapped':
    case 'TargetAdded':
    case 'OperationSuperseded':
      return end(state, event.operationId);
    case 'TargetRequested': {
      const { operationId, target } = event;
      const hosts = [...(state.path?.hosts ?? []), newHost(target.hostId, target.backend, operationId, 'joining')];
      return begin(change(state, { hosts }), { operationId, kind: 'addTarget', about: target.hostId });
    }
    case 'TargetHostUsed':
      return state.path?.hosts.find(({ hostId }) => hostId === event.hostId)?.stage === 'joining' ? changeHost(state, event.hostId, { stage: 'used' }) : state;
    case 'TargetRefused':
      return withoutHost(remember(state, event.operationId, event.refusal), event.hostId, event.operationId);
    case 'TargetRemovalRequested': {
      const { operationId, hostId, force } = event;
      return converging(bump(begin(changeHost(state, hostId, { stage: 'leaving', force }), { operationId, kind: 'removeTarget', about: hostId }), operationId), operationId);
    }
    case 'TargetRemoved':
      return end(withoutHost(state, event.hostId, event.operationId), event.operationId);
    case 'TargetHostShown':
      return hostShown(state, event);
    case 'TargetConfirmed':
      return standing(state, event);
    case 'TargetGone':
      return gone(state, event);
    case 'TargetHostUnreachable':
      return changeHost(state, event.hostId, { unreachable: { error: event.error, since: event.at } });
    case 'MappingGroupRequested': {
      const { operationId, mappingGroupId, clientGroupId, shared, luns } = event;
      const group: MappingGroup = {
        mappingGroupId,
        number: null,
        operationId,
        clientGroupId,
        shared,
        stage: 'joining',
        force: false,
        shape: -1,
        clients: [],
        mutual: null,
        luns: luns.map((lun) => newLun(lun, operationId, shared)),
      };
      return begin(change(state, { groups: [...(state.path?.groups ?? []), group] }), { operationId, kind: 'createGroup', about: mappingGroupId });
    }
    case 'MappingGroupReserved': {
      const { operationId, mappingGroupId, number } = event;
      return ripen(changeGroup(state, mappingGroupId, ({ luns }) => ({ number, stage: 'reserved', luns: luns.map((lun) => ({ ...lun, stage: 'reserved' })) })), operationId);
    }
    case 'MappingGroupRefused':
      return groupRefused(state, event);
    case 'VolumesMappingRequested': {
      const { operationId, mappingGroupId, shared, luns } = event;
      const added = changeGroup(state, mappingGroupId, (group) => ({ shared: group.shared || shared, luns: [...group.luns, ...luns.map((lun) => newLun(lun, operationId, shared))] }));
      return begin(added, { operationId, kind: 'map', about: mappingGroupId });
    }
    case 'VolumesMappingReserved': {
      const { operationId, mappingGroupId } = event;
      return ripen(changeLuns(state, mappingGroupId, (lun) => (lun.operationId === operationId && lun.stage === 'reserving' ? { ...lun, stage: 'reserved' } : lun)), operationId);
    }
    case 'VolumesMappingRefused':
      return mappingRefused(state, event);
    case 'VolumesUnmappingRequested':
      return unmapping(state, event);
    case 'VolumesUnmapped':
      return unmapped(state, event);
    case 'MappingGroupDeletionRequested':
      return groupDeletion(state, event);
    case 'MappingGroupDeleted':
      return groupDeleted(state, event);
    case 'ClientsShown': {
      const { operationId, mappingGroupId, shape, clients, mutual } = event;
      const group = groupOf(state, mappingGroupId);
      if (group === undefined || shape <= group.shape) return state;
      const shown = changeGroup(state, mappingGroupId, () => ({ shape, clients, mutual }));
      return group.stage === 'active' ? bump(shown, operationId) : ripen(shown, operationId);
    }
    case 'MappedVolumeShown': {
      const { operationId, mappingId, shape, volume, sizeBytes, qos } = event;
      const group = state.path?.groups.find(({ luns }) => luns.some((lun) => lun.mappingId === mappingId && lun.shape < shape));
      if (group === undefined) return state;
      const before = group.luns.find((lun) => lun.mappingId === mappingId);
      const shown = changeLuns(state, group.mappingGroupId, (lun) => (lun.mappingId === mappingId ? { ...lun, shape, volume, sizeBytes, qos } : lun));
      return before?.stage === 'mapped' ? bump(shown, operationId) : ripen(shown, operationId);
    }
    case 'VipGroupJoined': {
      const vips: PathVips = { vipGroupId: event.vipGroupId, shape: -1, stage: 'beside', ips: [], told: -1, off: [], serving: [], serves: 0, servingTold: 0, servingKnown: 0, lowered: 0, version: 0 };
      // The group has counted the path, unless what the last one gives back is still under way and may come behind that.
      const isGivenBack = state.path?.vips.length === 0 && state.path.countsAsVipPath;
      return change(state, { vips: [...(state.path?.vips ?? []), vips], countsAsVipPath: !isGivenBack });
    }
    case 'VipPathCounted':
      return change(state, { countsAsVipPath: event.counts });
    case 'VipsShown':
      return vipsShown(state, event);
    case 'VipPortalsTold':
      return changeVips(state, event.vipGroupId, { told: event.shape });
    case 'VipServingTold':
      return changeVips(state, event.vipGroupId, { servingTold: event.serves });
    case 'VipServingKnown':
      return changeVips(state, event.vipGroupId, { servingKnown: event.serves });
    case 'TargetsReopenedTold':
      return changeHost(state, event.hostId, { openingTold: event.opening });
    case 'VipGroupLeft': {
      const vips = (state.path?.vips ?? []).filter(({ vipGroupId }) => vipGroupId !== event.vipGroupId);
      return bump(change(state, { vips, ...(vips.length === 0 ? { countsAsVipPath: true } : {}) }), event.operationId);
    }
    case 'DueSettled':
      return { ...state, dues: state.dues.filter(({ operationId, due }) => operationId !== event.operationId || due !== event.due) };
    case 'WorkDelayed':
    case 'WorkFailed':
    case 'WorkRetried':
      return settleTrouble(state, event);
    default:
      return event satisfies never;
  }
};

/**
 * Folds one event into an access path's state. Total: it never refuses and never fails.
 *
 * @example
 * import { evolveAccessPath, noAccessPath, type OperationId, type TimestampMs } from '@blockledger/domain';
 * evolveAccessPath(noAccessPath, { type: 'AccessPathDeleted', operationId: '0b9d7a3e-0000-4000-8000-000000000002' as OperationId, at: 0 as TimestampMs }).lifecycle; // => 'deleted'
 */
export const evolveAccessPath = (state: AccessPathState, event: AccessPathEvent): AccessPathState => withServing(folded(state, event));
