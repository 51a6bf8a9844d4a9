/** What must hold before a volume accepts a command. Each rule is a named value; `decide` lists them in the order of the specification. */
import { MAX_DESCRIPTION_LENGTH, nameFault, type Labels } from '../kernel/names.ts';
import type { Rule } from '../kernel/rule.ts';
import { capabilityWords } from '../ports/capabilityWords.ts';
import type { Capabilities, Generation, Placement, Qos } from '../ports/blockBackend.ts';
import { failureOf } from '../kernel/troubles.ts';
import { refuseVolume, type VolumeRefusal } from './errors.ts';
import type { PoolFacts, SnapshotFacts, SourceFacts } from './facts.ts';
import { MAX_BYTES_PER_SECOND, MAX_CLONE_DEPTH, MAX_IOPS, MAX_LABELS, MAX_SNAPSHOTS, MAX_VOLUME_BYTES, MIN_VOLUME_BYTES } from './limits.ts';
import type { PoolType } from './messages.ts';
import { isAttached, isMapped, slotOf, visibleSlots, type VolumeFields, type VolumeState } from './state.ts';

type VolumeRule<Case> = Rule<Case, VolumeRefusal>;

/** A volume that exists, with its state. */
export interface Existing {
  readonly state: VolumeState;
  readonly volume: VolumeFields;
}

// ---- the volume itself

export const notPassive: VolumeRule<Existing> = ({ volume }) =>
  volume.passive ? refuseVolume('VolumeIsPassive', `volume "${volume.name}" is in passive mode`) : undefined;

export const notMapped: VolumeRule<Existing> = ({ volume }) =>
  isMapped(volume) ? refuseVolume('VolumeIsMapped', `volume "${volume.name}" is mapped`, { value: Object.keys(volume.mappings) }) : undefined;

export const notAttached: VolumeRule<Existing> = ({ volume }) =>
  isAttached(volume) ? refuseVolume('VolumeIsAttached', `volume "${volume.name}" is attached`, { value: Object.keys(volume.attachments) }) : undefined;

export const notInGroup: VolumeRule<Existing> = ({ volume }) =>
  volume.groupId === null ? undefined : refuseVolume('VolumeIsInGroup', `volume "${volume.name}" is in a volume group`, { value: volume.groupId });

export const notBusy: VolumeRule<Existing> = ({ state, volume }) =>
  state.operation === null
    ? undefined
    : refuseVolume('VolumeIsBusy', `volume "${volume.name}" has an operation under way: ${state.operation.kind}`, {
        operationId: state.operation.operationId,
        value: state.operation.kind,
      });

export const noUpdateUnderWay: VolumeRule<Existing> = ({ state, volume }) =>
  state.update === null
    ? undefined
    : refuseVolume('VolumeIsBusy', `volume "${volume.name}" has an update under way`, { operationId: state.update.operationId, value: 'update' });

/** Created and not in the trash: what a user may work with. */
export const ready: VolumeRule<Existing> = ({ state, volume }) =>
  state.lifecycle === 'active' ? undefined : refuseVolume('VolumeIsNotReady', `volume "${volume.name}" is ${state.lifecycle}`, { value: state.lifecycle });

export const trashed: VolumeRule<Existing> = ({ state, volume }) =>
  state.lifecycle === 'trashed' ? undefined : refuseVolume('VolumeIsNotTrashed', `volume "${volume.name}" is ${state.lifecycle}`, { value: state.lifecycle });

/** Snapshots, QoS, mapping and attaching pass beside an operation, except during create, migrate, roll back, delete, undelete and disown (the fence). */
export const notFenced: VolumeRule<Existing> = (subject) => {
  const kind = subject.state.operation?.kind;
  return kind === undefined || kind === 'resize' || kind === 'flatten' ? undefined : notBusy(subject);
};

/** A volume that is getting smaller is given to nobody: its end would be cut off under the host (S0-39). */
export const notShrinking: VolumeRule<Existing> = (subject) => {
  const { state, volume } = subject;
  return state.operation?.kind === 'resize' && state.operation.sizeBytes < volume.sizeBytes ? notBusy(subject) : undefined;
};

/** With force a stuck operation does not stand in the way of a deletion; a running one always does, and so does a migration: where the volume is must be known first. */
export const notBusyUnlessStuck =
  (force: boolean): VolumeRule<Existing> =>
  (subject) => {
    const { operation, troubles } = subject.state;
    const stuck = operation !== null && failureOf(troubles, operation.operationId) !== undefined && operation.kind !== 'delete' && operation.kind !== 'disown' && operation.kind !== 'migrate';
    return force && stuck ? undefined : notBusy(subject);
  };

