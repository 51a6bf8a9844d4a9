/** Folds giving an operation up: what it left behind is cleaned away or looked at, never guessed. */
import { inNewRound } from '../../kernel/troubles.ts';
import type { Of } from '../../kernel/tagged.ts';
import type { VolumeEvent } from '../messages.ts';
import type { VolumeState } from '../state.ts';
import { migrationUndone } from './migration.ts';
import { beginOperation, bringBack, endOperation, reopened, undoReservations } from './common.ts';

type Abandoned = Of<VolumeEvent, 'OperationAbandoned'>;

/**
 * An update that has only reserved so far is undone. Of one whose settings failed nobody knows what stands on the backend: it is looked at,
 * and only where not even that is possible the log's word counts.
 */
const withoutUpdate = (state: VolumeState, { operationId }: Abandoned): VolumeState => {
  const { update } = state;
  if (update?.operationId !== operationId) return state;
  if (update.stage === 'reserving') return { ...undoReservations(state, update), update: null };
  return update.stage === 'applying' && update.settling ? { ...state, update: { ...update, stage: 'looking' } } : { ...state, update: null };
};

export const abandoned = (state: VolumeState, event: Abandoned): VolumeState => {
  const { operationId } = event;
  const calm: VolumeState = { ...state, troubles: inNewRound(state.troubles, operationId) };
  const { operation } = calm;
  if (operation?.operationId !== operationId) return withoutUpdate(calm, event);
  switch (operation.kind) {
    case 'create':
      /** What stood there before, adopted or recovered, is let go; what was made is removed. */
      return operation.backendName === null && !operation.recovered
        ? beginOperation(calm, { operationId, kind: 'delete', stage: 'removing', retainMs: null, trashed: false, replaced: null })
        : beginOperation(calm, { operationId, kind: 'disown', stage: 'disowning' });
    case 'resize':
      return operation.stage === 'reserving' ? withoutUpdate(endOperation(calm, operationId), event) : { ...calm, operation: { ...operation, stage: 'looking' } };
    case 'flatten':
      return { ...calm, operation: { ...operation, stage: 'looking' } };
    case 'migrate':
      return operation.stage === 'reserving' ? migrationUndone(endOperation(calm, operationId), operation) : { ...calm, operation: { ...operation, stage: 'aborting' } };
    case 'delete':
      /** It may be in the trash already: taking it out again does nothing where it is not. */
      if (operation.stage === 'trashing') return beginOperation(calm, { operationId, kind: 'undelete', stage: 'restoring' });
      return bringBack(reopened(endOperation(calm, operationId), operationId), operation.replaced);
    case 'rollBack':
      return endOperation(calm, operationId);
    case 'undelete':
    case 'disown':
      /** It may have come out of the trash, or have lost its marks, all the same. Where not even looking is possible the log's word counts. */
      return operation.stage === 'looking' ? endOperation(calm, operationId) : { ...calm, operation: { ...operation, stage: 'looking' } };
  }
};
