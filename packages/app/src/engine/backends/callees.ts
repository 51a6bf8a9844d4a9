/** Whom a piece of owed work calls: a block backend, a target backend, or one of virtual IPs; from here on all are called alike. */
import { placeOf, type CallContext, type CallResult, type LunSource, type Perform, type PlannedStep, type PortError, type TargetCallContext, type VolumeRef } from '@blockledger/domain';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Engine } from '../parts.ts';

/** One call, ready to be made. */
export interface Callee {
  /** `rbd`, `xdc`, `keepalived`. */
  readonly kind: string;
  /** For so long after its outcome became unknown the effect may still land, in ms. */
  readonly lateEffectsMs: number;
  readonly call: (context: CallContext) => TaskEither<PortError, CallResult>;
  readonly plan: () => readonly PlannedStep[];
}

export interface Callees {
  /** Undefined where this process has no such backend. */
  readonly of: (work: Perform) => Callee | undefined;
}

type CalleeParts = Pick<Engine, 'backends' | 'targets' | 'vips' | 'secrets'>;

const secretError = (why: string): PortError => ({ _tag: 'Retryable', code: 'SecretUnavailable', message: why, outcomeUnknown: false });
const secretMissing: PortError = { _tag: 'Permanent', code: 'SecretMissing', message: 'the secret store does not have a secret that the log names: set it again' };

const secretOf =
  ({ secrets }: CalleeParts): TargetCallContext['secret'] =>
  (ref) =>
    pipe(
      secrets.get(ref),
      TE.mapLeft(({ message }) => secretError(message)),
      TE.chain((found) => (found === undefined ? TE.left(secretMissing) : TE.right(found))),
    );

/** How a host opens a volume; undefined where the volume's backend is absent or cannot be opened by others. */
export const sourceOf =
  ({ backends }: Pick<Engine, 'backends'>) =>
  (volume: VolumeRef): LunSource | undefined =>
    backends.get(volume.placement.backend)?.sourceOf?.(volume);

export const makeCallees = (parts: CalleeParts, installationId: string): Callees => ({
  of: (work) => {
    const { backend: name } = placeOf(work);
    switch (work.on) {
      case 'block': {
        const backend = parts.backends.get(name);
        if (backend === undefined) return undefined;
        const { action } = work;
        return { kind: backend.kind, lateEffectsMs: backend.lateEffectsMs ?? 0, call: (context) => backend.perform(action, context), plan: () => backend.plan(action, installationId) };
      }
      case 'target': {
        const backend = parts.targets.get(name);
        if (backend === undefined) return undefined;
        const { action } = work;
        const more = { secret: secretOf(parts), sourceOf: sourceOf(parts) };
        return { kind: backend.kind, lateEffectsMs: backend.lateEffectsMs ?? 0, call: (context) => backend.perform(action, { ...context, ...more }), plan: () => backend.plan(action) };
      }
      case 'vip': {
        const backend = parts.vips.get(name);
        if (backend === undefined) return undefined;
        const { action } = work;
        return { kind: backend.kind, lateEffectsMs: backend.lateEffectsMs ?? 0, call: (context) => backend.perform(action, context), plan: () => backend.plan(action) };
      }
    }
  },
});
