/** What must be true of a world whatever happened in it, told without asking the rules that make it so. */
import type { Qos, VolumeState } from '@blockledger/domain';
import { poolIdOf } from './samples.ts';
import { SLOTS, type Walk } from './domainWalk.ts';

const isLive = ({ lifecycle }: VolumeState): boolean => lifecycle === 'creating' || lifecycle === 'active' || lifecycle === 'trashed';
/** What limits mean: off is off. */
const limitsOf = (qos: Qos): string => (qos.enabled ? JSON.stringify(qos) : 'off');
/** Past its reservations: what it holds must be held. */
const isHeld = (state: VolumeState): boolean => isLive(state) && (state.volume?.number ?? null) !== null;

/** Every sentence that is not true, now. */
export const faultsOf = ({ it, volumes }: Walk): readonly string[] => {
  const faults: string[] = [];
  const held = volumes.map((id) => it.volumeState(id)).filter(isHeld);
  const once = (what: string, keys: readonly string[]): void => {
    const twice = keys.filter((key, at) => keys.indexOf(key) !== at);
    if (twice.length > 0) faults.push(`${what} held twice: ${twice.join()}`);
  };
  const recovered = new Set(volumes.filter((id) => it.volumeState(id).volume?.labels['recovered'] === 'yes'));
  once('name', held.filter(({ volume }) => !recovered.has(volume!.volumeId)).map(({ volume }) => `${volume!.poolId} ${volume!.name}`));
  once('serial', held.map(({ volume }) => volume!.serial));
  for (const { volume, operation } of held) {
    const { volumeId, slots, parent, mappings, attachments, groupId, passive } = volume!;
    if (slots.length > SLOTS) faults.push(`${volumeId} has ${slots.length} snapshots`);
    if (new Set(slots.map(({ name }) => name)).size !== slots.length) faults.push(`${volumeId} has two snapshots of one name`);
    if (it.depthOf(volumeId) > 16) faults.push(`${volumeId} is too deep`);
    if (parent !== null) {
      const source = it.snapshotState(parent.snapshotId);
      if (source.lifecycle === 'deleted' || source.lifecycle === 'absent') faults.push(`${volumeId} is a clone of ${source.lifecycle} ${parent.snapshotId}`);
      if (source.snapshot?.clones.includes(volumeId) === false) faults.push(`${parent.snapshotId} does not know its clone ${volumeId}`);
    }
    const used = Object.keys(mappings).length + Object.keys(attachments).length > 0;
    if (operation?.kind === 'rollBack' && (used || groupId !== null || passive)) faults.push(`${volumeId} is rolled back under its users`);
    if (operation?.kind === 'resize' && operation.stage !== 'reserving' && operation.sizeBytes < volume!.sizeBytes && used) faults.push(`${volumeId} shrinks under its users`);
    if (operation?.kind === 'delete' && (used || groupId !== null)) faults.push(`${volumeId} is deleted under its users`);
    const sharing = Object.values(mappings);
    if (sharing.length > 1 && sharing.some(({ shared }) => !shared)) faults.push(`${volumeId} is shared by accident`);
  }
  return faults;
};

