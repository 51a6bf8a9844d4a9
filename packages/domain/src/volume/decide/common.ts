/** What the decisions of a volume share. */
import * as E from 'fp-ts/lib/Either.js';
import type { CommandMeta } from '../../kernel/envelope.ts';
import { operationOf } from '../../kernel/ids.ts';
import { refuseVolume, type VolumeRefusal } from '../errors.ts';
import type { VolumeFacts } from '../facts.ts';
import type { VolumeEvent } from '../messages.ts';
import type { Existing } from '../rules.ts';
import type { VolumeState } from '../state.ts';

export type Decision = E.Either<VolumeRefusal, readonly VolumeEvent[]>;

/** A case to decide: the state, who asks when, and the facts. */
export interface Case {
  readonly state: VolumeState;
  readonly meta: CommandMeta;
  readonly facts: VolumeFacts;
}

export const accept = (...events: readonly VolumeEvent[]): Decision => E.right(events);

/** The operation that this command begins, and its moment. */
export const begun = (meta: CommandMeta) => ({ operationId: operationOf(meta.commandId), at: meta.issuedAt });

/** Refuses, or goes on. */
export const unless = (refusal: VolumeRefusal | undefined, otherwise: () => Decision): Decision => (refusal === undefined ? otherwise() : E.left(refusal));

/** A volume that exists in some form: being created, active, or in the trash. */
export const existing = (state: VolumeState, volumeId: string): E.Either<VolumeRefusal, Existing> =>
  state.volume === null || state.lifecycle === 'deleted' || state.lifecycle === 'refused' || state.lifecycle === 'disowned'
    ? E.left(refuseVolume('VolumeNotFound', `there is no volume ${volumeId}`, { value: volumeId }))
    : E.right({ state, volume: state.volume });