export const hasParent: VolumeRule<Existing> = ({ volume }) =>
  volume.parent === null ? refuseVolume('VolumeHasNoParent', `volume "${volume.name}" has no parent`) : undefined;

/** A clone that is let go would go on needing a snapshot that we then take for free. */
export const noParent: VolumeRule<Existing> = ({ volume }) =>
  volume.parent === null ? undefined : refuseVolume('VolumeHasParent', `volume "${volume.name}" is a linked clone`, { value: volume.parent.snapshotId });

/** Only snapshots that users see count; a cascade takes them with it. */
export const noSnapshots =
  (cascade: boolean): VolumeRule<Existing> =>
  ({ volume }) => {
    const visible = visibleSlots(volume);
    return cascade || visible.length === 0
      ? undefined
      : refuseVolume('VolumeHasSnapshots', `volume "${volume.name}" has ${visible.length} ${visible.length === 1 ? 'snapshot' : 'snapshots'}`, { value: visible.length, limit: 0 });
  };

/** Internal ones, too. */
export const noSlots: VolumeRule<Existing> = ({ volume }) =>
  volume.slots.length === 0
    ? undefined
    : refuseVolume('VolumeHasSnapshots', `volume "${volume.name}" has ${volume.slots.length} snapshots, internal ones counted`, { value: volume.slots.length, limit: 0 });

/** A snapshot that is being taken would hold half of what a rollback writes. */
export const noSnapshotUnderWay: VolumeRule<Existing> = ({ volume }) => {
  const taking = volume.slots.find((slot) => slot.sizeBytes === null);
  return taking === undefined
    ? undefined
    : refuseVolume('VolumeIsBusy', `volume "${volume.name}" has a snapshot being taken: "${taking.name}"`, { operationId: taking.operationId, value: 'snapshot' });
};

/** A slot is named by its snapshot's id, which never returns. */
export const snapshotIsNew =
  (snapshotId: string): VolumeRule<Existing> =>
  ({ volume }) =>
    slotOf(volume, snapshotId) === undefined ? undefined : refuseVolume('SnapshotAlreadyExists', `volume "${volume.name}" has snapshot ${snapshotId} already`, { value: snapshotId });

/** 256 with internal ones counted, or fewer where the backend holds fewer. */
export const roomForSnapshot =
  (backendMax: number = MAX_SNAPSHOTS): VolumeRule<Existing> =>
  ({ volume }) => {
    const limit = Math.min(MAX_SNAPSHOTS, backendMax);
    return volume.slots.length < limit
      ? undefined
      : refuseVolume('SnapshotLimitReached', `volume "${volume.name}" has ${volume.slots.length} snapshots, ${limit} are allowed`, {
          value: volume.slots.length,
          limit,
        });
  };

export const snapshotNameIsFree =
  (name: string): VolumeRule<Existing> =>
  ({ volume }) =>
    volume.slots.some((slot) => slot.name === name)
      ? refuseVolume('SnapshotNameIsTaken', `volume "${volume.name}" has a snapshot named "${name}"`, { value: name })
      : undefined;

/** A second user of a volume is let in only when all of them said that they share it. */
export const sharedOnPurpose =
  (users: Readonly<Record<string, { readonly shared: boolean }>>, shared: boolean): VolumeRule<Existing> =>
  ({ volume }) =>
    Object.keys(users).length === 0 || (shared && Object.values(users).every((user) => user.shared))
      ? undefined
      : refuseVolume('MappingNeedsShared', `volume "${volume.name}" has another user`, { value: Object.keys(users) });

/** Groups of one path share one target; a second path would need a second one (S1-22). */
export const noOtherPath =
  (accessPathId: string | null): VolumeRule<Existing> =>
  ({ volume }) => {
    const other = Object.values(volume.mappings).find((mapping) => mapping.accessPathId !== accessPathId);
    return other === undefined ? undefined : refuseVolume('VolumeHasAnotherPath', `volume "${volume.name}" is mapped by another access path`, { value: other.accessPathId });
  };

// ---- names, texts, sizes, QoS

