/** Folds giving an operation up: what it left behind is cleaned away or looked at, never guessed. */
import { inNewRound } from '../../kernel/troubles.ts';
import type { Of } from '../../kernel/tagged.ts';
import type { VolumeEvent } from '../messages.ts';
import type { VolumeState } from '../state.ts';
import { beginOperation, bringBack, endOperation, reopened, undoReservations } from './common.ts';

export const abandoned = (state: VolumeState, event: Of<VolumeEvent, 'OperationAbandoned'>): VolumeState => {
  const { operationId } = event;
  const calm: VolumeState = { ...state, troubles: inNewRound(state.troubles, operationId) };
  const { operation, update } = calm;
  /** An update that has only reserved so far is undone; one that was reserved is in the log already. */
  const withoutUpdate = (from: VolumeState): VolumeState =>
    update?.operationId !== operationId ? from : { ...(update.stage === 'reserving' ? undoReservations(from, update) : from), update: null };
  if (operation?.operationId !== operationId) return withoutUpdate(calm);
  switch (operation.kind) {
    case 'create':
      /** What stood there before, adopted or recovered, is let go; what was made is removed. */
      return operation.backendName === null && !operation.recovered
        ? beginOperation(calm, { operationId, kind: 'delete', stage: 'removing', retainMs: null, trashed: false, replaced: null })
        : beginOperation(calm, { operationId, kind: 'disown' });
    case 'resize':
      return operation.stage === 'reserving' ? withoutUpdate(endOperation(calm, operationId)) : { ...calm, operation: { ...operation, stage: 'looking' } };
    case 'flatten':
      return { ...calm, operation: { ...operation, stage: 'looking' } };
    case 'delete':
      /** It may be in the trash already: taking it out again does nothing where it is not. */
      if (operation.stage === 'trashing') return beginOperation(calm, { operationId, kind: 'undelete' });
      return bringBack(reopened(endOperation(calm, operationId), operationId), operation.replaced);
    case 'rollBack':
    case 'undelete':
    case 'disown':
      return endOperation(calm, operationId);
  }
};
