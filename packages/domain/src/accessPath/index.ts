/** Access paths: targets on hosts, the volumes that client groups see by them, CHAP, and the virtual IPs that they are offered on. */
import type { Decider } from '../kernel/decider.ts';
import { settlementOf } from '../kernel/settlement.ts';
import type { DomainCommand } from '../messages.ts';
import { decideAccessPath } from './decide.ts';
import type { AccessPathRefusal } from './errors.ts';
import { evolveAccessPath } from './evolve.ts';
import type { AccessPathDecisionFacts } from './facts.ts';
import { AccessPathCommand, AccessPathEvent, accessPathStream } from './messages.ts';
import { noAccessPath, type AccessPathState } from './state.ts';
import { owedByAccessPath } from './work.ts';

export * from './decide.ts';
export * from './errors.ts';
export * from './evolve.ts';
export * from './facts.ts';
export { DEFAULT_IQN_PREFIX, ISCSI_PORT, LUN_REST_MS, MAX_MAPPING_GROUPS, MAX_TARGET_HOSTS, MAX_VIP_GROUPS, MAX_VOLUMES_AT_ONCE } from './limits.ts';
export * from './messages.ts';
export * from './state.ts';
export { targetRefOf, wantedTargets, type WantedTarget } from './targets.ts';
export * from './wanted.ts';
export { owedByAccessPath } from './work.ts';

/** The access path as a decider: its messages, `decideAccessPath`, `evolveAccessPath` and `owedByAccessPath`. */
export const accessPath: Decider<AccessPathState, AccessPathCommand, AccessPathEvent, AccessPathDecisionFacts, AccessPathRefusal, DomainCommand> = {
  name: 'accessPath',
  foldVersion: 5,
  initial: noAccessPath,
  command: AccessPathCommand,
  event: AccessPathEvent,
  streamOf: (command) => accessPathStream(command.accessPathId),
  decide: decideAccessPath,
  evolve: evolveAccessPath,
  owed: owedByAccessPath,
  settle: (state, work, outcome) => (state.path === null ? undefined : { ...settlementOf(work.workId, outcome), accessPathId: state.path.accessPathId }),
  reply: () => ({}),
  answer: (state, operationId) => {
    const refused = state.refused.find((entry) => entry.operationId === operationId);
    if (refused !== undefined) return refused.refusal;
    const isAsking =
      (state.lifecycle === 'creating' && state.path?.number === null && state.operations.some((operation) => operation.operationId === operationId)) ||
      state.rename?.operationId === operationId ||
      state.path?.hosts.some((host) => host.operationId === operationId && host.stage === 'joining') === true ||
      state.path?.groups.some((group) => (group.operationId === operationId && group.stage === 'joining') || group.luns.some((lun) => lun.operationId === operationId && lun.stage === 'reserving')) === true;
    return isAsking ? 'pending' : 'accepted';
  },
};
