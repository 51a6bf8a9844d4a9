/** Folds giving an operation up: what it left behind is cleaned away or looked at, never guessed. */
import { inNewRound } from '../../kernel/troubles.ts';
import type { Of } from '../../kernel/tagged.ts';
import type { VolumeEvent } from '../messages.ts';
import type { VolumeState } from '../state.ts';
import { tellSnapshots } from '../tells.ts';
import { beginOperation, endOperation, owe } from './common.ts';

export const abandoned = (state: VolumeState, event: Of<VolumeEvent, 'OperationAbandoned'>): VolumeState => {
  const { operationId } = event;
  const calm: VolumeState = { ...state, troubles: inNewRound(state.troubles, operationId) };
  const { operation, update } = calm;
  if (operation?.operationId !== operationId) return update?.operationId === operationId ? { ...calm, update: null } : calm;
  switch (operation.kind) {
    case 'create':
      /** What was adopted is let go, what was made is removed. */
      return operation.backendName === null
        ? beginOperation(calm, { operationId, kind: 'delete', stage: 'removing', retainMs: null, trashed: false })
        : beginOperation(calm, { operationId, kind: 'disown' });
    case 'resize':
      return { ...calm, operation: { ...operation, stage: 'looking' } };
    case 'flatten':
      return { ...calm, operation: { ...operation, stage: 'looking' } };
    case 'delete':
      return owe(endOperation(calm, operationId), operationId, 'reopen', (volume) => tellSnapshots(volume, 'ReopenSnapshot', operationId));
    case 'rollBack':
    case 'undelete':
    case 'disown':
      return endOperation(calm, operationId);
  }
};
