/** What all folds of an access path share. */
import type { OperationId, VolumeId } from '../../kernel/ids.ts';
import type { StoredRefusal } from '../../kernel/settlement.ts';
import type { Of } from '../../kernel/tagged.ts';
import { withoutTroubles } from '../../kernel/troubles.ts';
import { REFUSALS_KEPT } from '../limits.ts';
import type { AccessPathEvent } from '../messages.ts';
import type { AccessPathFields, AccessPathState, MappedLun, MappingGroup, PathDue, PathOperation, Since, TargetHost } from '../state.ts';
import { withStandings } from '../wanted.ts';

/** Folds events of one type. */
export type Fold<K extends AccessPathEvent['type']> = (state: AccessPathState, event: Of<AccessPathEvent, K>) => AccessPathState;

export const change = (state: AccessPathState, fields: Partial<AccessPathFields>): AccessPathState => (state.path === null ? state : { ...state, path: { ...state.path, ...fields } });
export const changeHost = (state: AccessPathState, hostId: string, fields: Partial<TargetHost>): AccessPathState =>
  change(state, { hosts: (state.path?.hosts ?? []).map((host) => (host.hostId === hostId ? { ...host, ...fields } : host)) });
export const changeGroup = (state: AccessPathState, id: string, fields: (group: MappingGroup) => Partial<MappingGroup>): AccessPathState =>
  change(state, { groups: (state.path?.groups ?? []).map((group) => (group.mappingGroupId === id ? { ...group, ...fields(group) } : group)) });
export const changeLuns = (state: AccessPathState, id: string, each: (lun: MappedLun) => MappedLun): AccessPathState => changeGroup(state, id, ({ luns }) => ({ luns: luns.map(each) }));

/** What went wrong with an earlier version is over: its work never comes again. That of targets that stay as they are does. */
const overtaken = (troubles: AccessPathState['troubles'], targets: readonly string[] | null): AccessPathState['troubles'] =>
  Object.fromEntries(Object.entries(troubles).filter(([work]) => !/^[^/]*\/(?:converge|remove) /.test(work) || targets?.some((key) => work.includes(` ${key} `)) === false));

/** The targets of these volumes, where each has its own; null where there are none that have but some. */
const targetsOf = ({ path }: AccessPathState, volumeIds: readonly VolumeId[] | null): readonly VolumeId[] | null => (path?.scope === 'volume' ? volumeIds : null);

/** From here on targets should be otherwise; hosts have this version still to confirm. `about`: only what these volumes have changes. */
export const bump = (state: AccessPathState, operationId: OperationId, about: readonly VolumeId[] | null = null): AccessPathState => {
  const targets = targetsOf(state, about);
  const version = state.version + 1;
  const now: Since = { version, operationId };
  const mayStand = (key: string): boolean => state.path?.hosts.some(({ standing }) => Object.hasOwn(standing, key)) ?? false;
  const earlier = Object.entries(state.since.only).filter(([key]) => mayStand(key));
  const since = targets === null ? { all: now, only: {} } : { all: state.since.all, only: Object.fromEntries([...earlier, ...targets.map((key) => [key, now] as const)]) };
  return withStandings({ ...state, version, latest: operationId, since, troubles: overtaken(state.troubles, targets) });
};

export const begin = (state: AccessPathState, operation: Omit<PathOperation, 'version' | 'targets'>): AccessPathState => ({ ...state, operations: [...state.operations, { ...operation, version: null, targets: null }] });
/** The operation waits for hosts now, to confirm what is wanted just now, of these volumes or of all. */
export const converging = (state: AccessPathState, operationId: OperationId, about: readonly VolumeId[] | null = null): AccessPathState => ({
  ...state,
  operations: state.operations.map((operation) => (operation.operationId === operationId ? { ...operation, version: state.version, targets: targetsOf(state, about) } : operation)),
});
export const end = (state: AccessPathState, operationId: OperationId): AccessPathState => ({
  ...state,
  operations: state.operations.filter((operation) => operation.operationId !== operationId),
  troubles: withoutTroubles(state.troubles, operationId),
});
export const owe = (state: AccessPathState, ...dues: readonly PathDue[]): AccessPathState => ({ ...state, dues: [...state.dues, ...dues] });
export const remember = (state: AccessPathState, operationId: OperationId, refusal: AccessPathState['refused'][number]['refusal']): AccessPathState => ({
  ...end(state, operationId),
  refused: [{ operationId, refusal }, ...state.refused].slice(0, REFUSALS_KEPT),
});

export const releaseHost = (operationId: OperationId, hostId: TargetHost['hostId']): PathDue => ({ operationId, due: `release host ${hostId}`, gives: { hostId } });
export const releaseName = (operationId: OperationId, name: string): PathDue => ({ operationId, due: `release name ${name}`, gives: { name } });
/** With it end the connections of all attachments that had it; `refusal` where it never came to stand. */
export const releaseLun = (operationId: OperationId, { mappingId, volumeId, holders }: MappedLun, refusal: StoredRefusal | null = null): PathDue => ({
  operationId,
  due: `release volume ${mappingId}`,
  gives: { mappingId, volumeId, ends: holders, refusal },
});
export const releaseClients = (operationId: OperationId, { clientGroupId, mappingGroupId }: MappingGroup): PathDue => ({ operationId, due: `release clients ${mappingGroupId}`, gives: { clientGroupId, mappingGroupId } });

export const groupOf = (state: AccessPathState, id: string): MappingGroup | undefined => state.path?.groups.find(({ mappingGroupId }) => mappingGroupId === id);