/** Every sentence that is not true when nothing is owed and nothing is stuck. */
export const faultsAtRest = (walk: Walk): readonly string[] => {
  const { it, volumes, snapshots } = walk;
  const faults = [...faultsOf(walk)];
  const states = volumes.map((id) => it.volumeState(id));
  for (const n of [1, 2]) {
    const poolId = poolIdOf(n);
    const sum = states.filter((state) => isLive(state) && state.volume?.poolId === poolId).reduce((total, { volume }) => total + volume!.sizeBytes, 0);
    const { total } = it.held({ kind: 'capacity', poolId });
    if (total !== sum) faults.push(`pool ${n} holds ${total} for volumes of ${sum}`);
    const space = it.held({ kind: 'space', poolId }).total;
    if (space !== 0) faults.push(`pool ${n} keeps ${space} of space for nobody`);
    for (const name of ['n0', 'n1', 'n2', 'n3']) {
      const owners = states.filter((state) => isLive(state) && state.volume?.poolId === poolId && state.volume.name === name).length;
      const holders = it.held({ kind: 'name', of: 'volume', poolId, name }).total;
      if (holders !== owners) faults.push(`the name ${name} of pool ${n} is held ${holders} times for ${owners} volumes`);
    }
  }
  for (const state of states) {
    if (state.volume === null) continue;
    const { volumeId, sizeBytes, parent, slots, serial, qos } = state.volume;
    const image = it.images.get(volumeId);
    if (state.operation !== null || state.update !== null || state.dues.length > 0) faults.push(`${volumeId} is at rest with ${state.operation?.kind ?? 'an update or dues'} under way`);
    if (!isLive(state)) {
      if (image !== undefined) faults.push(`${volumeId} is ${state.lifecycle} and has an image`);
      if (it.held({ kind: 'serial', serial }).buckets[volumeId] !== undefined) faults.push(`${volumeId} keeps its serial`);
      continue;
    }
    if (image === undefined) faults.push(`${volumeId} has no image`);
    else {
      if (image.sizeBytes !== sizeBytes) faults.push(`${volumeId} has ${sizeBytes} bytes in the log and ${image.sizeBytes} on the backend`);
      if (limitsOf(image.qos) !== limitsOf(qos)) faults.push(`${volumeId} has the limits ${limitsOf(qos)} in the log and ${limitsOf(image.qos)} on the backend`);
      if (image.trashed !== (state.lifecycle === 'trashed')) faults.push(`${volumeId} is ${state.lifecycle}, its image is ${image.trashed ? '' : 'not '}in the trash`);
      if ((image.parent === null) !== (parent === null)) faults.push(`${volumeId} has another parent than its image`);
      // In the trash a snapshot may wait, half made or half removed, for the volume to come back or to go.
      const must = slots.filter(({ sizeBytes: taken, leaving }) => state.lifecycle !== 'trashed' || (taken !== null && !leaving));
      if (must.some(({ snapshotId }) => !image.snapshots.has(snapshotId)) || [...image.snapshots.keys()].some((id) => slots.every(({ snapshotId }) => snapshotId !== id))) faults.push(`${volumeId} has other snapshots than its image`);
    }
  }
  for (const id of snapshots) {
    const { snapshot, lifecycle } = it.snapshotState(id);
    if (snapshot === null) continue;
    const owner = it.volumeState(snapshot.volume.volumeId);
    const slot = owner.volume?.slots.find(({ snapshotId }) => snapshotId === id);
    if (lifecycle !== 'deleted' && (slot === undefined || !isLive(owner))) faults.push(`snapshot ${id} is ${lifecycle} without a volume`);
    if (lifecycle === 'active' && slot !== undefined && slot.sizeBytes !== snapshot.sizeBytes) faults.push(`the volume of snapshot ${id} does not know its size`);
    for (const clone of snapshot.clones) if (it.volumeState(clone as never).volume?.parent?.snapshotId !== id) faults.push(`snapshot ${id} is held by ${clone}, which is no clone of it`);
  }
  return faults;
};

/** Takes everything down as a patient operator would; what cannot be taken down is named. */
export const takeDown = (walk: Walk): readonly string[] => {
  const { it, volumes, snapshots } = walk;
  for (const n of [1, 2]) it.send({ to: 'pool', command: { type: 'ReportPoolHealth', poolId: poolIdOf(n), health: 'online' } });
  it.able({ qos: true, shrink: true, trash: true, erasurePools: true });
  it.dark(false);
  const left = (): readonly VolumeState[] => volumes.map((id) => it.volumeState(id)).filter(isLive);
  for (let round = 0; round < 40 && left().length > 0; round += 1) {
    walk.calm();
    for (const id of snapshots) it.send({ to: 'snapshot', command: { type: 'UnprotectSnapshot', snapshotId: id } });
    for (const { volume } of left()) {
      const { volumeId, mappings, attachments, groupId } = volume!;
      it.send({ to: 'volume', command: { type: 'PromoteVolume', volumeId } });
      for (const mappingId of Object.keys(mappings)) it.send({ to: 'volume', command: { type: 'ReleaseMapping', volumeId, mappingId } });
      for (const attachmentId of Object.keys(attachments)) it.send({ to: 'volume', command: { type: 'ReleaseAttachment', volumeId, attachmentId, force: false } });
      if (groupId !== null) it.send({ to: 'volume', command: { type: 'LeaveVolumeGroup', volumeId, groupId } });
      it.send({ to: 'volume', command: { type: 'DeleteVolume', volumeId, cascade: true, force: true, retainMs: null } });
    }
    walk.calm();
  }
  return left().map(({ volume, lifecycle, operation }) => `${volume!.volumeId} is still ${lifecycle} (${operation?.kind ?? 'nothing'} under way)`);
};
