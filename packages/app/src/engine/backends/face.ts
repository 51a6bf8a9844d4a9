/** Pausing and resuming backends, as methods of the library face. */
import type { Refusal } from '@blockledger/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { BackendQueries } from '../../queries/backends.ts';
import type { BackendView } from '../../queries/views.ts';
import type { Callers } from '../commands/callers.ts';
import type { BackendVerbs } from '../controlPlane.ts';
import { refuseEngine } from '../refusals.ts';
import type { RequestOptions } from '../requests.ts';

export interface BackendFaceParts {
  readonly callers: Pick<Callers, 'carry'>;
  readonly backends: BackendQueries;
  readonly closing: AbortSignal;
}

export const makeBackendVerbs = ({ callers, backends, closing }: BackendFaceParts): BackendVerbs => {
  const carry = async (request: { readonly do: string; readonly backend: string }, command: object, options: RequestOptions = {}): Promise<E.Either<Refusal, BackendView>> => {
    if (closing.aborted) return E.left(refuseEngine('PlaneIsClosed', 'the control plane was closed'));
    const name = request.backend;
    const carried = await callers.carry({ request, address: () => E.right({ to: 'backend', command: { ...command, backend: name }, resource: { kind: 'backend', id: name } }) }, options);
    if (E.isLeft(carried)) return carried;
    return E.fromNullable(refuseEngine('BackendIsUnknown', `there is no backend named "${name}"`, { value: name }))(backends.get(name));
  };

  return {
    pauseBackend: (name, input, options) => carry({ do: 'pauseBackend', backend: name, ...input }, { ...input, type: 'PauseBackend' }, options),
    resumeBackend: (name, options) => carry({ do: 'resumeBackend', backend: name }, { type: 'ResumeBackend' }, options),
  };
};
