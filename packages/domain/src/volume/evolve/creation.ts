/** Folds how a volume comes to be: asked for, reserved, made, created, adopted or recovered. */
import type { OperationId } from '../../kernel/ids.ts';
import type { Bytes, TimestampMs } from '../../kernel/quantities.ts';
import type { Of } from '../../kernel/tagged.ts';
import type { VolumeEvent } from '../messages.ts';
import { noVolume, type VolumeFields, type VolumeState } from '../state.ts';
import { releaseAll, reserveCapacity } from '../tells.ts';
import { change, endOperation, owe, refuseOperation, stepDone } from './common.ts';

type Born = Of<VolumeEvent, 'VolumeRequested' | 'VolumeAdoptionRequested' | 'VolumeRecovered'>;

const fieldsOf = (event: Born): VolumeFields => ({
  volumeId: event.volumeId,
  number: null,
  poolId: event.poolId,
  placement: event.placement,
  poolType: event.poolType,
  name: event.name,
  description: event.description,
  labels: event.labels,
  tenant: event.tenant,
  serial: event.serial,
  hidden: event.hidden,
  generation: event.generation,
  sizeBytes: event.sizeBytes,
  qos: event.qos,
  performancePriority: event.performancePriority,
  parent: event.type === 'VolumeAdoptionRequested' ? null : event.parent,
  depth: event.type === 'VolumeAdoptionRequested' ? 0 : event.depth,
  passive: false,
  slots: [],
  mappings: {},
  attachments: {},
  groupId: null,
  createdAt: event.at,
  updatedAt: event.at,
  purgeAt: null,
});

interface Way {
  readonly flattened?: boolean;
  readonly backendName?: string;
  readonly recovered?: boolean;
}

const creating = (event: Born, { flattened = false, backendName, recovered = false }: Way): VolumeState => ({
  ...noVolume,
  lifecycle: 'creating',
  volume: fieldsOf(event),
  operation: { operationId: event.operationId, kind: 'create', stage: 'reserving', flattened, backendName: backendName ?? null, recovered },
});

/** The size as it was made; where it is not the one that was reserved, the pool's capacity learns of it. */
const sized = (state: VolumeState, { operationId, at }: { readonly operationId: OperationId; readonly at: TimestampMs }, sizeBytes: Bytes | undefined): VolumeState => {
  if (sizeBytes === undefined || sizeBytes === state.volume?.sizeBytes) return state;
  return owe(change(state, at, { sizeBytes }), operationId, 'note capacity', (volume) => [reserveCapacity(volume, sizeBytes, false)]);
};

type CreationEvent = Of<
  VolumeEvent,
  'VolumeRequested' | 'VolumeAdoptionRequested' | 'VolumeRecovered' | 'VolumeReserved' | 'VolumeRefused' | 'VolumeMade' | 'VolumeCreated'
>;

export const evolveCreation = (state: VolumeState, event: CreationEvent): VolumeState => {
  switch (event.type) {
    case 'VolumeRequested':
      return creating(event, { flattened: event.flattened });
    case 'VolumeAdoptionRequested':
      return creating(event, { backendName: event.backendName });
    case 'VolumeRecovered':
      return creating(event, { recovered: true });
    case 'VolumeReserved':
      return state.operation?.kind === 'create'
        ? { ...stepDone(change(state, event.at, { number: event.number }), event.operationId, 'reserve'), operation: { ...state.operation, stage: 'making' } }
        : state;
    case 'VolumeRefused':
      return { ...owe(refuseOperation(state, event), event.operationId, 'release', releaseAll), lifecycle: 'refused' };
    case 'VolumeMade': {
      const made = stepDone(sized(state, event, event.result.sizeBytes ?? state.volume?.sizeBytes), event.operationId, 'make');
      return made.operation?.kind === 'create' ? { ...made, operation: { ...made.operation, stage: 'flattening' } } : made;
    }
    case 'VolumeCreated':
      return { ...endOperation(sized(state, event, event.sizeBytes), event.operationId), lifecycle: 'active' };
  }
};
