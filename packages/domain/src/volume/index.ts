/** Volumes: create, clone, resize, QoS, flatten, roll back, delete; the owner of snapshot slots, mappings, attachments and its one operation. */
import type { Decider } from '../kernel/decider.ts';
import { settlementOf } from '../kernel/settlement.ts';
import type { DomainCommand } from '../messages.ts';
import { decideVolume } from './decide.ts';
import type { VolumeRefusal } from './errors.ts';
import { evolveVolume } from './evolve.ts';
import type { VolumeFacts } from './facts.ts';
import { VolumeCommand, VolumeEvent, volumeStream } from './messages.ts';
import { noVolume, type VolumeState } from './state.ts';
import { answerOfVolume } from './status.ts';
import { owedByVolume } from './work.ts';

export { initiatorCodes } from './decide/attachmentRules.ts';
export * from './decide.ts';
export * from './errors.ts';
export * from './evolve.ts';
export * from './facts.ts';
export * from './limits.ts';
export * from './messages.ts';
export * from './state.ts';
export * from './status.ts';
export { identityOf, owedByVolume, refOf } from './work.ts';

/**
 * The volume as a decider: its messages, `decideVolume`, `evolveVolume` and `owedByVolume`.
 *
 * @example
 * import { volume } from '@blockledger/domain';
 * volume.owed(volume.initial).length; // => 0
 */
export const volume: Decider<VolumeState, VolumeCommand, VolumeEvent, VolumeFacts, VolumeRefusal, DomainCommand> = {
  name: 'volume',
  foldVersion: 5,
  initial: noVolume,
  command: VolumeCommand,
  event: VolumeEvent,
  streamOf: (command) => volumeStream(command.volumeId),
  decide: decideVolume,
  evolve: evolveVolume,
  owed: owedByVolume,
  settle: (state, work, outcome) => (state.volume === null ? undefined : { ...settlementOf(work.workId, outcome), volumeId: state.volume.volumeId }),
  reply: () => ({}),
  answer: answerOfVolume,
};
