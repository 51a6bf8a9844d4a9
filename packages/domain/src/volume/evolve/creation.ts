/** Folds how a volume comes to be: asked for, reserved, made, created, adopted or recovered. */
import type { Of } from '../../kernel/tagged.ts';
import type { VolumeEvent } from '../messages.ts';
import { noVolume, type VolumeFields, type VolumeState } from '../state.ts';
import { releaseAll } from '../tells.ts';
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
        ? { ...change(state, event.at, { number: event.number }), operation: { ...state.operation, stage: 'making' } }
        : state;
    case 'VolumeRefused':
      return { ...owe(refuseOperation(state, event), event.operationId, 'release', releaseAll), lifecycle: 'refused' };
    case 'VolumeMade': {
      const made = stepDone(change(state, event.at, event.result.sizeBytes === undefined ? {} : { sizeBytes: event.result.sizeBytes }), event.operationId, 'make');
      return made.operation?.kind === 'create' ? { ...made, operation: { ...made.operation, stage: 'flattening' } } : made;
    }
    case 'VolumeCreated':
      return { ...endOperation(change(state, event.at, { sizeBytes: event.sizeBytes }), event.operationId), lifecycle: 'active' };
  }
};
