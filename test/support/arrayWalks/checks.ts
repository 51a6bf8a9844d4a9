/** What must be true of an array at every step, and when everything is at rest: its own state, held against what the control plane says. */
import { snapshotName, targetName, volumeName } from '@blockledger/adapters-qsan';
import type { QsanArray } from '@blockledger/adapters-qsan/simulator';
import type { AccessPathView, ControlPlane } from '@blockledger/app';
import type { SnapshotId, VolumeId } from '@blockledger/domain';
import { attachmentFaults } from '../pathWalks/attachmentAsks.ts';

/** An IQN says its volume by the last digits of its id. */
const IQN_DIGITS = 16;
const all = { limit: -1 } as const;
const nameOf = ({ id }: { readonly id: string }): string => volumeName(id as VolumeId);

/** Nobody can open a volume that is mapped to nobody (I-21). */
export const openFaults = (array: QsanArray, plane: ControlPlane): readonly string[] => {
  const open = array.state().targets.filter(({ acl, luns }) => acl.length > 0 && luns.length > 0);
  if (open.length === 0) return [];
  const mapped = new Set(plane.volumes.list(all).items.filter((volume) => volume.mapped).map(nameOf));
  return open.flatMap(({ name, luns }) => luns.filter(({ volume }) => !mapped.has(volume)).map(({ volume }) => `${name} offers ${volume}, and the volume is not mapped`));
};

const lines = (array: QsanArray): readonly string[] => {
  const { volumes, snapshots, targets } = array.state();
  return [
    ...volumes.map(({ name, sizeBytes }) => `${name} of ${sizeBytes}`),
    ...snapshots.map(({ name, volume }) => `${name} of ${volume}`),
    ...targets.flatMap(({ name, iqn, chap }) => `${name} ${iqn} account ${chap?.username ?? '-'}`),
    ...targets.flatMap(({ name, luns }) => luns.map(({ lun, volume }) => `${name} LUN ${lun} is ${volume}`)),
    ...targets.flatMap(({ name, acl }) => acl.map((initiator) => `${name} lets in ${initiator}`)),
  ];
};

/** What the targets of a path should be: one for each volume that is mapped by it, for all clients of all client groups (S1-17, S1-22). */
const targetLines = (plane: ControlPlane, { mappingGroups, chap, targets }: AccessPathView): readonly string[] => {
  const wanted = new Map<string, Set<string>>();
  for (const { clientGroup, luns } of mappingGroups) {
    for (const { volume, lun } of luns) {
      const name = targetName(volume.id as VolumeId);
      const iqn = targets.flatMap(({ iqns }) => iqns).find((one) => one.endsWith(volume.id.replaceAll('-', '').slice(-IQN_DIGITS))) ?? '?';
      const said = wanted.get(name) ?? new Set([`${name} ${iqn} account ${chap?.user ?? '-'}`, `${name} LUN ${lun} is ${nameOf(volume)}`]);
      for (const code of plane.clientGroups.get(clientGroup.id)?.clients ?? []) said.add(`${name} lets in ${code}`);
      wanted.set(name, said);
    }
  }
  return [...wanted.values()].flatMap((said) => [...said]);
};

const wantedLines = (plane: ControlPlane): readonly string[] => [
  ...plane.volumes.list({ ...all, hidden: 'all' }).items.map((volume) => `${nameOf(volume)} of ${volume.sizeBytes}`),
  ...plane.snapshots.list({ ...all, hidden: 'all' }).items.map(({ id, volumeId }) => `${snapshotName(id as SnapshotId)} of ${volumeName(volumeId as VolumeId)}`),
  ...plane.accessPaths.list(all).items.flatMap((path) => targetLines(plane, path)),
];

/** What the array has and the projection has not, and the other way round. */
export const arrayFaults = (array: QsanArray, plane: ControlPlane): readonly string[] => {
  const [there, wanted] = [lines(array), wantedLines(plane)];
  return [...there.filter((line) => !wanted.includes(line)).map((line) => `on the array, and nobody wants it: ${line}`), ...wanted.filter((line) => !there.includes(line)).map((line) => `not on the array: ${line}`)];
};

/** Every sentence that is not true when nothing is owed. */
export const faultsAtRest = (array: QsanArray, plane: ControlPlane): readonly string[] => [
  ...openFaults(array, plane),
  ...arrayFaults(array, plane),
  ...attachmentFaults(plane),
  ...plane.tasks.list({ ...all, status: ['queued', 'running', 'waiting', 'failed'] }).items.map(({ type, status, error }) => `the task ${type} is ${status}: ${error?.message ?? ''}`),
  ...plane.monitor.status().owed.filter(({ phase }) => phase !== 'scheduled').map(({ stream, step, phase }) => `${stream} owes ${step}, ${phase}`),
  ...[...plane.volumes.list({ ...all, hidden: 'all' }).items, ...plane.accessPaths.list(all).items].filter(({ status, actionStatus }) => status !== 'active' || actionStatus !== 'idle').map(({ kind, id, status, actionStatus }) => `${kind} ${id} is ${status}, ${actionStatus}`),
  ...[...plane.mappingGroups.list(all).items, ...plane.targets.list(all).items].filter(({ status }) => status !== 'active').map(({ kind, id, status }) => `${kind} ${id} is ${status}`),
  ...plane.hosts.list(all).items.flatMap(({ name, debts }) => (debts.length > 0 ? [`${name} has ${debts.length} debts`] : [])),
  ...plane.warnings().map(({ code, message }) => `${code}: ${message}`),
];

/** Whatever is left on the array: when all was taken away, nothing may be. */
export const leftOn = (array: QsanArray): readonly string[] => lines(array).map((line) => `left on the array: ${line}`);
