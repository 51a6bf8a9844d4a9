/** A volume's status for people and for faces. */
import type { StoredRefusal } from '../kernel/settlement.ts';
import { failuresOf } from '../kernel/troubles.ts';
import { attachmentOperations, type VolumeState } from './state.ts';

/** What a volume is doing. `error` means that work failed for good and waits for retry, abandon or a forced deletion. */
export type VolumeStatus = 'creating' | 'active' | 'updating' | 'flattening' | 'migrating' | 'rolling_back' | 'deleting' | 'trashed' | 'restoring' | 'releasing' | 'error' | 'deleted' | 'refused' | 'disowned';

const OPERATION_STATUS = {
  create: 'creating',
  resize: 'updating',
  flatten: 'flattening',
  migrate: 'migrating',
  rollBack: 'rolling_back',
  delete: 'deleting',
  undelete: 'restoring',
  disown: 'releasing',
} as const;

/**
 * Null for a volume that never was.
 *
 * @example
 * import { noVolume, volumeStatus } from '@blockledger/domain';
 * volumeStatus(noVolume); // => null
 * volumeStatus({ ...noVolume, lifecycle: 'trashed' }); // => 'trashed'
 */
export const volumeStatus = (state: VolumeState): VolumeStatus | null => {
  if (state.lifecycle === 'absent') return null;
  if (state.lifecycle === 'deleted' || state.lifecycle === 'refused' || state.lifecycle === 'disowned') return state.lifecycle;
  if (failuresOf(state.troubles).length > 0) return 'error';
  if (state.operation !== null) return OPERATION_STATUS[state.operation.kind];
  if (state.lifecycle === 'trashed') return 'trashed';
  return state.update === null ? 'active' : 'updating';
};

/**
 * The operations under way or waiting for somebody, for tasks.
 *
 * @example
 * import { noVolume, runningOperations, type OperationId } from '@blockledger/domain';
 * runningOperations({ ...noVolume, operation: { operationId: '0b9d7a3e-0000-4000-8000-000000000002' as OperationId, kind: 'undelete', stage: 'looking' } }); // => ['0b9d7a3e-0000-4000-8000-000000000002']
 */
export const runningOperations = (state: VolumeState): readonly string[] => [
  ...(state.operation === null ? [] : [state.operation.operationId]),
  ...(state.update === null || state.update.operationId === state.operation?.operationId ? [] : [state.update.operationId]),
  ...(state.volume === null ? [] : attachmentOperations(state.volume)),
];

/**
 * How the caller of an operation is answered while its reservations are made.
 *
 * @example
 * import { answerOfVolume, noVolume } from '@blockledger/domain';
 * answerOfVolume(noVolume, '0b9d7a3e-0000-4000-8000-000000000002'); // => 'accepted'
 */
export const answerOfVolume = (state: VolumeState, operationId: string): StoredRefusal | 'pending' | 'accepted' => {
  const refused = state.refused.find((entry) => entry.operationId === operationId);
  if (refused !== undefined) return refused.refusal;
  const { operation, update, volume } = state;
  const stage = operation !== null && operation.operationId === operationId && 'stage' in operation ? operation.stage : null;
  const waits = stage === 'reserving' || stage === 'closing' || stage === 'purging';
  const updating = update?.operationId === operationId && update.stage === 'reserving';
  const untold = volume?.slots.some((slot) => slot.operationId === operationId && !slot.told) === true;
  const asking = Object.values(volume?.attachments ?? {}).some((one) => one.operationId === operationId && one.stage === 'connecting' && one.connection?.link === 'asking');
  return waits || updating || untold || asking ? 'pending' : 'accepted';
};