export const validName = (name: string): VolumeRefusal | undefined => {
  const fault = nameFault(name);
  return fault === undefined ? undefined : refuseVolume('NameIsNotAllowed', `the name ${JSON.stringify(name)} is not allowed: ${fault}`, { value: name });
};

export const validText = (description: string, labels: Labels): VolumeRefusal | undefined => {
  if (description.length > MAX_DESCRIPTION_LENGTH)
    return refuseVolume('TextIsTooLong', `the description has ${description.length} characters`, { value: description.length, limit: MAX_DESCRIPTION_LENGTH });
  const entries = Object.entries(labels);
  if (entries.length > MAX_LABELS) return refuseVolume('TextIsTooLong', `there are ${entries.length} labels`, { value: entries.length, limit: MAX_LABELS });
  const long = entries.find(([key, value]) => nameFault(key) !== undefined || value.length > 255);
  return long === undefined ? undefined : refuseVolume('TextIsTooLong', `the label ${JSON.stringify(long[0])} is empty, too long or has characters that are not allowed`, { value: long[0], limit: 255 });
};

/** After rounding up: 1 MiB to 512 TiB. */
export const sizeInRange = (sizeBytes: number): VolumeRefusal | undefined =>
  sizeBytes >= MIN_VOLUME_BYTES && sizeBytes <= MAX_VOLUME_BYTES
    ? undefined
    : refuseVolume('SizeOutOfRange', `${sizeBytes} bytes is not between ${MIN_VOLUME_BYTES} and ${MAX_VOLUME_BYTES}`, {
        value: sizeBytes,
        limit: sizeBytes < MIN_VOLUME_BYTES ? MIN_VOLUME_BYTES : MAX_VOLUME_BYTES,
      });

/** Enabled means at least one limit; a burst is never below its maximum (S0-15, S0-16). */
export const validQos = (qos: Qos): VolumeRefusal | undefined => {
  const { enabled, maxBytesPerSecond, burstBytesPerSecond, maxIops, burstIops } = qos;
  if (enabled && maxBytesPerSecond + burstBytesPerSecond + maxIops + burstIops === 0) return refuseVolume('QosIsInvalid', 'QoS is enabled without any limit', { value: qos });
  const pairs = [
    ['bandwidth', maxBytesPerSecond, burstBytesPerSecond, MAX_BYTES_PER_SECOND],
    ['IOPS', maxIops, burstIops, MAX_IOPS],
  ] as const;
  for (const [what, max, burst, limit] of pairs) {
    if (Math.max(max, burst) > limit) return refuseVolume('QosIsInvalid', `the ${what} limit ${Math.max(max, burst)} is above ${limit}`, { value: Math.max(max, burst), limit });
    if (burst > 0 && burst < max) return refuseVolume('QosIsInvalid', `the ${what} burst ${burst} is below the maximum ${max}`, { value: burst, limit: max });
  }
  return undefined;
};

export const priorityNeedsV3 = (generation: Generation, performancePriority: boolean): VolumeRefusal | undefined =>
  performancePriority && generation === 'v2'
    ? refuseVolume('PriorityNeedsV3', 'performance priority is for V3 volumes only', { value: generation })
    : undefined;

// ---- the pool and its backend

type Ability = { [K in keyof Capabilities]: Capabilities[K] extends boolean ? K : never }[keyof Capabilities];

export const poolExists = (pool: PoolFacts | null): VolumeRefusal | undefined =>
  pool === null || !pool.registered ? refuseVolume('PoolNotFound', 'there is no such pool') : undefined;

export const poolHealthy = (pool: PoolFacts | null): VolumeRefusal | undefined =>
  pool?.health === 'error' ? refuseVolume('PoolIsUnhealthy', `the pool ${pool.poolId} is in error`, { value: pool.health }) : undefined;

export const backendKnown = (pool: PoolFacts | null): VolumeRefusal | undefined =>
  pool !== null && pool.capabilities === null
    ? refuseVolume('BackendIsUnknown', `this control plane has no backend named "${pool.placement.backend}"`, { value: pool.placement.backend })
    : undefined;

/** The other pool is on the same backend: only that one can move its volume. */
export const oneBackend = (from: PoolFacts | null, to: PoolFacts | null): VolumeRefusal | undefined =>
  from === null || to === null || from.placement.backend === to.placement.backend
    ? undefined
    : refuseVolume('PoolIsOnAnotherBackend', `the pool ${to.poolId} is on the backend "${to.placement.backend}", the volume on "${from.placement.backend}"`, { value: to.placement.backend, limit: from.placement.backend });

/** On its backend a volume has one name, which a pool has once, wherever its data are: it cannot be in both places at a time. */
export const anotherPool = (from: Placement, to: PoolFacts | null): VolumeRefusal | undefined =>
  to === null || from.backend !== to.placement.backend || from.pool !== to.placement.pool || from.dataPool === to.placement.dataPool
    ? undefined
    : refuseVolume('CapabilityIsMissing', `the backend of this pool cannot move volumes between data pools of one pool, "${from.pool}"`, { value: 'migrate' });

/** The backend declares the capability; otherwise nothing is sent to it. */
export const backendCan =
  (ability: Ability) =>
  (pool: PoolFacts | null): VolumeRefusal | undefined =>
    pool?.capabilities?.[ability] === true ? undefined : refuseVolume('CapabilityIsMissing', `the backend of this pool cannot ${capabilityWords(ability)}`, { value: ability });

export const generationKnown = (pool: PoolFacts | null, generation: Generation): VolumeRefusal | undefined =>
  pool?.capabilities?.generations.includes(generation) === true
    ? undefined
    : refuseVolume('CapabilityIsMissing', `the backend of this pool has no ${generation} volumes`, { value: generation, limit: pool?.capabilities?.generations });

/** Old-format images keep their metadata where erasure-coded pools cannot (S0-29, R-5): neither source nor destination may be one. */
export const noV2OnErasure = (generation: Generation, ...poolTypes: readonly PoolType[]): VolumeRefusal | undefined =>
  generation === 'v2' && poolTypes.includes('erasure')
    ? refuseVolume('V2OnErasurePool', 'a V2 volume cannot be on or come from an erasure-coded pool', { value: generation })
    : undefined;

// ---- snapshots as sources and targets

export const snapshotExists = (snapshot: SnapshotFacts | null): VolumeRefusal | undefined =>
  snapshot === null ? refuseVolume('SnapshotNotFound', 'there is no such snapshot') : undefined;

export const snapshotReady = (snapshot: SnapshotFacts | null): VolumeRefusal | undefined =>
  snapshot !== null && (!snapshot.usable || snapshot.sizeBytes === null)
    ? refuseVolume('SnapshotIsNotReady', `snapshot ${snapshot.snapshotId} is not ready`, { value: snapshot.snapshotId })
    : undefined;

/** An internal snapshot goes by itself when its time is over; a linked clone would keep it, and its volume, for ever. */
export const notInternal = (snapshot: SnapshotFacts | null): VolumeRefusal | undefined =>
  snapshot !== null && snapshot.expiresAt !== null
    ? refuseVolume('SnapshotIsInternal', `snapshot ${snapshot.snapshotId} is a backup that is kept for some days only`, { value: snapshot.snapshotId, limit: snapshot.expiresAt })
    : undefined;

/** A group snapshot is one unit; a backend that can clone its members says so. */
export const notInGroupSnapshot = (snapshot: SnapshotFacts | null, permitted: boolean): VolumeRefusal | undefined =>
  snapshot !== null && snapshot.groupSnapshotId !== null && !permitted
    ? refuseVolume('SnapshotIsInGroupSnapshot', `snapshot ${snapshot.snapshotId} belongs to a group snapshot`, { value: snapshot.groupSnapshotId })
    : undefined;

/** At most 16 ancestors over the live chain; a full copy has none (S0-31, R-26). */
export const cloneDepth = (source: SourceFacts | null, flattened: boolean): VolumeRefusal | undefined => {
  const depth = (source?.depth ?? 0) + 1;
  return flattened || depth <= MAX_CLONE_DEPTH
    ? undefined
    : refuseVolume('CloneTooDeep', `the clone would have ${depth} ancestors, ${MAX_CLONE_DEPTH} are allowed`, { value: depth, limit: MAX_CLONE_DEPTH });
};

export const ownSnapshot =
  (snapshotId: string): VolumeRule<Existing> =>
  ({ volume }) => {
    const slot = slotOf(volume, snapshotId);
    if (slot === undefined) return refuseVolume('SnapshotBelongsElsewhere', `snapshot ${snapshotId} is not of volume "${volume.name}"`, { value: snapshotId });
    return slot.sizeBytes === null || slot.leaving ? refuseVolume('SnapshotIsNotReady', `snapshot ${snapshotId} is not ready`, { value: snapshotId }) : undefined;
  };
